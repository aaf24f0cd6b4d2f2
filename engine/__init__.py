"""What both buildings stand on: analysis, stores, the index, search and recommendation."""
