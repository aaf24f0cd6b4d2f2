"""Is this index good enough to replace the one that is being served?"""
