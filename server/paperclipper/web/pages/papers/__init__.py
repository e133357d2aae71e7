"""The pages of one paper, and adding papers by link."""
