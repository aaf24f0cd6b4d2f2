"""Which weights answer judged queries best, on sets that they were not chosen on too?"""
