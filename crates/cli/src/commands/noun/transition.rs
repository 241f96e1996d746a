//! Verbs that change a resource's state: `gig cancel`, `volunteer pause`, `offer accept`, `plan discard`, ...

use clap::{Args, Command as Clap};
use serde_json::json;

use super::create::dry_run;
use super::gig_text;
use super::name_of;
use crate::client;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::nouns::{Noun, Transition};
use crate::output::{Report, note};

/// Arguments of a transition.
#[derive(Debug, Args)]
pub(crate) struct TransitionArgs {
    /// Its id, or its resource name in full
    #[arg(value_name = "ID")]
    id: String,
    /// Why, in task words; kept with the event
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The version you read; another one now is refused
    #[arg(long, value_name = "ETAG")]
    etag: Option<String>,
    /// Let the server check everything and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// The command.
pub(super) fn clap(noun: &Noun, transition: &'static Transition) -> Clap {
    TransitionArgs::augment_args(Clap::new(transition.verb))
        .about(transition.about)
        .after_help(format!("Example: keikka {} {} ID --dry-run", noun.word, transition.verb))
}

/// Runs the transition, after asking where it breaks promises.
pub(super) async fn run(
    context: &Context,
    noun: &'static Noun,
    transition: &'static Transition,
    args: TransitionArgs,
) -> Result<Exit, Failure> {
    let path = noun.path(transition.rpc);
    let method = client::method(&path);
    let name = name_of(context, noun, &args.id).await?;
    if transition.asks && !args.dry_run {
        let undone = format!("not done: {} {} {}", noun.word, transition.verb, args.id);
        context.confirm(&format!("{}: {name}?", transition.about), &undone)?;
    }
    let mut request = json!({ "name": name, "requestId": Context::request_id() });
    if let Some(etag) = &args.etag {
        request["etag"] = json!(etag);
    }
    if let Some(reason) = &args.reason {
        let field = method
            .input()
            .get_field_by_name("reason")
            .ok_or_else(|| Failure::usage(format!("keikka {} {} takes no reason", noun.word, transition.verb)))?;
        request["reason"] = match field.kind().as_enum() {
            Some(of) => {
                let wanted = format!("_{}", reason.to_uppercase().replace('-', "_"));
                let found =
                    of.values().find(|value| value.name().ends_with(&wanted)).map(|value| value.name().to_owned());
                let known: Vec<String> = of.values().skip(1).map(|value| value.name().to_lowercase()).collect();
                json!(found.ok_or_else(|| {
                    Failure::usage(format!("`{reason}` is no reason"))
                        .because(format!("it is one of {}", known.join(", ")))
                })?)
            }
            None => json!(reason),
        };
    }
    dry_run(&method, &mut request, args.dry_run)?;
    let what = format!("{} {} {}", transition.verb, noun.word, args.id);
    let mut answer = context.client().await?.call(&what, &path, request).await?;
    let changed = answer[noun.field()].take();
    let done =
        context.print(&if noun.word == "gig" { gig_text::changed(changed) } else { Report::document(changed) })?;
    if args.dry_run {
        note("dry run: it could be done, nothing was changed");
    }
    Ok(done)
}
