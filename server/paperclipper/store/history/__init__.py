"""What changed and what was there before."""
