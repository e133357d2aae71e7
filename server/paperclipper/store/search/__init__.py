"""What search stores in the database: the feed that an index follows, and rankings."""
