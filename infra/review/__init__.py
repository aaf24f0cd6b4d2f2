"""What must hold of a deployed stack that scanners do not know, looked for in the translated template."""
