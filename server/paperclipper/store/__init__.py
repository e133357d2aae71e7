"""The store: a single database, the source of truth. It takes and returns model objects, not rows."""
