"""Paperclipper: clip papers from the Daily Papers digest, find them by any word, take them away as Markdown.

The rooms of this package, and the one direction in which they may import each other, are drawn in CONTRIBUTING.md;
tests/test_layout.py holds them.
"""

from importlib.metadata import version

__version__ = version("paperclipper")
