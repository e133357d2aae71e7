"""The pages of a paper, and adding papers by link."""
