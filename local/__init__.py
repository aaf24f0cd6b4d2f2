"""The whole service on one machine: command line and HTTP gateway."""
