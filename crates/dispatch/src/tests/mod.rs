//! Use cases on a SQLite store of their own. The same stories run on PostgreSQL through the real server in `tests/`.

mod answers;
mod asking;
mod askings;
mod board;
mod builders;
mod claims;
mod demands;
mod explanations;
mod imports;
mod invariants;
mod life;
mod live;
mod memory;
mod noes;
mod offers;
mod outlooks;
mod planned_asks;
mod plans;
mod quotes;
mod roster;
mod second_looks;
mod tiles;
