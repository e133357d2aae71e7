"""Searching the library, and keeping its index up to date."""
