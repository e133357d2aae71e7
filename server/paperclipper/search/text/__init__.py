"""From text to words: tokens, stems, acronyms, spelling. Pure; must not know of papers, queries or Whoosh."""
