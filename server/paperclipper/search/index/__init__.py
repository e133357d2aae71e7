"""The index of one library: its protocol, its implementation, and its comparison with the store."""
