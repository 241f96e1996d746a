//! What people reach with a browser or a phone, beside gRPC on the public port: the pages behind the links of messages, what the
//! provider of text messages calls, and calendars to subscribe to.
//!
//! A link is a right: whoever holds it is the volunteer whom it was sent to, for what it is about, and nothing else. Reading (GET,
//! HEAD) changes nothing, however often a scanner does it; every change is a POST. No link is logged or counted: only the route is.

mod address;
mod calendar;
mod form;
mod guard;
mod pace;
mod pages;
mod reply;
mod sms;
mod words;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};
use notification::reply::callback::CALLBACK_BYTES_MAX;

use crate::answers::Offers;
use crate::clock::Clock;
use crate::edge::GateSettings;
use crate::services::Rooms;
use crate::settings::Settings;
use pace::Pace;

/// What the pages work with.
#[derive(Debug, Clone)]
pub(crate) struct Web {
    rooms: Arc<Rooms>,
    offers: Offers,
    clock: Clock,
    gate: Arc<GateSettings>,
    limits: Arc<Limits>,
}

/// How often pages may be asked for.
#[derive(Debug)]
pub(crate) struct Limits {
    of_address: Pace,
    of_link: Pace,
    proxies: Vec<IpAddr>,
}

impl Limits {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            of_address: Pace::of(settings.limits.pages_per_address_min),
            of_link: Pace::of(settings.limits.pages_per_link_min),
            proxies: settings.server.trusted_proxies.clone(),
        }
    }
}

impl Web {
    pub(crate) fn new(rooms: &Arc<Rooms>, clock: Clock, gate: Arc<GateSettings>, limits: Limits) -> Self {
        let offers = Offers::new(rooms.dispatch.clone());
        Self { rooms: Arc::clone(rooms), offers, clock, gate, limits: Arc::new(limits) }
    }
}

/// The routes of all pages, each behind the guard.
pub(crate) fn routes(web: Web) -> Router {
    Router::new()
        .route("/r/{token}", get(reply::look).post(reply::answer))
        .route("/r/{token}/gig.ics", get(reply::calendar))
        .route("/cal/{file}", get(calendar::look))
        .route("/sms/inbound", post(sms::inbound))
        .route("/sms/receipt", post(sms::receipt))
        .route_layer(middleware::from_fn_with_state(web.clone(), guard::pass))
        .layer(DefaultBodyLimit::max(CALLBACK_BYTES_MAX))
        .with_state(web)
}
