//! The engines of a run and how each is started. Every one plans with one thread, unless keikka is asked for more.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::options::{Options, Peer};
use super::tools::Tools;
use crate::process;

/// Most volunteers for the peers in Python: above, their model alone takes minutes and gigabytes.
const GREEDY_MAX: u32 = 2_500;
const VROOM_MAX: u32 = 2_500;
const OR_TOOLS_MAX: u32 = 1_250;
/// What a peer may use beside its limit: reading, modelling, mending, on a busy machine.
const SPARE_SECONDS: u64 = 300;

/// An engine with its setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Engine {
    /// keikka with a budget.
    Keikka(Duration),
    /// The floor.
    Greedy,
    /// VROOM with a depth of search.
    Vroom(u8),
    /// OR-Tools until its limit.
    OrTools,
}

impl Engine {
    /// The engines for a week of so many volunteers, keikka first.
    pub(super) fn all(options: &Options, volunteers: u32) -> Vec<Self> {
        let mut all: Vec<Self> = options.budgets.iter().map(|budget| Engine::Keikka(*budget)).collect();
        if volunteers <= GREEDY_MAX {
            all.push(Engine::Greedy);
        }
        if options.peers.contains(&Peer::Vroom) && volunteers <= VROOM_MAX {
            all.extend([Engine::Vroom(0), Engine::Vroom(5)]);
        }
        if options.peers.contains(&Peer::OrTools) && volunteers <= OR_TOOLS_MAX {
            all.push(Engine::OrTools);
        }
        all
    }

    /// The command that writes `plan` for `week` and the seconds after which it is killed, or why there is none.
    pub(super) fn command<'a>(
        self,
        options: &Options,
        tools: &'a Tools,
        week: &Path,
        plan: &Path,
    ) -> Result<(Command, u64), &'a str> {
        let limit = options.peer_seconds.to_string();
        let peer = |script: &str, words: &[&str]| {
            let mut command = process::command(tools.peers()?, &[]);
            command.arg(Tools::script(script)).arg(week).arg(plan).args(words);
            Ok((command, options.peer_seconds + SPARE_SECONDS))
        };
        match self {
            Engine::Keikka(budget) => {
                let mut command = process::command(&tools.keikka, &["solve"]);
                command.arg(week).arg("--out").arg(plan).arg("--budget").arg(format!("{}ms", budget.as_millis()));
                command.arg("--threads").arg(options.threads.to_string());
                Ok((command, budget.as_secs() + SPARE_SECONDS))
            }
            Engine::Greedy => {
                let mut command = tools.python();
                command.arg(Tools::script("greedy_peer.py")).arg(week).arg(plan);
                Ok((command, SPARE_SECONDS))
            }
            // Without search it ends by itself; stopped before that, it answers nothing.
            Engine::Vroom(0) => peer("vroom_peer.py", &["--explore", "0"]),
            Engine::Vroom(depth) => peer("vroom_peer.py", &["--explore", &depth.to_string(), "--seconds", &limit]),
            Engine::OrTools => peer("ortools_peer.py", &["--seconds", &limit]),
        }
    }

    /// The engine whatever its setting.
    pub(super) fn family(self) -> &'static str {
        match self {
            Engine::Keikka(_) => "keikka",
            Engine::Greedy => "greedy",
            Engine::Vroom(_) => "VROOM",
            Engine::OrTools => "OR-Tools",
        }
    }

    /// Whether this is keikka.
    pub(super) fn is_ours(self) -> bool {
        matches!(self, Engine::Keikka(_))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Engine::Keikka(budget) if budget.subsec_millis() > 0 => write!(out, "keikka, {} ms", budget.as_millis()),
            Engine::Keikka(budget) => write!(out, "keikka, {} s", budget.as_secs()),
            Engine::Greedy => out.write_str("greedy"),
            Engine::Vroom(depth) => write!(out, "VROOM -x {depth}"),
            Engine::OrTools => out.write_str("OR-Tools"),
        }
    }
}
