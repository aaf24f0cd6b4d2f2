"""Offline: article sources in, a verified index artifact out."""
