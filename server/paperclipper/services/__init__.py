"""The application's use cases, grouped by subject. Independent of Flask, SQL and Whoosh."""
