"""Markdown files of papers, with front matter for Obsidian. Pure."""
