"""Pages of the digest and of arXiv with invented papers, built with the markup of the sites.

They have what real pages have and readers must handle: hidden authors, hard line breaks, comments between
texts, doubled cards, lists without data, old and new forms of the data. Each page hydrates itself shortly
after `load`, as Svelte does, and rebuilds its content (`html[data-island="rebuilt"]`) if anything was added
before. The pages make no requests.

Use `build(name)` in tests, or run `python -m digest_pages NAME` in the folder of the tests.
"""

from digest_pages.pages import arxiv, build, day, empty_day, paper_page, stale
from digest_pages.papers import DAY, PAPERS, item, items, paper_id

__all__ = [
    "DAY",
    "PAPERS",
    "arxiv",
    "build",
    "day",
    "empty_day",
    "item",
    "items",
    "paper_id",
    "paper_page",
    "stale",
]
