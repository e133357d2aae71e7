"""Parses queries and turns them into plans that any index can evaluate. Must not depend on the index."""
