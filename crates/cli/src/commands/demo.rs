//! `keikka demo`: the whole way once. A service on a free loopback port, a city loaded through gRPC, a caller quoted, the week matched,
//! one open gig explained, three gigs asked for through an evening, and the commands to look further.

use std::path::{Path, PathBuf};

use clap::Args;

use serde_json::{Value, json};

use super::evening::{self, Evening, Waiting};
use super::local::{DataFolder, Local, Ports, Stage};
use super::plan_text::{self, Detail};
use super::{explain, quote, rematch};
use crate::client::Client;
use crate::clock::{self, Stopwatch};
use crate::connection::DEFAULT_SERVER;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;
use crate::local_time;
use crate::output::{Format, Report, last_segment, note, stdout};
use crate::sample::{City, NETWORK, SEED};

const MATCHING: &str = "keikka.dispatch.v1.MatchingService";
/// The file by which a demo knows a folder as its own.
const MARK: &str = "made-by-keikka-demo";
/// Open gigs shown with their reasons.
const OPEN_SHOWN: usize = 3;
/// Most events of the evening that the reader is led to.
const WATCHED: usize = 20;

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka demo")]
pub(crate) struct DemoArgs {
    /// Folder for the database and the keys; a demo of before in it is replaced
    #[arg(long, value_name = "DIR", default_value = ".keikka/demo")]
    data: PathBuf,
    /// Most time the solver may take, in seconds
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=600))]
    budget: u32,
}

/// What the demo found, for the end and for JSON.
#[derive(Debug)]
struct Told {
    quote: Value,
    plan: Value,
    explanation: Value,
    evening: Value,
    /// Events of the evening that can be watched afterwards.
    events: usize,
    waiting: Option<Waiting>,
}

/// Runs the demo.
pub(crate) async fn run(context: &Context, args: DemoArgs) -> Result<Exit, Failure> {
    let began = Stopwatch::start();
    let ports = Ports::bind("127.0.0.1:0", "127.0.0.1:0").await?;
    fresh(&args.data)?;
    let folder = DataFolder::open(&args.data)?;
    files::write_private(&args.data.join(MARK), "This folder may be emptied by the next keikka demo.\n")?;
    // Whoever looks further starts this city again at the usual address: there the links must lead.
    let stage = Stage { link_server: DEFAULT_SERVER, time: evening::eve(clock::now()) };
    let mut local = Local::start(folder.clone(), ports, Some(stage))?;
    let told = tell(context.globals.output, &mut local, &args).await;
    let stopped = local.stop().await;
    let told = told?;
    stopped?;
    if context.globals.output == Format::Table {
        stdout(&further(&folder, &told))?;
    } else {
        let waiting = told
            .waiting
            .as_ref()
            .map(|Waiting { gig, volunteer, link }| json!({ "gig": gig, "volunteer": volunteer, "link": link }));
        let json = json!({
            "quote": told.quote, "plan": told.plan, "explanation": told.explanation, "evening": told.evening,
            "waiting": waiting,
        });
        context.print(&Report::document(json))?;
    }
    note(format!("demo done in {:.1} s", began.elapsed().as_secs_f64()));
    Ok(Exit::Done)
}

async fn tell(format: Format, local: &mut Local, args: &DemoArgs) -> Result<Told, Failure> {
    let say = |text: String| if format == Format::Table { stdout(&text) } else { Ok(()) };
    let loading = Stopwatch::start();
    let loaded = local.load_sample().await?.ok_or_else(|| Failure::failed("the demo's database is not empty"))?;
    say(format!(
        "{}{} volunteers, {} seekers and {} gigs of the coming week in Kouvola, all made up,\n\
         loaded through gRPC into an embedded SQLite file in {:.1} s\n",
        heading("1. A city"),
        loaded.volunteers,
        loaded.seekers,
        loaded.gigs,
        loading.elapsed().as_secs_f64()
    ))?;
    let client = local.coordinator().await?;
    let quoted = quote_a_caller(&client).await?;
    let candidates: Vec<Value> = quoted["candidates"].as_array().cloned().unwrap_or_default();
    say(format!(
        "{}Somebody asks for a shopping trip on Tuesday, between 10 and 14. Who could go?\n\n{}",
        heading("2. A caller on the line"),
        quote::text("shopping", &quoted, &candidates)
    ))?;
    let plan = match_the_week(&client, args.budget).await?;
    let detail = Detail { changes_max: 5, open_max: 0 };
    say(format!("{}{}", heading("3. The week matched"), plan_text::text(&plan, detail)))?;
    let open = pick_open(&plan);
    say(format!(
        "{}{}",
        heading("4. Open, and why"),
        open.iter().map(|one| plan_text::open_line(one)).collect::<String>()
    ))?;
    let explanation = explain_one(&client, &open).await?;
    if explanation.is_object() {
        say(format!("\n{}", explain::text(&explanation)))?;
    }
    let mut evening = Evening::begin(&client, &local.clock).await?;
    say(format!("{}{}", heading("5. Three gigs, asked for"), handed_over(&evening)))?;
    let funnel = evening.pass().await?;
    let messages = local.folder().messages();
    say(format!("{}\n{}", evening::text(&funnel), evening.letters(&messages)))?;
    let waiting = evening.waiting(&messages).await?;
    let (events, evening) = (funnel.events(), funnel.json());
    Ok(Told { quote: quoted, plan, explanation, evening, events, waiting })
}

/// What happens in the evening, before it does.
fn handed_over(evening: &Evening<'_>) -> String {
    let gigs: Vec<&str> = evening.gigs().iter().filter_map(|gig| gig["name"].as_str()).map(last_segment).collect();
    format!(
        "In the demo it is yesterday, {}. A coordinator hands over {}.\n\
         The service asks by letter, into a folder here: each volunteer in their own language, within the\n\
         hours and the number of questions they agreed to. They answer through the evening; what they say\n\
         is made up. A no brings the next one's turn. A yes, and everybody else is let off.\n\n",
        local_time::show_instant(evening.began()),
        listed(&gigs)
    )
}

/// `g1, g2 and g3`.
fn listed(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "nothing".to_owned(),
    }
}

fn heading(title: &str) -> String {
    format!("\n{title}\n{}\n", "-".repeat(title.chars().count()))
}

async fn quote_a_caller(client: &Client) -> Result<Value, Failure> {
    let tuesday = City::of(clock::now(), SEED).monday.saturating_add(jiff::Span::new().days(1));
    let at = |hour: i8| crate::local_time::read(&format!("{tuesday}T{hour:02}:00"));
    let parent = format!("networks/{NETWORK}");
    let gig = json!({
        "kind": format!("{parent}/kinds/shopping"), "seeker": format!("{parent}/seekers/s20"), "priority": 3,
        "windows": [{ "startTime": at(10)?.to_string(), "endTime": at(14)?.to_string() }],
    });
    let request = json!({ "parent": parent, "gig": gig, "candidateLimit": 5 });
    client.call("quote a caller", &format!("{MATCHING}/QuoteGig"), request).await
}

async fn match_the_week(client: &Client, budget: u32) -> Result<Value, Failure> {
    let monday = City::of(clock::now(), SEED).monday;
    let (from, to) = crate::local_time::week_of(monday)?;
    let request = json!({
        "parent": format!("networks/{NETWORK}"), "requestId": Context::request_id(),
        "plan": { "period": { "startTime": from.to_string(), "endTime": to.to_string() }, "budget": format!("{budget}s") },
    });
    let made = client.call("make a plan", &format!("{MATCHING}/CreatePlan"), request).await?;
    rematch::solved(client, &made["plan"]).await
}

/// A few open gigs whose reasons differ.
fn pick_open(plan: &Value) -> Vec<&Value> {
    let open = plan["outcome"]["open"].as_array().map_or(&[][..], Vec::as_slice);
    let mut picked: Vec<&Value> = Vec::new();
    for one in open {
        if picked.len() < OPEN_SHOWN && picked.iter().all(|other| other["class"] != one["class"]) {
            picked.push(one);
        }
    }
    for one in open {
        if picked.len() < OPEN_SHOWN && !picked.contains(&one) {
            picked.push(one);
        }
    }
    picked
}

/// The whole explanation of one open gig, best of one that nobody can take: its cascade says most.
async fn explain_one(client: &Client, open: &[&Value]) -> Result<Value, Failure> {
    let of_class = |class: &str| open.iter().find(|one| one["class"] == class);
    let Some(one) = of_class("CLASS_NOBODY_ELIGIBLE").or_else(|| of_class("CLASS_TOO_FEW_CANDIDATES")).or(open.first())
    else {
        return Ok(Value::Null);
    };
    client.call("explain a gig", &format!("{MATCHING}/ExplainGig"), json!({ "name": one["gig"] })).await
}

fn further(folder: &DataFolder, told: &Told) -> String {
    let gig = last_segment(told.explanation["explanation"]["gig"].as_str().unwrap_or("g1")).to_owned();
    let plan = last_segment(told.plan["name"].as_str().unwrap_or_default()).to_owned();
    let data = folder.path().display();
    let key = folder.coordinator_key();
    let mut text = format!(
        "{}  keikka dev --data {data}                    # this city again; then, in another terminal:\n\
         \x20 export KEIKKA_KEY_FILE={}\n\
         \x20 keikka gig list --state open\n\
         \x20 keikka explain {gig}\n\
         \x20 keikka plan show {plan}\n\
         \x20 keikka board v7\n\
         \x20 keikka notify preview offer --language en\n\
         \x20 keikka offer list --page-size 20\n\
         \x20 keikka watch --since 2d --kind offer_made --kind offer_ended --kind gig_filled --limit {}\n",
        heading("Look further"),
        key.display(),
        told.events.clamp(1, WATCHED),
    );
    if let Some(waiting) = &told.waiting {
        text.push_str(&format!("  keikka offer progress {}\n", waiting.gig));
    }
    text.push_str(
        "  keikka rematch                                   # changes nothing; --apply does, and asks first\n",
    );
    if let Some(Waiting { gig, volunteer, link }) = &told.waiting {
        text.push_str(&format!(
            "\n{gig} was asked for as well, and {volunteer} has not answered. With the service running, be {volunteer}:\n  \
             {link}?lang=en\n"
        ));
    }
    text
}

/// Removes what an earlier demo left; any other folder is left alone.
fn fresh(data: &Path) -> Result<(), Failure> {
    let empty = match std::fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => return Ok(()),
    };
    if empty {
        return Ok(());
    }
    if !data.join(MARK).exists() {
        return Err(Failure::usage(format!("{} holds something that no demo made", data.display()))
            .next("--data with a new folder"));
    }
    std::fs::remove_dir_all(data)
        .map_err(|error| Failure::failed(format!("cannot empty {}", data.display())).because(error))
}
