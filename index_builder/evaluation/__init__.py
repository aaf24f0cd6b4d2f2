"""How good are the answers, measured against judgements?"""
