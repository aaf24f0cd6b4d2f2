"""Ours beside the engines that people would pick instead: `make bench`."""
