"""The database: connections, transactions, tables, migrations, and all SQLite-specific code."""
