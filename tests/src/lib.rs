//! What the end-to-end tests share: the program as a user has it, services to talk to, weeks to solve.

pub mod binary;
pub mod buf;
pub mod calendar;
pub mod desk;
pub mod dev_server;
pub mod engines;
pub mod example;
pub mod importing;
pub mod letterbox;
pub mod osrm;
pub mod planning;
pub mod play;
pub mod raw;
pub mod referee;
pub mod refused;
pub mod service;
pub mod size;
pub mod strangers;
pub mod tally;
pub mod test_server;
pub mod town;
pub mod town_desk;
pub mod visitor;
pub mod watching;
pub mod weeks;
