"""Clipping, finding, editing and merging papers."""
