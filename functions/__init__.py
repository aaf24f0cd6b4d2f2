"""Online: one thin file per Lambda entry point."""

from functions.late_modules import enter_late_modules

enter_late_modules()
