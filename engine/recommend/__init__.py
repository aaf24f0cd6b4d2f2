"""What to read next: related articles, hot lists, articles under a tag."""
