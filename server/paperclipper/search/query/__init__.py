"""From the text of a query to a plan that any index can evaluate. Must not know the index."""
