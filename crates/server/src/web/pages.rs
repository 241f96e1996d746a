//! How the pages look: one frame in three languages, without a script, readable at 320 pixels, and what each stage shows in it.

mod facts;

use std::sync::OnceLock;
use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dispatch::invitation::{Invitation, Stage};
use domain::{ClaimSource, Timestamp, zone};
use http::{HeaderValue, StatusCode, header};
use jiff::Span;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

use super::address::Token;
use super::words::{LANGUAGES, Words};

const STYLE: &str = include_str!("style.css");

/// What is said on top of how things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// Nothing.
    None,
    /// An hour or a day is missing, or cannot be.
    Invalid,
    /// The volunteer cannot take the gig as things stand.
    NotAble,
}

/// The page of a link.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) token: &'a Token,
    pub(super) invitation: &'a Invitation,
    pub(super) stage: Stage,
    pub(super) notice: Notice,
    pub(super) now: Timestamp,
}

/// The one style that the pages allow, by its hash; nothing else is loaded or run, and forms go home.
pub(super) fn policy() -> HeaderValue {
    static POLICY: OnceLock<HeaderValue> = OnceLock::new();
    let make = || {
        let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        let text = format!(
            "default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        );
        HeaderValue::from_str(&text).expect("a hash is of the letters of a header")
    };
    POLICY.get_or_init(make).clone()
}

fn framed(words: Words, status: StatusCode, title: &str, body: Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(words.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – " (words.say("service")) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p { (words.say("service")) }
                    nav aria-label=(words.say("languages")) {
                        ul {
                            @for (language, code) in LANGUAGES {
                                li {
                                    a href={ "?lang=" (code) } lang=(code) hreflang=(code)
                                        aria-current=[(language == words.0).then_some("true")]
                                        { (Words(language).say("language")) }
                                }
                            }
                        }
                    }
                }
                main {
                    h1 { (title) }
                    (body)
                }
            }
        }
    };
    let mut response = (status, page.into_string()).into_response();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(words.code()));
    response
}

/// A page of a title and a sentence.
fn plain(words: Words, status: StatusCode, name: &str) -> Response {
    let note = words.say(&format!("{name}_note"));
    framed(words, status, &words.say(&format!("{name}_title")), html! { p { (note) } })
}

/// The link opens nothing: mangled, foreign or unknown, nobody is told which.
pub(super) fn unknown(words: Words) -> Response {
    plain(words, StatusCode::NOT_FOUND, "unknown")
}

/// The link was made for a number or address that is the volunteer's no more.
pub(super) fn moved(words: Words) -> Response {
    plain(words, StatusCode::GONE, "moved")
}

/// What the link was about has ended.
pub(super) fn ended(words: Words) -> Response {
    plain(words, StatusCode::GONE, "ended")
}

/// A form that is none of ours.
pub(super) fn refused(words: Words, status: StatusCode) -> Response {
    plain(words, status, "refused")
}

/// Nothing was done for now.
pub(super) fn busy(words: Words) -> Response {
    plain(words, StatusCode::SERVICE_UNAVAILABLE, "busy")
}

/// Too many at once of one address or one link.
pub(super) fn slow(words: Words, wait: Duration) -> Response {
    let mut response = plain(words, StatusCode::TOO_MANY_REQUESTS, "slow");
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    response
}

/// Our own fault.
pub(super) fn failed(words: Words) -> Response {
    plain(words, StatusCode::INTERNAL_SERVER_ERROR, "busy")
}

impl Page<'_> {
    /// The page in a language.
    pub(super) fn show(&self, words: Words) -> Response {
        let (mut status, name, body) = match self.stage {
            Stage::Asked => (StatusCode::OK, "asked", self.asked(words)),
            Stage::Going if self.is_assigned() => (StatusCode::OK, "assigned", self.going(words)),
            Stage::Going => (StatusCode::OK, "going", self.going(words)),
            Stage::Held => (StatusCode::OK, "held", self.held(words)),
            Stage::Done => (StatusCode::OK, "done", self.done(words)),
            Stage::Declined => (StatusCode::OK, "declined", note(words, "declined_note")),
            Stage::Filled => (StatusCode::GONE, "filled", filled(words)),
            Stage::StandsBy => (StatusCode::OK, "standing_by", note(words, "standing_by_note")),
            Stage::Released => (StatusCode::GONE, "released", note(words, "released_note")),
            Stage::Ended => return ended(words),
        };
        let mut title = words.say(&format!("{name}_title"));
        if self.stage == Stage::Asked && self.notice != Notice::None {
            let (code, name) = match self.notice {
                Notice::NotAble => (StatusCode::CONFLICT, "not_able_title"),
                _ => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_title"),
            };
            status = code;
            title = words.say(name);
        }
        framed(words, status, &title, body)
    }

    /// The question: what is known before a yes, the yes, and each no.
    fn asked(&self, words: Words) -> Markup {
        let title = self.invitation.title.get(words.0);
        html! {
            @match self.notice {
                Notice::None => {}
                Notice::Invalid => p.alert role="alert" id="wrong" { (words.say("invalid")) },
                Notice::NotAble => p.alert role="alert" { (words.say("not_able_note")) },
            }
            (self.facts(words, title))
            @if self.notice != Notice::NotAble {
                form method="post" {
                    button.yes name="answer" value="yes" { (words.say("accept")) }
                    p { (words.say("accept_note")) }
                }
            }
            h2 id="no" { (words.say("decline_title")) }
            p { (words.say("decline_note")) }
            form method="post" aria-labelledby="no" {
                @for (value, name) in [
                    ("not_this_time", "no_time"),
                    ("too_far", "no_far"),
                    ("too_often", "no_often"),
                    ("not_this_person", "no_person"),
                ] {
                    button name="answer" value=(value) { (words.say(name)) }
                }
            }
            (self.hour(words))
            (self.away(words))
            h3 id="kind" { (title) }
            form method="post" aria-labelledby="kind" {
                div.check {
                    input type="checkbox" id="drop" name="drop" value="on";
                    label for="drop" { (words.say("kind_drop")) }
                }
                button name="answer" value="not_this_kind" { (words.say("no_kind")) }
            }
        }
    }

    fn hour(&self, words: Words) -> Markup {
        let wrong = (self.notice == Notice::Invalid).then_some("wrong");
        html! {
            h3 id="hours" { (words.say("hour_title")) }
            form method="post" aria-labelledby="hours" {
                label for="hour" { (words.say("hour_label")) }
                input type="time" id="hour" name="hour" required aria-describedby=[wrong];
                button name="answer" value="other_hour" { (words.say("no_hour")) }
            }
        }
    }

    fn away(&self, words: Words) -> Markup {
        let wrong = (self.notice == Notice::Invalid).then_some("wrong");
        let tomorrow = self.now.to_zoned(zone()).date().saturating_add(Span::new().days(1));
        let last = tomorrow.saturating_add(Span::new().days(365));
        html! {
            h3 id="away" { (words.say("away_title")) }
            form method="post" aria-labelledby="away" {
                label for="back" { (words.say("away_label")) }
                input type="date" id="back" name="back" required min=(tomorrow) max=(last) aria-describedby=[wrong];
                button name="answer" value="away" { (words.say("no_away")) }
            }
        }
    }

    /// The promise: where, to whom, for the calendar, and the way out of it.
    fn going(&self, words: Words) -> Markup {
        let title = self.invitation.title.get(words.0);
        let calendar = format!("{}/gig.ics?lang={}", self.token.expose(), words.code());
        html! {
            @if self.is_assigned() {
                p { (words.say("assigned_note")) }
            }
            (self.facts(words, title))
            (self.details(words))
            a.button href=(calendar) { (words.say("calendar")) }
            (self.way_out(words))
        }
    }

    /// Whether they go because a plan chose them: nobody has asked them.
    fn is_assigned(&self) -> bool {
        self.invitation.assignment.as_ref().is_some_and(|one| one.source == ClaimSource::Plan)
    }

    fn held(&self, words: Words) -> Markup {
        html! {
            p { (words.say("held_note")) }
            (self.facts(words, self.invitation.title.get(words.0)))
            (self.way_out(words))
        }
    }

    fn done(&self, words: Words) -> Markup {
        html! {
            (self.facts(words, self.invitation.title.get(words.0)))
            (self.details(words))
        }
    }

    /// Within the minutes of grace a yes is taken back; after them a slot is given back.
    fn way_out(&self, words: Words) -> Markup {
        let (name, value, explained) = match self.invitation.undo_until {
            Some(until) => ("undo", "undo", words.until("undo_note", until)),
            None if self.invitation.may_release => ("cancel", "release", words.say("cancel_note")),
            None => return html! {},
        };
        html! {
            h2 { (words.say(&format!("{name}_title"))) }
            p { (explained) }
            form method="post" {
                button name="answer" value=(value) { (words.say(name)) }
            }
        }
    }
}

fn note(words: Words, name: &str) -> Markup {
    html! { p { (words.say(name)) } }
}

fn filled(words: Words) -> Markup {
    html! {
        p { (words.say("filled_note")) }
        p { (words.say("reserve_note")) }
        form method="post" {
            button name="answer" value="stand_by" { (words.say("stand_by")) }
        }
    }
}
