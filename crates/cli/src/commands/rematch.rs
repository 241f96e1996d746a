//! `keikka rematch`: makes a plan, shows what it would change, and writes nothing unless told.

use std::time::Duration;

use clap::Args;
use futures_util::StreamExt;

use serde_json::{Value, json};

use super::frontier;
use super::plan_text::{Counts, Detail, budget_seconds, promised, text, who_hears};
use crate::arguments;
use crate::client::Client;
use crate::clock;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::local_time;
use crate::output::{Format, Report, counted, last_segment, note, number};
use crate::progress;

const SERVICE: &str = "keikka.dispatch.v1.MatchingService";
/// What is said if a plan may not be applied.
const UNDONE: &str = "not applied";
/// Days that are matched when none are named: the coming week is always inside.
const DAYS: i32 = 14;
/// Longest wait beyond the solver's own budget: loading, verifying, explaining.
const GRACE: Duration = Duration::from_secs(120);

/// Arguments of `rematch`.
#[derive(Debug, Args)]
#[command(after_help = "Example: keikka rematch\n         \
                        keikka rematch --from 2026-11-23 --to 2026-11-30 --budget 30 --apply")]
pub(crate) struct RematchArgs {
    /// First day or time of the period [default: today]
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// End of the period, itself outside [default: two weeks later]
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// Most time the solver may take, in seconds
    #[arg(long, default_value_t = 10, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=600))]
    budget: u32,
    /// Seed of the solver: equal input and seed give an equal plan
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = arguments::whole)]
    seed: u64,
    /// Let promises that volunteers accepted be moved
    #[arg(long)]
    move_promises: bool,
    /// What breaking an accepted promise costs, in points (minutes of travel; 333 are a unit of weight) [default: 60]
    #[arg(long, value_name = "POINTS", requires = "move_promises", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    promise_cost: Option<u32>,
    /// Show what broken promises would buy: gigs covered at six prices of a promise
    #[arg(long, conflicts_with_all = ["move_promises", "apply", "ask", "keep", "exit_code"])]
    frontier: bool,
    /// Apply the plan at once: its volunteers are told that they go, nobody is asked whether they would; asks you first
    #[arg(long, conflicts_with = "keep")]
    apply: bool,
    /// Apply the plan by asking: its volunteers are asked first and may say no, others after them; asks you first
    #[arg(long, conflicts_with_all = ["apply", "keep", "move_promises"])]
    ask: bool,
    /// Keep the plan, to apply or discard it later
    #[arg(long)]
    keep: bool,
    /// End with 3 when gigs stay open, or changes are shown but not applied
    #[arg(long)]
    exit_code: bool,
    /// Most changes to list
    #[arg(long, default_value_t = 20, value_name = "N")]
    changes: usize,
    /// Most open gigs to list
    #[arg(long, default_value_t = 10, value_name = "N")]
    open: usize,
}

/// Makes, shows, and applies, keeps or discards.
pub(crate) async fn run(context: &Context, args: RematchArgs) -> Result<Exit, Failure> {
    // Nobody to ask is said before anything is solved.
    let does = args.apply || args.ask;
    let asks = does && context.asks(UNDONE)?;
    let request = request(context, &args).await?;
    if args.frontier {
        return frontier::run(context, &request).await;
    }
    let client = context.client().await?;
    let made = client.call("make a plan", &format!("{SERVICE}/CreatePlan"), request).await?;
    let name = made["plan"]["name"].as_str().unwrap_or_default().to_owned();
    let solved = tokio::select! {
        plan = solved(client, &made["plan"]) => plan?,
        _ = tokio::signal::ctrl_c() => {
            let id = last_segment(&name);
            return Err(Failure::new(Exit::Interrupted, format!("interrupted: {name} is still being solved by the server"))
                .next(format!("keikka plan show {id}, or to stop it: keikka plan discard {id}")));
        }
    };
    let counts = Counts::of(&solved);
    let detail = Detail { changes_max: args.changes, open_max: args.open };
    // Who decides reads the plan first; programs read one document, at the end.
    let is_shown = asks && context.globals.output == Format::Table;
    if is_shown {
        context.print(&Report::told(solved.clone(), text(&solved, detail)))?;
    }
    if asks && let Err(undone) = context.confirm(&format!("Apply it? {}", who_hears(&solved, args.ask)), UNDONE) {
        discard(client, &solved).await?;
        return Err(undone);
    }
    let (plan, done) = if does { apply(client, &solved, args.ask).await? } else { (solved, Value::Null) };
    if !is_shown {
        context.print(&Report::told(plan.clone(), text(&plan, detail)))?;
    }
    settle(client, &args, &plan, &done, counts).await?;
    let findings = counts.open > 0 || (!does && counts.changes() > 0);
    Ok(if args.exit_code && findings { Exit::Findings } else { Exit::Done })
}

async fn settle(
    client: &Client,
    args: &RematchArgs,
    plan: &Value,
    done: &Value,
    counts: Counts,
) -> Result<(), Failure> {
    let name = plan["name"].as_str().unwrap_or_default();
    let id = last_segment(name);
    if args.ask {
        note(asked_for(done, counts));
    } else if args.apply {
        note(promised(name, plan));
    } else if args.keep {
        note(format!("nothing was changed yet. next: keikka plan apply {id}, or keikka plan discard {id}"));
    } else {
        discard(client, plan).await?;
        note(
            "nothing was changed. next: keikka rematch --ask, which asks the volunteers, --apply, which tells them that they go, or \
             --keep to decide later",
        );
    }
    Ok(())
}

async fn request(context: &Context, args: &RematchArgs) -> Result<Value, Failure> {
    let (today, later) = local_time::days_from(clock::now(), DAYS)?;
    let from = args.from.as_deref().map_or(Ok(today), local_time::read)?;
    let to = match args.to.as_deref() {
        Some(to) => local_time::read(to)?,
        None if args.from.is_some() => local_time::days_from(from, DAYS)?.1,
        None => later,
    };
    if to <= from {
        return Err(local_time::empty_period(from));
    }
    Ok(json!({
        "parent": context.parent().await?,
        "requestId": Context::request_id(),
        "plan": {
            "period": { "startTime": from.to_string(), "endTime": to.to_string() },
            "budget": format!("{}s", args.budget),
            "seed": args.seed.to_string(),
            "allowMovingPromises": args.move_promises,
            "promiseCost": args.promise_cost,
        },
    }))
}

/// Follows a solve to its end and returns the whole plan.
pub(super) async fn solved(client: &Client, plan: &Value) -> Result<Value, Failure> {
    let name = &plan["name"];
    let wait = Duration::from_secs(budget_seconds(plan).unsigned_abs()) + GRACE;
    let mut updates = client
        .with_timeout(wait)
        .watch("follow the plan", &format!("{SERVICE}/WatchPlan"), json!({ "name": name }))
        .await?;
    let bar = progress::bar(1000, "solving");
    while let Some(update) = updates.next().await {
        let update = update?;
        let progress = &update["progress"];
        if progress.is_object() {
            bar.set_position(number(&progress["progressPermille"]).unsigned_abs());
            bar.set_message(format!(
                "weight {} of at most {}",
                number(&progress["weight"]),
                number(&progress["boundWeight"])
            ));
        }
    }
    bar.finish_and_clear();
    let mut answer = client.call("get the plan", &format!("{SERVICE}/GetPlan"), json!({ "name": name })).await?;
    let plan = answer["plan"].take();
    if plan["state"] == "STATE_FAILED" {
        let why = plan["failure"].as_str().unwrap_or("no reason was given").to_owned();
        let next = "run it again; where the cause stays, the log of the server says more";
        return Err(Failure::failed("the plan could not be made").because(why).next(next));
    }
    Ok(plan)
}

/// Discards a plan.
pub(super) async fn discard(client: &Client, plan: &Value) -> Result<(), Failure> {
    let request = json!({ "name": plan["name"], "etag": plan["etag"], "requestId": Context::request_id() });
    client.call("discard the plan", &format!("{SERVICE}/DiscardPlan"), request).await?;
    Ok(())
}

/// Applies a plan; returns it as it then stands, and what the server says was done.
async fn apply(client: &Client, plan: &Value, ask: bool) -> Result<(Value, Value), Failure> {
    let request = json!({ "name": plan["name"], "etag": plan["etag"], "requestId": Context::request_id(), "ask": ask });
    let done = client.with_timeout(GRACE).call("apply the plan", &format!("{SERVICE}/ApplyPlan"), request).await?;
    let mut answer =
        client.call("get the plan", &format!("{SERVICE}/GetPlan"), json!({ "name": plan["name"] })).await?;
    Ok((answer["plan"].take(), done))
}

/// What is said of a plan that was applied by asking: `asked 12 volunteers, at first alone, until Tue 24.11. 10:15 or a no; 11
/// gigs are being asked for`.
pub(super) fn asked_for(done: &Value, counts: Counts) -> String {
    let of = |key: &str, what: &str| counted(usize::try_from(number(&done[key])).unwrap_or(0), what);
    let left = match counts.asked_for {
        0 => String::new(),
        left => format!("; {} already being asked for, and left to that", counted(left, "gig")),
    };
    let next = "next: keikka offer progress GIG, or keikka watch";
    if number(&done["askingCount"]) == 0 {
        return format!("nobody was asked{left}. {next}");
    }
    let gigs = of("askingCount", "gig");
    if number(&done["askedCount"]) == 0 {
        return format!(
            "nobody was asked just now: whom the plan chose may not be asked, so others are looked for, for {gigs}{left}. {next}"
        );
    }
    let until = |key: &str| local_time::show(done[key].as_str().unwrap_or_default());
    let (first, last) = (until("firstAloneUntilTime"), until("lastAloneUntilTime"));
    let alone = match (first.is_empty(), first == last) {
        (true, _) => "others are looked for at once".to_owned(),
        (false, true) => format!("at first alone, until {first} or a no"),
        (false, false) => format!("at first alone, until {first} to {last} by gig, or a no"),
    };
    let are = if number(&done["askingCount"]) == 1 { "is" } else { "are" };
    format!("asked {}, {alone}; {gigs} {are} being asked for{left}. {next}", of("askedCount", "volunteer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_applied_by_asking_reads_how_many_were_asked_and_until_when_alone() {
        let counts = |asked_for| Counts { new: 3, asked_for, ..Counts::default() };
        let done = json!({
            "askedCount": 4, "askingCount": 3, "firstAloneUntilTime": "2026-11-24T08:15:00Z",
            "lastAloneUntilTime": "2026-11-25T07:00:00Z",
        });
        assert_eq!(
            asked_for(&done, counts(2)),
            "asked 4 volunteers, at first alone, until Tue 24.11. 10:15 to Wed 25.11. 09:00 by gig, or a no; 3 gigs are being asked \
             for; 2 gigs already being asked for, and left to that. next: keikka offer progress GIG, or keikka watch"
        );
        let mut one = done.clone();
        one["lastAloneUntilTime"] = one["firstAloneUntilTime"].clone();
        assert!(asked_for(&one, counts(0)).starts_with(
            "asked 4 volunteers, at first alone, until Tue 24.11. 10:15 or a no; 3 gigs are being asked for. "
        ));
        let nobody = asked_for(&json!({ "askingCount": 2 }), counts(0));
        assert!(nobody.contains("others are looked for, for 2 gigs."), "{nobody}");
        assert!(asked_for(&json!({}), counts(1)).starts_with("nobody was asked; 1 gig already being asked for"));
    }
}
