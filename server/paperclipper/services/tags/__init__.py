"""Tagging papers, and renaming, merging and removing tags."""
