//! What happened: to a gig, or in a network as it is watched.

use std::collections::BTreeSet;
use std::time::Duration;

use dispatch::events::{Begin, EventFilter, Told};
use domain::{Event, EventKind, GigId, NetworkId, Reason, Refusal, Timestamp};
use proto::dispatch::v1 as wire;

use super::page::Binding;
use super::{Check, name, time};

/// How long a watch is silent when the caller says nothing.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(crate) fn of(event: &Event) -> wire::GigEvent {
    wire::GigEvent {
        name: name::of(&event.network, &event.id),
        kind: event.kind.code().to_owned(),
        actor: event.actor.to_string(),
        reason: event.reason.clone(),
        event_time: Some(time::of(event.time)),
        data: data(event),
    }
}

fn data(event: &Event) -> std::collections::HashMap<String, String> {
    event.data.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// What is watched, and from where on.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) network: NetworkId,
    pub(crate) filter: EventFilter,
    pub(crate) begin: Begin,
    pub(crate) silence: Duration,
    /// What the tokens of this watch are bound to.
    pub(crate) binding: Binding,
}

/// Reads a request to watch.
///
/// # Errors
/// Every wrong field, or a token of another watch.
pub(crate) fn watched(
    request: &wire::WatchEventsRequest,
    mut check: Check,
    method: &str,
    now: Timestamp,
) -> Result<Watched, Refusal> {
    let network = check.take("parent", name::network(&request.parent));
    let mut kinds = Vec::with_capacity(request.kinds.len());
    for (at, code) in request.kinds.iter().enumerate() {
        kinds.extend(check.take(format!("kinds[{at}]"), EventKind::from_code(code).ok_or_else(known_kinds)));
    }
    let subjects = network.as_ref().map(|network| subjects(&mut check, network, &request.subjects));
    let start = time::optional(&mut check, "start_time", request.start_time.as_ref());
    if start.is_some_and(|start| start > now) {
        check.add("start_time", "must not lie in the future");
    }
    if start.is_some() && !request.resume_token.is_empty() {
        check.add("start_time", "only one of start_time and resume_token may be given");
    }
    let silence =
        request.heartbeat_interval.as_ref().map(|given| time::millis(&mut check, "heartbeat_interval", given));
    let silence = silence.map_or(Some(HEARTBEAT), |millis| millis.map(Duration::from_millis));
    let all = network.zip(subjects).zip(silence);
    let ((network, subjects), silence) = check.finish(all)?;
    let binding = binding(request, method);
    let begin = match (start, request.resume_token.as_str()) {
        (Some(start), _) => Begin::At(start),
        (None, "") => Begin::Now,
        (None, token) => {
            let place = binding.cursor(token).and_then(|cursor| cursor.parse().ok());
            let detail = "the resume token belongs to another watch";
            Begin::After(place.ok_or_else(|| Refusal::new(Reason::ResumeTokenInvalid, detail))?)
        }
    };
    Ok(Watched { network, filter: EventFilter { kinds, subjects }, begin, silence, binding })
}

/// A token belongs to a network, kinds and subjects, in whatever order they are named.
fn binding(request: &wire::WatchEventsRequest, method: &str) -> Binding {
    let mut bound = wire::WatchEventsRequest {
        parent: request.parent.clone(),
        kinds: request.kinds.clone(),
        subjects: request.subjects.clone(),
        ..wire::WatchEventsRequest::default()
    };
    for list in [&mut bound.kinds, &mut bound.subjects] {
        list.sort_unstable();
        list.dedup();
    }
    Binding::of(method, &bound)
}

fn known_kinds() -> String {
    format!("must be one of {}", EventKind::ALL.map(EventKind::code).join(", "))
}

/// Names of resources of the network, as events have them.
fn subjects(check: &mut Check, network: &NetworkId, names: &[String]) -> BTreeSet<String> {
    let within = format!("{}/", name::of_network(network));
    let mut subjects = BTreeSet::new();
    for (at, name) in names.iter().enumerate() {
        match name.strip_prefix(&within) {
            Some(subject) => {
                subjects.insert(subject.to_owned());
            }
            None => check.add(format!("subjects[{at}]"), "must be a resource of the same network"),
        }
    }
    subjects
}

/// One message of a watch.
pub(crate) fn told(told: &Told, binding: Binding) -> wire::WatchEventsResponse {
    wire::WatchEventsResponse {
        event: told.event.as_ref().map(watched_event),
        resume_token: binding.token(Some(&told.place.to_string())),
    }
}

/// What it happened to, by its full name: the network itself, or something in it.
fn subject(network: &str, event: &Event) -> String {
    if event.subject == *network { network.to_owned() } else { format!("{network}/{}", event.subject) }
}

fn watched_event(event: &Event) -> wire::Event {
    let network = name::of_network(&event.network);
    let value = |key: &str| event.data.get(key).map(String::as_str);
    let about = || value("about").and_then(|about| about.strip_prefix("gigs/"));
    let gig = event.subject.strip_prefix("gigs/").or(value("gig")).or_else(about);
    let gig = gig.and_then(|id| id.parse::<GigId>().ok());
    wire::Event {
        name: name::of(&event.network, &event.id),
        kind: event.kind.code().to_owned(),
        subject: subject(&network, event),
        gig: name::of_optional(&event.network, gig.as_ref()),
        actor: event.actor.to_string(),
        event_time: Some(time::of(event.time)),
        data: data(event),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHOD: &str = "/keikka.dispatch.v1.EventService/WatchEvents";

    fn request() -> wire::WatchEventsRequest {
        wire::WatchEventsRequest { parent: "networks/kouvola".to_owned(), ..Default::default() }
    }

    fn read(request: &wire::WatchEventsRequest) -> Result<Watched, Refusal> {
        watched(request, Check::of(request), METHOD, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_token_leads_on_in_its_own_watch_only() {
        let kinds = |kinds: &[&str]| wire::WatchEventsRequest {
            kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
            ..request()
        };
        let place: store::EventPlace = "7.41.e-1".parse().expect("place");
        let both = kinds(&["gig_filled", "gig_reopened"]);
        let token = told(&Told { event: None, place: place.clone() }, read(&both).expect("read").binding).resume_token;
        let with = |request: wire::WatchEventsRequest| {
            read(&wire::WatchEventsRequest { resume_token: token.clone(), ..request }).map(|watched| watched.begin)
        };
        assert_eq!(with(both).expect("the same watch"), Begin::After(place.clone()));
        assert_eq!(with(kinds(&["gig_reopened", "gig_filled"])).expect("in another order"), Begin::After(place));
        for other in [
            request(),
            kinds(&["gig_filled"]),
            wire::WatchEventsRequest { parent: "networks/espoo".into(), ..request() },
        ] {
            assert_eq!(with(other).map_err(|refusal| refusal.reason), Err(Reason::ResumeTokenInvalid));
        }
        for mangled in ["x", "ä", &token[1..], &token[..token.len() - 2]] {
            let request = wire::WatchEventsRequest { resume_token: mangled.to_owned(), ..request() };
            assert_eq!(read(&request).map(|_| ()).map_err(|refusal| refusal.reason), Err(Reason::ResumeTokenInvalid));
        }
    }

    #[test]
    fn an_event_says_its_gig_and_nothing_that_people_wrote() {
        let event = |subject: &str, key: &str, value: &str| Event {
            network: NetworkId::new("kouvola").expect("id"),
            id: domain::EventId::new("e-1").expect("id"),
            kind: EventKind::GigCancelled,
            subject: subject.to_owned(),
            actor: domain::PrincipalId::new("call-centre-1").expect("id"),
            reason: "Aino Testinen soitti".to_owned(),
            time: Timestamp::UNIX_EPOCH,
            data: [(key.to_owned(), value.to_owned())].into(),
        };
        for event in [
            event("gigs/g-1", "from", "open"),
            event("offers/o-1", "gig", "g-1"),
            event("notifications/n-1", "about", "gigs/g-1"),
        ] {
            let shown = watched_event(&event);
            assert_eq!(shown.gig, "networks/kouvola/gigs/g-1");
            assert!(!format!("{shown:?}").contains("Aino"), "{shown:?}");
        }
        assert_eq!(watched_event(&event("plans/p-1", "filled", "3")).gig, "");
        assert_eq!(watched_event(&event("networks/kouvola", "version", "1")).subject, "networks/kouvola");
    }
}
