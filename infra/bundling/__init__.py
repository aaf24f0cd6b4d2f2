"""How the folder that SAM uploads is made: install, trim, compile, archive, measure."""
