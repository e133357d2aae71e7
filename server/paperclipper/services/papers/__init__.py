"""Clipping, looking up, editing and merging papers."""
