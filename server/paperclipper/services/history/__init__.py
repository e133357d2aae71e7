"""The feed of changes that clients follow."""
