"""Text in papers and notes: abstracts, Markdown, formulas, quotes and differences. Pure."""
