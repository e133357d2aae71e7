"""A paper as a Markdown file with front matter, as Obsidian reads it. Pure."""
