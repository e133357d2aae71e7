"""Text as it appears in papers and notes: abstracts, Markdown, formulas, quotes, differences. Pure."""
