"""What is in this index, and what changed since the last one, for people to look at?"""
