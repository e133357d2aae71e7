"""Bulk edits, and undoing actions."""
