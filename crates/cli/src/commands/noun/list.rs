//! `keikka NOUN list`: one page, or all pages, in every format.

use clap::{Arg, ArgMatches, Args, Command as Clap, FromArgMatches};
use serde_json::{Value, json};

use crate::client::Client;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::nouns::{FilterForm, NOUNS, Noun, Standard};
use crate::output::{Format, Report, last_segment, more_windows, note};

/// Entries of one page when all pages are read.
const PAGE: u32 = 500;
/// Most pages that `--all` reads: a bound, far above any city.
const PAGES_MAX: usize = 10_000;

/// Arguments of `list`.
#[derive(Debug, Args)]
pub(crate) struct Paging {
    /// Show every page
    #[arg(long)]
    all: bool,
    /// Entries of a page
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    page_size: u32,
    /// Begin at the page of this token
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    page_token: String,
    /// Filter in the form of the API: state = "OPEN" AND kind = "networks/kouvola/kinds/shopping"
    #[arg(long, value_name = "FILTER")]
    filter: Option<String>,
}

/// Arguments of `list` with the filters of the noun.
#[derive(Debug)]
pub(crate) struct ListArgs {
    paging: Paging,
    filters: Vec<(&'static str, FilterForm, String)>,
    from: Option<String>,
    to: Option<String>,
}

fn has_period(noun: &Noun) -> bool {
    noun.has(Standard::List).is_some_and(|method| method.input().get_field_by_name("period").is_some())
}

/// The command of a noun.
pub(super) fn clap(noun: &'static Noun, verb: Clap) -> Clap {
    let mut verb = Paging::augment_args(verb).about(format!("List {}", noun.collection));
    for filter in noun.filters {
        let help = match filter.form {
            FilterForm::Resource(collection) => format!("Only those of this {}", collection.trim_end_matches('s')),
            _ => format!("Only those with this {}", filter.field.replace('_', " ")),
        };
        let flag = Arg::new(filter.field).long(filter.field.replace('_', "-")).value_name("VALUE").help(help);
        verb = verb.arg(flag);
    }
    if has_period(noun) {
        verb = verb
            .arg(
                Arg::new("from")
                    .long("from")
                    .value_name("DAY")
                    .help("Only those that touch the time from this day or time on"),
            )
            .arg(Arg::new("to").long("to").value_name("DAY").help("... and before this day or time").requires("from"));
    }
    verb.after_help(example(noun))
}

fn example(noun: &Noun) -> String {
    match noun.word {
        "gig" => "Example: keikka gig list --state open --kind shopping -o csv".to_owned(),
        "volunteer" => "Example: keikka volunteer list --skill tools --all -o jsonl".to_owned(),
        word => format!("Example: keikka {word} list -o json"),
    }
}

impl ListArgs {
    /// The arguments that clap matched.
    pub(super) fn from_matches(noun: &'static Noun, matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |flag: &str| matches.try_get_one::<String>(flag).ok().flatten().cloned();
        let filters =
            noun.filters.iter().filter_map(|filter| Some((filter.field, filter.form, given(filter.field)?))).collect();
        Ok(Self { paging: Paging::from_arg_matches(matches)?, filters, from: given("from"), to: given("to") })
    }
}

/// Lists.
pub(super) async fn run(context: &Context, noun: &'static Noun, args: ListArgs) -> Result<Exit, Failure> {
    let method = noun.has(Standard::List).expect("the command exists because the method does");
    let entries_field = method.output().fields().find(|field| field.is_list()).expect("a list answers with a list");
    let mut request = json!({ "pageToken": args.paging.page_token });
    if noun.in_network() {
        request["parent"] = json!(context.parent().await?);
    }
    let what = format!("list {}", noun.collection);
    if let Some(filter) = filter_text(context, &what, &args).await? {
        request["filter"] = json!(filter);
    }
    if let Some(from) = &args.from {
        let from = local_time::read(from)?;
        let to = match args.to.as_deref().map(local_time::read).transpose()? {
            Some(to) if to <= from => return Err(local_time::empty_period(from)),
            Some(to) => to.to_string(),
            None => "2099-12-31T00:00:00Z".to_owned(),
        };
        request["period"] = json!({ "startTime": from.to_string(), "endTime": to });
    }
    request["pageSize"] = json!(if args.paging.all { PAGE } else { args.paging.page_size });
    let client = context.client().await?;
    let mut entries: Vec<Value> = Vec::new();
    for _ in 0..PAGES_MAX {
        let mut answer = client.call(&what, &noun.standard(Standard::List), request.clone()).await?;
        if let Value::Array(page) = answer[entries_field.json_name()].take() {
            entries.extend(page);
        }
        request["pageToken"] = answer["nextPageToken"].take();
        if !args.paging.all || request["pageToken"].as_str().unwrap_or_default().is_empty() {
            break;
        }
    }
    let token = request["pageToken"].as_str().unwrap_or_default();
    let mut answer = json!({ entries_field.json_name(): entries });
    if !token.is_empty() {
        answer["nextPageToken"] = json!(token);
    }
    let done = context.print(&Report::list(answer, &entries, noun.columns))?;
    if context.globals.output == Format::Table
        && let Some(words) = more_windows(noun.columns, &entries)
    {
        note(words);
    }
    if !token.is_empty() {
        note(format!(
            "the first {} {}; there are more: --all, or --page-token with the nextPageToken of -o json",
            entries.len(),
            noun.collection
        ));
    } else if entries.is_empty() {
        note(format!("no {}", noun.collection));
    }
    Ok(done)
}

/// A narrowing by something that is not there would find nothing and say nothing: it is refused, with what there is where that is little.
async fn known(context: &Context, what: &str, collection: &str, name: &str) -> Result<(), Failure> {
    let Some(noun) = NOUNS.iter().find(|noun| noun.collection == collection) else { return Ok(()) };
    let client = context.client().await?;
    match client.call(what, &noun.standard(Standard::Get), json!({ "name": name })).await {
        Err(failure) if failure.reason() == Some("RESOURCE_NOT_FOUND") => {
            let why = match collection {
                "kinds" | "skills" | "associations" => {
                    format!("no such {}; there are {}", noun.word, ids(client, noun, name).await?)
                }
                _ => format!("no such {}", noun.word),
            };
            Err(failure.because(why))
        }
        // Whoever may list and not look at it hears from the list itself.
        _ => Ok(()),
    }
}

/// The ids of what there is beside a name.
async fn ids(client: &Client, noun: &Noun, name: &str) -> Result<String, Failure> {
    let parent: Vec<&str> = name.split('/').take(2).collect();
    let what = format!("list {}", noun.collection);
    let request = json!({ "parent": parent.join("/"), "pageSize": PAGE });
    let answer = client.call(&what, &noun.standard(Standard::List), request).await?;
    let entries = answer[noun.collection].as_array().map_or(&[][..], Vec::as_slice);
    let ids: Vec<&str> = entries.iter().filter_map(|entry| entry["name"].as_str()).map(last_segment).collect();
    Ok(ids.join(", "))
}

async fn filter_text(context: &Context, what: &str, args: &ListArgs) -> Result<Option<String>, Failure> {
    let mut terms: Vec<String> = args.paging.filter.iter().cloned().collect();
    for (field, form, value) in &args.filters {
        let value = match form {
            FilterForm::Plain => value.clone(),
            FilterForm::Capitals => value.to_uppercase().replace('-', "_"),
            FilterForm::Resource(collection) => {
                let name = context.name(collection, value).await?;
                known(context, what, collection, &name).await?;
                name
            }
        };
        terms.push(format!("{field} = \"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")));
    }
    Ok((!terms.is_empty()).then(|| terms.join(" AND ")))
}
