//! Exit codes: one meaning each, documented in `keikka help exit-codes`.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done.
    Done,
    /// It failed.
    Failed,
    /// The command line or the input is wrong.
    Usage,
    /// Done, with findings; only with `--exit-code`.
    Findings,
    /// Not signed in, or not allowed.
    NotAllowed,
    /// The server is unreachable, or too slow.
    Unreachable,
    /// Interrupted by the user.
    Interrupted,
}

impl Exit {
    /// All exits, in the order of their codes.
    pub(crate) const ALL: [Exit; 7] =
        [Exit::Done, Exit::Failed, Exit::Usage, Exit::Findings, Exit::NotAllowed, Exit::Unreachable, Exit::Interrupted];

    /// The code that the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Findings => 3,
            Exit::NotAllowed => 4,
            Exit::Unreachable => 5,
            Exit::Interrupted => 130,
        }
    }

    /// What the code means, for the help.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Exit::Done => "done",
            Exit::Failed => "failed: the server refused, or something broke on the way",
            Exit::Usage => {
                "usage: an unknown or missing command or flag (--yes where nobody can be asked), a malformed value"
            }
            Exit::Findings => "done, with findings (open gigs, changes, problems in a file); only with --exit-code",
            Exit::NotAllowed => "not signed in, or not allowed",
            Exit::Unreachable => "the server is unreachable, or too slow",
            Exit::Interrupted => "interrupted (Ctrl-C)",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_documented_ones() {
        assert_eq!(Exit::ALL.map(Exit::code), [0, 1, 2, 3, 4, 5, 130]);
    }
}
