"""Posting lists and term dictionaries as arrays, in memory and in segment files."""
