"""Processing the text of papers and notes: abstracts, Markdown, formulas, quotes and diffs. Pure."""
