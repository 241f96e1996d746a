//! Every conformance case on SQLite and on PostgreSQL.
