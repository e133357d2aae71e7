"""Paperclipper: clip papers from the Daily Papers digest, find them by any word, export them as Markdown.

The layers of this package and the direction of their imports are described in CONTRIBUTING.md and enforced by
tests/test_layout.py.
"""

from importlib.metadata import version

__version__ = version("paperclipper")
