"""Searches the library and keeps its index up to date."""
