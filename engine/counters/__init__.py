"""What readers did: views, clicks and searches, each counted once."""
