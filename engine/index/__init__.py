"""Arrays on disk: how an index is laid out, checked and memory-mapped."""
