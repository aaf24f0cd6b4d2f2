"""Text -> terms, the same way for articles and queries."""
