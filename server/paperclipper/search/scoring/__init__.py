"""Evaluates a plan on arrays: which papers match, how well, and what is counted over all matches."""
