"""The database itself: connections, transactions, tables, migrations, and everything specific to SQLite."""
