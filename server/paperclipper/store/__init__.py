"""The truth: one database. Takes and returns model objects; its tables are private. Must not know of search."""
