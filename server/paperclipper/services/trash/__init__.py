"""The trash: trashing, restoring and purging."""
