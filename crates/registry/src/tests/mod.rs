//! Use cases on a SQLite store of their own. The same stories run on PostgreSQL through the real server in `tests/`.

mod builders;
mod catalogue;
mod headings;
mod import_seekers;
mod import_volunteers;
mod people;
mod verbs;
