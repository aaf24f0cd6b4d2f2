"""Query text -> scored hits: plan, score, select, filter, count, highlight, suggest."""
