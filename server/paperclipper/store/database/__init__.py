"""The database itself: connections, transactions, tables, migrations. Everything specific to SQLite is here."""
