//! What is told, when and how, and what comes back.

mod outbox;
mod words;
