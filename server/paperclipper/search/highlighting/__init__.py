"""Finds and marks the matches of a query in the texts of papers."""
