"""The use cases, by noun. No Flask, SQL or Whoosh here."""
