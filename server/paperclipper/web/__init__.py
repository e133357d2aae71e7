"""HTTP in, HTTP out. Takes requests apart, calls one service, shapes the answer. Must not know of SQL or Whoosh."""
