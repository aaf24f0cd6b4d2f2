"""The stores of the store suite's contract, for what is kept in them."""

from store_fixtures import open_again, s3_options, store

__all__ = ["open_again", "s3_options", "store"]
