"""The store: one database, the source of truth. It takes and returns model objects, never rows."""
