"""Evaluates a plan on arrays: which papers match, how well, and the counts of facets."""
