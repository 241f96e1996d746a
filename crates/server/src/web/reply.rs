//! The page behind a link: looking changes nothing, a button changes one thing, and what is shown after it is how things stand.

use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::extract::{Form as Fields, Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use dispatch::invitation::{Invitation, Stage, Subject};
use domain::{GigId, Timestamp, WriteContext};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use notification::ports::{Answer, Outcome};
use notification::render::calendar::{self, Entry};
use notification::reply::Opened;
use notification::template::CalendarMethod;

use super::address::{Asked, Token};
use super::form::{Form, Said, Unsaid};
use super::pages::{self, Page};
use super::words::Words;
use super::{Web, pages::Notice};
use crate::answers::{self, may_repeat};
use crate::status::{self, Failure, chain};

/// How often a change is tried while others at work are in its way.
const TRIES: usize = 5;

/// A link that was opened, with what it shows.
struct Shown {
    opened: Opened,
    ctx: WriteContext,
    invitation: Invitation,
}

impl Shown {
    /// How it stands, for this link: what is only coarse is shown as long as the link holds.
    fn stage(&self) -> Stage {
        match self.invitation.stage {
            Stage::Asked if !self.opened.is_open => Stage::Ended,
            stage => stage,
        }
    }
}

/// The page: GET and HEAD.
pub(super) async fn look(
    State(web): State<Web>,
    token: Result<Path<Token>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let asked = asked.map_or_else(|_| Asked::default(), |Query(asked)| asked);
    // What is no text is no token of ours.
    let Ok(Path(token)) = token else { return pages::unknown(guessed(&asked, &headers)) };
    page(&web, &token, &asked, &headers, Notice::None).await
}

async fn page(web: &Web, token: &Token, asked: &Asked, headers: &HeaderMap, notice: Notice) -> Response {
    let now = web.clock.now();
    match told(web, token, asked, headers, now).await {
        Err(response) => response,
        Ok((shown, words)) => {
            let page = Page { token, invitation: &shown.invitation, stage: shown.stage(), notice, now };
            page.show(words)
        }
    }
}

/// What a link shows and in which language, or the page that says why it shows nothing.
async fn told(
    web: &Web,
    token: &Token,
    asked: &Asked,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<(Shown, Words), Response> {
    match open(web, token, now).await {
        Err(failure) => Err(failed(failure, guessed(asked, headers))),
        Ok(Opening::Nothing) => Err(pages::unknown(guessed(asked, headers))),
        // Whoever has the number or address now is told nothing of the one it was.
        Ok(Opening::Former) => Err(pages::moved(guessed(asked, headers))),
        Ok(Opening::Shown(shown)) => {
            let words = asked.words().unwrap_or(Words(shown.opened.language));
            Ok((*shown, words))
        }
    }
}

/// The language of somebody whose link opens nothing.
pub(super) fn guessed(asked: &Asked, headers: &HeaderMap) -> Words {
    asked.words().unwrap_or_else(|| Words(status::preferred_language(headers.get(header::ACCEPT_LANGUAGE))))
}

pub(super) fn failed(failure: Failure, words: Words) -> Response {
    if matches!(&failure, Failure::Store(error) if error.is_transient()) {
        tracing::warn!(cause = chain(&failure), "a page could not be made");
        return pages::busy(words);
    }
    tracing::error!(cause = chain(&failure), "a page could not be made");
    pages::failed(words)
}

/// What a link opens.
enum Opening {
    Nothing,
    /// It was made for a contact that the volunteer has no more.
    Former,
    Shown(Box<Shown>),
}

/// What a link shows, if it opens something.
async fn open(web: &Web, token: &Token, now: Timestamp) -> Result<Opening, Failure> {
    let Some(opened) = web.rooms.notification.open_link(token.expose(), now).await? else {
        return Ok(Opening::Nothing);
    };
    if opened.is_former {
        return Ok(Opening::Former);
    }
    let ctx = answers::volunteer(&opened.network, &opened.volunteer, now);
    let gig = || opened.subject.strip_prefix("gigs/")?.parse::<GigId>().ok();
    let Some(subject) = opened.offer().map(Subject::Offer).or_else(|| gig().map(Subject::Gig)) else {
        return Ok(Opening::Nothing);
    };
    let found = web.rooms.dispatch.invitation(&ctx.scope, &opened.network, &subject, now).await?;
    Ok(found.map_or(Opening::Nothing, |invitation| Opening::Shown(Box::new(Shown { opened, ctx, invitation }))))
}

/// A button of the page: POST.
pub(super) async fn answer(
    State(web): State<Web>,
    token: Result<Path<Token>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    fields: Result<Fields<Form>, FormRejection>,
) -> Response {
    let asked = asked.map_or_else(|_| Asked::default(), |Query(asked)| asked);
    let words = guessed(&asked, &headers);
    let Ok(Path(token)) = token else { return pages::unknown(words) };
    let form = match fields {
        Ok(Fields(form)) => form,
        Err(rejection) => {
            let status = rejection.status();
            let large = status == StatusCode::PAYLOAD_TOO_LARGE;
            return pages::refused(words, if large { status } else { StatusCode::BAD_REQUEST });
        }
    };
    let now = web.clock.now();
    let (shown, words) = match told(&web, &token, &asked, &headers, now).await {
        Ok(told) => told,
        Err(response) => return response,
    };
    let notice = match form.read(shown.invitation.span.map(|span| span.start())) {
        Err(Unsaid::Unreadable) => return pages::refused(words, StatusCode::BAD_REQUEST),
        Err(Unsaid::Missing) => Ok(Notice::Invalid),
        Ok(said) => act(&web, &token, &shown, said, now).await,
    };
    match notice {
        Err(failure) => failed(failure, words),
        // What is shown next is read anew, so that reloading it says nothing twice.
        Ok(Notice::None) => again(&token, &asked),
        Ok(notice) => page(&web, &token, &asked, &headers, notice).await,
    }
}

/// The page itself, by a link that holds below any path.
fn again(token: &Token, asked: &Asked) -> Response {
    let place = format!("{}{}", token.expose(), asked.query());
    let mut response = StatusCode::SEE_OTHER.into_response();
    // The token opened something, so it is of the letters of a header.
    let Ok(place) = HeaderValue::from_str(&place) else { return pages::unknown(Words::default()) };
    response.headers_mut().insert(header::LOCATION, place);
    response
}

/// Does what was said, if it can be said as things stand; what cannot is passed over, and the page shows how things stand.
async fn act(web: &Web, token: &Token, shown: &Shown, said: Said, now: Timestamp) -> Result<Notice, Failure> {
    let Shown { opened, ctx, invitation } = shown;
    let dispatch = &web.rooms.dispatch;
    let answer = match said {
        Said::Yes => Answer::Yes,
        Said::No(no) => Answer::No(no),
        Said::Undo | Said::StandBy | Said::Release => {
            let mut tries = 0;
            loop {
                tries += 1;
                let done = match (said, &invitation.offer, &invitation.assignment) {
                    (Said::Undo, Some(offer), _) if invitation.undo_until.is_some() => {
                        dispatch.undo_offer(ctx, &opened.network, offer).await.map(drop)
                    }
                    (Said::StandBy, Some(offer), _) if shown.stage() == Stage::Filled => {
                        dispatch.stand_by(ctx, &opened.network, offer).await.map(drop)
                    }
                    (Said::Release, _, Some(own)) if invitation.may_release => {
                        dispatch.release(ctx, &opened.network, &own.id, None).await.map(drop)
                    }
                    _ => Ok(()),
                };
                match done {
                    Ok(()) => return Ok(Notice::None),
                    Err(error) if tries < TRIES && may_repeat(&error) => {}
                    // Somebody was faster: the page tells what stands.
                    Err(dispatch::Error::Refused(_)) => return Ok(Notice::None),
                    Err(error) => return Err(error.into()),
                }
            }
        }
    };
    if shown.stage() != Stage::Asked {
        return Ok(Notice::None);
    }
    let notification = &web.rooms.notification;
    if opened.used_time.is_some() {
        // The answer that it gave was taken back, and it is asked again.
        notification.renew_link(token.expose()).await?;
    }
    let outcome = notification.answer_link(token.expose(), answer, &web.offers, now).await?;
    Ok(match outcome {
        Some(Outcome::NotAble) => Notice::NotAble,
        Some(Outcome::Invalid) => Notice::Invalid,
        _ => Notice::None,
    })
}

/// The calendar file of a gig that the holder goes to.
pub(super) async fn calendar(
    State(web): State<Web>,
    token: Result<Path<Token>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let asked = asked.map_or_else(|_| Asked::default(), |Query(asked)| asked);
    let Ok(Path(token)) = token else { return pages::unknown(guessed(&asked, &headers)) };
    let now = web.clock.now();
    let (shown, words) = match told(&web, &token, &asked, &headers, now).await {
        Ok(told) => told,
        Err(response) => return response,
    };
    let (Stage::Going, Some(span)) = (shown.stage(), shown.invitation.span) else { return pages::ended(words) };
    let area = shown.invitation.area.as_ref().and_then(|area| area.locality.as_ref());
    let link = format!("{}{}", web.rooms.notification.options().link_base, token.expose());
    let file = calendar::file(
        &Entry {
            network: &shown.opened.network,
            gig: &shown.invitation.gig,
            volunteer: &shown.opened.volunteer,
            span,
            summary: shown.invitation.title.get(words.0),
            area: area.map_or("", |name| name.as_str()),
            sequence: shown.invitation.version,
            link: Some(&link),
            addresses: None,
            now,
        },
        CalendarMethod::Publish,
    );
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8; method=PUBLISH"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"keikka.ics\""),
    ];
    (headers, file).into_response()
}
