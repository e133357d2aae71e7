"""Text analysis: tokens, stems, acronyms and spelling. Pure; independent of papers, queries and Whoosh."""
