"""One search engine a file, each set up as somebody who knows it would set it up for Chinese articles."""
