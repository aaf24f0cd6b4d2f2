"""Ship the words people edit: domain terms, synonyms, stop words, blocked words."""
