//! A volunteer's own calendar, as calendar programs fetch it again and again: when and what, the town at most, and what was called off.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use dispatch::invitation::Stage;
use http::{HeaderMap, header};
use jiff::SignedDuration;
use notification::render::calendar::{Entry, feed};

use super::address::{Asked, Token};
use super::words::Words;
use super::{Web, pages, reply};
use crate::answers;
use crate::status::Failure;

/// How long past gigs stay in the calendar.
const PAST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The calendar: GET and HEAD.
pub(super) async fn look(
    State(web): State<Web>,
    file: Result<Path<Token>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let words = reply::guessed(&Asked::default(), &headers);
    // What is no text is no secret of ours.
    let Ok(Path(file)) = file else { return pages::unknown(words) };
    match show(&web, &file).await {
        Ok(Some(text)) => ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response(),
        Ok(None) => pages::unknown(words),
        Err(failure) => reply::failed(failure, words),
    }
}

async fn show(web: &Web, file: &Token) -> Result<Option<String>, Failure> {
    let Some(secret) = file.expose().strip_suffix(".ics") else { return Ok(None) };
    let Some(holder) = web.rooms.notification.open_calendar(secret).await? else { return Ok(None) };
    let now = web.clock.now();
    let ctx = answers::volunteer(&holder.network, &holder.volunteer, now);
    let since = now.checked_sub(PAST).unwrap_or(now);
    let own = web.rooms.dispatch.own_gigs(&ctx.scope, &holder.network, since, now).await?;
    let words = Words(holder.language);
    let entries: Vec<(Entry<'_>, bool)> = own
        .iter()
        // What is not promised yet is not told yet.
        .filter(|gig| gig.stage != Stage::Held)
        .filter_map(|gig| {
            let area = gig.area.as_ref().and_then(|area| area.locality.as_ref());
            let is_cancelled = !matches!(gig.stage, Stage::Going | Stage::Done);
            let entry = Entry {
                network: &holder.network,
                gig: &gig.gig,
                volunteer: &holder.volunteer,
                span: gig.span?,
                summary: gig.title.get(words.0),
                area: area.map_or("", |name| name.as_str()),
                sequence: gig.version,
                link: None,
                addresses: None,
                now,
            };
            Some((entry, is_cancelled))
        })
        .collect();
    Ok(Some(feed(&words.say("service"), &entries)))
}
