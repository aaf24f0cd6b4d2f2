"""What need not be worked out again: analysed articles by content."""
