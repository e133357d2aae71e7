"""What a person can ask for, one file per verb family. Must not know of Flask, SQL or Whoosh."""
