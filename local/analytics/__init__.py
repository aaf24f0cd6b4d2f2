"""What do the counters tell the people who run the site?"""
