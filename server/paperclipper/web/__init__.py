"""The HTTP interface: parses requests, calls one service each and builds responses. No SQL, no Whoosh."""
