"""From text to words: what is indexed, asked and marked. Pure; must not know of papers, queries or Whoosh."""
