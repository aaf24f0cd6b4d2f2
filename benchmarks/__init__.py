"""Speed, cold start, relevance and cost: each module prints a table."""
