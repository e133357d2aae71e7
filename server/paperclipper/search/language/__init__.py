"""From what is typed to what an index is to do. Must not know which index it is."""
