"""The library's page, which is the search page."""
