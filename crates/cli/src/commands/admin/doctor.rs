//! `keikka admin doctor`: what is wrong, and what to do about it.

use clap::Args;
use serde_json::{Value, json};
use store::{Database, Engine, OpenOptions, SchemaState};

use crate::client::Client;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{Noun, Standard};
use crate::output::{Column, Report, Show, counted};

const COLUMNS: &[Column] = &[
    Column::new("check", "check", Show::Text),
    Column::new("result", "result", Show::Text),
    Column::new("what", "what", Show::Text).within(120),
    Column::new("next", "next", Show::Text).within(80),
];

/// Arguments of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka admin doctor --database sqlite://.keikka/dev/keikka.db")]
pub(crate) struct DoctorArgs {
    /// Look at this database too: sqlite://PATH or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL", env = "KEIKKA_DATABASE_URL", hide_env_values = true)]
    database: Option<String>,
}

/// One thing looked at.
struct Finding {
    check: &'static str,
    result: &'static str,
    what: String,
    next: Option<String>,
}

impl Finding {
    fn well(check: &'static str, what: impl Into<String>) -> Self {
        Self { check, result: "ok", what: what.into(), next: None }
    }

    fn ill(check: &'static str, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check, result: "problem", what: what.into(), next: Some(next.into()) }
    }

    fn json(&self) -> Value {
        json!({ "check": self.check, "result": self.result, "what": self.what, "next": self.next })
    }
}

/// Looks at everything and reports; ends with 1 if anything is wrong.
pub(super) async fn run(context: &Context, args: DoctorArgs) -> Result<Exit, Failure> {
    let mut findings = server(context).await;
    if let Some(url) = &args.database {
        findings.extend(database(url).await);
    }
    let entries: Vec<Value> = findings.iter().map(Finding::json).collect();
    context.print(&Report::list(json!({ "findings": entries }), &entries, COLUMNS))?;
    Ok(if findings.iter().all(|finding| finding.result != "problem") { Exit::Done } else { Exit::Failed })
}

async fn server(context: &Context) -> Vec<Finding> {
    let connection = context.connection();
    let mut findings = Vec::new();
    match (&connection.key_file, connection.credentials()) {
        (None, _) => findings.push(Finding {
            result: "none",
            ..Finding::well("key", "no key is given: only a server with --insecure answers")
        }),
        (Some(path), Ok(_)) => findings.push(Finding::well("key", format!("{} holds a key", path.display()))),
        (Some(_), Err(failure)) => findings.push(ill("key", &failure)),
    }
    let client = match Client::connect(&connection).await {
        Ok(client) => client,
        Err(failure) => {
            findings.push(ill("server", &failure));
            return findings;
        }
    };
    findings.push(Finding::well("server", format!("{} takes connections", connection.server)));
    let noun = Noun::of("network").expect("networks are in the table");
    match client.call("ask for networks", &noun.standard(Standard::List), json!({ "pageSize": 100 })).await {
        Ok(answer) => {
            let count = answer["networks"].as_array().map_or(0, Vec::len);
            findings
                .push(Finding::well("access", format!("the key is known and reaches {}", counted(count, "network"))));
        }
        Err(failure) => findings.push(ill("access", &failure)),
    }
    findings
}

fn ill(check: &'static str, failure: &Failure) -> Finding {
    let what = failure.why.as_ref().map_or_else(|| failure.what.clone(), |why| format!("{}: {why}", failure.what));
    let next = match check {
        "server" => "start one: keikka dev, or keikka serve; or give --server",
        _ => failure.next.as_deref().unwrap_or("keikka help"),
    };
    Finding::ill(check, what, next)
}

async fn database(url: &str) -> Vec<Finding> {
    let causes = |error: store::Error| format!("{:#}", anyhow::Error::from(error));
    let open = match Database::open(url, OpenOptions::default()).await {
        Ok(open) => open,
        Err(error) => {
            return vec![Finding::ill(
                "database",
                causes(error),
                "check --database; keikka admin migrate makes a new one",
            )];
        }
    };
    let mut findings = vec![Finding::well("database", format!("{} opens", open.engine().code()))];
    findings.push(match open.schema().await {
        Ok(SchemaState::UpToDate { version }) => Finding::well("schema", format!("up to date at migration {version}")),
        Ok(SchemaState::Behind { applied, known }) => Finding::ill(
            "schema",
            format!("at migration {applied}, this program needs {known}"),
            "keikka admin migrate",
        ),
        Ok(SchemaState::Newer { applied, known }) => Finding::ill(
            "schema",
            format!("at migration {applied}, this program knows only {known}"),
            "use the newer program that made it",
        ),
        Err(error) => Finding::ill("schema", causes(error), "keikka admin migrate"),
    });
    if open.engine() == Engine::Sqlite {
        findings.push(match open.integrity().await {
            Ok(problems) if problems.is_empty() => Finding::well("file", "the whole file was read: no damage"),
            Ok(problems) => Finding::ill(
                "file",
                format!("{} damages, first: {}", problems.len(), problems[0]),
                "keikka admin restore",
            ),
            Err(error) => Finding::ill("file", causes(error), "keikka admin restore"),
        });
    }
    open.close().await;
    findings
}
