"""A paper as a Markdown file with front matter for Obsidian. Pure."""
