"""Bulk edits and the list of recent actions."""
