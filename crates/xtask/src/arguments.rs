//! The command line, parsed by hand: a dozen words do not earn a dependency that takes longer to build than the chore.

use anyhow::{Result, anyhow, bail};

use crate::bench;

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
cargo xtask COMMAND

  setup [--for demo|test]   install what this machine lacks to build, run or test (Debian)
  demo [ARGS..]             set up, build the release, run `keikka demo ARGS..`
  test                      set up, then format, tidy, clippy, buf and every test on SQLite and PostgreSQL
       --quick              without the slow test programs: format, tidy, clippy, unit tests
       --profile full       the large sizes of the slow suites (CI runs the small ones)
       --only STEP          one step: fmt, tidy, clippy, deny, buf, deploy, build, tests
  lint                      format, tidy, clippy
  tidy                      the rules of the house that no compiler checks
  bench                     measure keikka and its peers in one run and rewrite docs/benchmarks.md with ratios and pictures
       --quick              tiny weeks, nothing to install, into target/bench/quick
       --size LIST          weeks to plan: 120x150, busy:300x1200, nation:100000x120000
       --seeds LIST         seeds of each week (1,2,3)
       --week [SIZE=]FILE   a week made elsewhere, in the neutral format, held against the target of a size
       --budgets LIST       keikka's time for each week (1s,10s,60s)
       --threads N          keikka's threads (1); peers have one
       --peers LIST         vroom, ortools, postgis, or none
       --peer-seconds N     limit of a peer that does not end by itself (60)
       --only LIST          plans, rematch, quote, online, instructions
       --online LIST        volunteers to ask over gRPC (5000,1000000)
       --out FOLDER         where benchmarks.md and its pictures go (docs)
       --accept             keep the counted instructions as those to compare with
  simulate                  ninety days of offers under six policies, into docs/benchmarks.md with intervals and pictures
       --seeds N            worlds 1 to N (30)
       --days N             days in each (90)
       --policies LIST      broadcast, ring-then-all, one-by-one, nearest-five, waves-of-two, paced
       --out FOLDER         where benchmarks.md and its pictures go (docs)
  postgres start|url|stop   a throw-away PostgreSQL for development, kept in the target folder until `stop`
";

/// One parsed command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Setup(Purpose),
    Demo(Vec<String>),
    Test(TestOptions),
    Lint,
    Tidy,
    Bench(Box<bench::Options>),
    Simulate(bench::simulate::Options),
    Postgres(PostgresAction),
}

/// What a machine is being prepared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Building and running the release.
    Demo,
    /// Everything the tests need on top of that.
    Test,
}

/// How much of the suite to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TestOptions {
    pub(crate) quick: bool,
    pub(crate) full: bool,
    pub(crate) only: Option<String>,
}

/// What to do with a throw-away PostgreSQL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PostgresAction {
    Start,
    Stop,
    Url,
    /// Internal: waits until its standard input closes, then stops and removes the cluster in this folder.
    Guard(String),
}

/// Reads the words after `cargo xtask`.
pub(crate) fn parse(words: &[String]) -> Result<Command> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Ok(match words.as_slice() {
        [] | ["help" | "--help" | "-h"] => Command::Help,
        ["setup"] => Command::Setup(Purpose::Test),
        ["setup", "--for", "demo"] => Command::Setup(Purpose::Demo),
        ["setup", "--for", "test"] => Command::Setup(Purpose::Test),
        ["demo", rest @ ..] => Command::Demo(rest.iter().map(|word| (*word).to_owned()).collect()),
        ["test", rest @ ..] => Command::Test(test_options(rest)?),
        ["lint"] => Command::Lint,
        ["tidy"] => Command::Tidy,
        ["bench", rest @ ..] => {
            Command::Bench(Box::new(bench::parse(rest).map_err(|error| anyhow!("{error:#}\n\n{HELP}"))?))
        }
        ["simulate", rest @ ..] => {
            Command::Simulate(bench::simulate::parse(rest).map_err(|error| anyhow!("{error:#}\n\n{HELP}"))?)
        }
        ["postgres", "start"] => Command::Postgres(PostgresAction::Start),
        ["postgres", "stop"] => Command::Postgres(PostgresAction::Stop),
        ["postgres", "url"] => Command::Postgres(PostgresAction::Url),
        ["postgres", "guard", folder] => Command::Postgres(PostgresAction::Guard((*folder).to_owned())),
        other => bail!("unknown command: {}\n\n{HELP}", other.join(" ")),
    })
}

fn test_options(words: &[&str]) -> Result<TestOptions> {
    let mut options = TestOptions::default();
    let mut rest = words;
    loop {
        rest = match rest {
            [] => return Ok(options),
            ["--quick", tail @ ..] => {
                options.quick = true;
                tail
            }
            ["--profile", size @ ("small" | "full"), tail @ ..] => {
                options.full = *size == "full";
                tail
            }
            ["--only", step, tail @ ..] => {
                options.only = Some((*step).to_owned());
                tail
            }
            other => bail!("unknown test option: {}\n\n{HELP}", other.join(" ")),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn test_options_combine_in_any_order() {
        let expected = Command::Test(TestOptions { quick: false, full: true, only: Some("tests".to_owned()) });
        assert_eq!(parsed("test --only tests --profile full").unwrap(), expected);
        assert_eq!(parsed("test --profile full --only tests").unwrap(), expected);
    }

    #[test]
    fn unknown_words_are_named() {
        for line in ["tset", "test --fast", "postgres restart", "setup --for war", "test --only"] {
            let text = parsed(line).unwrap_err().to_string();
            assert!(text.contains("unknown"), "{line}: {text}");
        }
    }

    #[test]
    fn demo_passes_its_arguments_on() {
        assert_eq!(parsed("demo --keep").unwrap(), Command::Demo(vec!["--keep".to_owned()]));
    }
}
