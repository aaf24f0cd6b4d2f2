"""What changed since the snapshot: small live objects, and the overlay they make."""
