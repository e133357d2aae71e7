"""Postings and terms as arrays, in memory and in segment files."""
