//! `keikka rematch --frontier`: what a broken promise buys. The same period is matched at several prices of a promise, from "never" to
//! "nothing"; the operator picks, not the tool.

use serde_json::{Value, json};

use super::plan_text::Counts;
use super::rematch;
use crate::client::Client;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Report, columns_text, note, number};

const SERVICE: &str = "keikka.dispatch.v1.MatchingService";
/// What breaking a promise costs, in points, dear to cheap; a unit of weight is 333 points, and priority 5 is 16 units. None: no promise
/// is broken at any price.
const PRICES: [Option<u32>; 6] = [None, Some(5_400), Some(1_350), Some(340), Some(60), Some(0)];

/// One point: a whole plan at one price.
struct Point {
    price: Option<u32>,
    plan: Value,
}

/// Matches at every price, shows the points, and keeps none of the plans.
pub(super) async fn run(context: &Context, request: &Value) -> Result<Exit, Failure> {
    let client = context.client().await?;
    let mut points = Vec::new();
    for price in PRICES {
        points.push(Point { price, plan: solve(client, request, price).await? });
    }
    let json: Vec<Value> = points.iter().map(Point::json).collect();
    context.print(&Report::told(json!({ "frontier": json }), text(&points)))?;
    note(
        "nothing was changed. next: keikka rematch, with --move-promises --promise-cost POINTS of the line you pick, and --apply",
    );
    Ok(Exit::Done)
}

async fn solve(client: &Client, request: &Value, price: Option<u32>) -> Result<Value, Failure> {
    let mut request = request.clone();
    request["requestId"] = json!(Context::request_id());
    request["plan"]["allowMovingPromises"] = json!(price.is_some());
    if let Some(price) = price {
        request["plan"]["promiseCost"] = json!(price);
    }
    let made = client.call("make a plan", &format!("{SERVICE}/CreatePlan"), request).await?;
    let plan = rematch::solved(client, &made["plan"]).await?;
    rematch::discard(client, &plan).await?;
    Ok(plan)
}

impl Point {
    fn broken(&self) -> usize {
        let counts = Counts::of(&self.plan);
        counts.moved + counts.dropped
    }

    /// Gigs of the highest priority that the period has, covered and in all.
    fn most_urgent(&self) -> (i64, i64, i64) {
        let all = self.plan["outcome"]["coverageByPriority"].as_array();
        let that_are = all.into_iter().flatten().filter(|entry| number(&entry["gigCount"]) > 0);
        let most = that_are.max_by_key(|entry| number(&entry["priority"]));
        most.map_or((0, 0, 0), |entry| {
            (number(&entry["priority"]), number(&entry["coveredCount"]), number(&entry["gigCount"]))
        })
    }

    fn json(&self) -> Value {
        let outcome = &self.plan["outcome"];
        json!({
            "promiseCost": self.price,
            "promisesBroken": self.broken(),
            "coveredCount": number(&outcome["coveredCount"]),
            "gigCount": number(&outcome["gigCount"]),
            "weight": number(&outcome["weight"]),
            "boundWeight": number(&outcome["boundWeight"]),
            "gap": outcome["gap"].as_f64().unwrap_or(0.0),
            "travelSeconds": number(&outcome["travelSeconds"]),
            "digest": outcome["digest"],
        })
    }

    fn row(&self) -> Vec<String> {
        let outcome = &self.plan["outcome"];
        let (priority, covered, of) = self.most_urgent();
        vec![
            self.price.map_or_else(|| "never".to_owned(), |price| price.to_string()),
            self.broken().to_string(),
            format!("{} of {}", number(&outcome["coveredCount"]), number(&outcome["gigCount"])),
            number(&outcome["weight"]).to_string(),
            number(&outcome["boundWeight"]).to_string(),
            format!("{covered} of {of} ({priority})"),
            crate::local_time::show_seconds(number(&outcome["travelSeconds"])),
            format!("{:.3} %", outcome["gap"].as_f64().unwrap_or(0.0) * 100.0),
        ]
    }
}

fn text(points: &[Point]) -> String {
    let headings = ["promise cost", "broken", "covered", "weight", "at most", "most urgent", "travel", "gap"];
    let rows: Vec<Vec<String>> = points.iter().map(Point::row).collect();
    format!(
        "what a broken promise buys: gigs covered against accepted promises moved or given up\n\n{}",
        columns_text(&headings, &[12, 8, 14, 8, 8, 14, 14, 10], &rows)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_urgent_are_those_of_the_highest_priority_there_is_in_whatever_order() {
        let of = |priority: i64, covered: i64, all: i64| json!({ "priority": priority, "coveredCount": covered, "gigCount": all });
        let point =
            |coverage: Value| Point { price: None, plan: json!({ "outcome": { "coverageByPriority": coverage } }) };
        assert_eq!(point(json!([of(1, 1, 9), of(4, 2, 3), of(5, 0, 0)])).most_urgent(), (4, 2, 3));
        assert_eq!(point(json!([of(5, 6, 7), of(1, 1, 9)])).most_urgent(), (5, 6, 7));
        assert_eq!(point(json!([])).most_urgent(), (0, 0, 0));
    }
}
