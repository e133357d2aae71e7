"""Trashing and restoring papers, and purging them."""
