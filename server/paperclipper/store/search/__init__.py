"""What search keeps in the database: the feed that an index follows, and rankings."""
