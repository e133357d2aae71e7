"""Search data in the database: the index feed and stored rankings."""
