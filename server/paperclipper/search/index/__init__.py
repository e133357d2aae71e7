"""One library's index: what it promises, and how it keeps up with the store."""
