"""Where the words of a query occur in the texts of the papers found: marks and snippets."""
