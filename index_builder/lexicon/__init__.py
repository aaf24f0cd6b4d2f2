"""lexicon/ -> what the engine reads: dictionary, synonyms, stop words, pinyin."""
