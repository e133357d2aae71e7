"""Evaluates a plan with array operations: matching papers, their scores, and facet counts."""
