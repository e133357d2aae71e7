"""The library page, which is also the search page."""
