"""Bulk editing and the list of changes."""
