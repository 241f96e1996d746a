//! The edge: what stands between a socket and a use case. Limits, deadlines, admission, what went wrong on the way, and how it stops.

mod accept;
mod body;
mod call;
mod deadline;
mod detached;
mod drain;
mod gate;
mod preface;
mod route;
mod share;

pub(crate) use accept::{Acceptor, Peer, serve_connections};
pub(crate) use body::in_our_words;
pub(crate) use call::{Call, Held, Hold};
pub(crate) use detached::detached;
pub(crate) use drain::Drain;
pub(crate) use gate::{Gate, GateSettings};
pub(crate) use route::{Origins, public, web_origins};
