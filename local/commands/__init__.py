"""One file per `wenmai` command."""
