"""Finds and marks the words of a query in the texts of papers."""
