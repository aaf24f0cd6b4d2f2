"""Bytes by key with conditional writes, in a local folder or on S3."""
