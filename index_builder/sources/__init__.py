"""Where articles come from, and how outside data becomes valid `Article` records."""
