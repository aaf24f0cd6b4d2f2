"""The stores that the contract holds for."""

from store_fixtures import open_again, s3_options, store

__all__ = ["open_again", "s3_options", "store"]
