"""Online: one thin file per Lambda entry point."""
