//! A dispatch on a fresh store, callers, and rows whose defaults are valid. It is Monday 23 November 2026, 9:00 in Finland.

use std::collections::BTreeSet;
use std::str::FromStr;

use domain::availability::DaySpan;
use domain::kind::{Category, ScopeLimit};
use domain::skill::HeldSkill;
use domain::volunteer::{Caps, Standing, TravelMode};
use domain::{
    Assignment, Availability, ContactMode, ContactPreferences, Coordinates, Gig, GigId, GigState, Intake, Kind,
    LanguageTag, LocalizedText, Meta, MinuteOfDay, Name, Network, NetworkId, Place, Precision, Principal, PrincipalId,
    Reason, RequestKey, Role, Scope, Seeker, Sensitive, Skill, Slot, SortedSet, TimeWindow, Timestamp, Volunteer,
    WeeklyWindow, WriteContext,
};
use store::{Database, Document, Engine, Inserted, OpenOptions};
use tempfile::TempDir;

use crate::gigs::NewGig;
use crate::{Assigned, Dispatch, Error, Seat};

/// A value from text that is known to be good.
pub(super) fn parse<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("test text is good")
}

/// An instant of RFC 3339.
pub(super) fn at(text: &str) -> Timestamp {
    parse(text)
}

/// Monday, 9:00 in Finland.
pub(super) fn monday() -> Timestamp {
    at("2026-11-23T07:00:00Z")
}

/// A time of Tuesday in Finland: `tuesday(9, 30)`.
pub(super) fn tuesday(hour: i64, minute: i64) -> Timestamp {
    at("2026-11-23T22:00:00Z") + jiff::SignedDuration::from_mins(hour * 60 + minute)
}

/// From one hour of Tuesday to another.
pub(super) fn window(from: i64, to: i64) -> TimeWindow {
    TimeWindow::new(tuesday(from, 0), tuesday(to, 0)).expect("window")
}

pub(super) fn network() -> NetworkId {
    parse("kouvola")
}

/// A dispatch with network, catalogue, seekers and no volunteers, in a directory that goes with it.
pub(super) struct House {
    pub(super) dispatch: Dispatch,
    pub(super) db: Database,
    _directory: TempDir,
}

impl House {
    pub(super) async fn new() -> Self {
        Self::over(Engine::Sqlite).await
    }

    /// The same over one of the engines: a file, or a database of its own on the PostgreSQL of the tests.
    pub(super) async fn over(engine: Engine) -> Self {
        let directory = tempfile::tempdir().expect("directory");
        let url = match engine {
            Engine::Sqlite => format!("sqlite://{}", directory.path().join("keikka.db").display()),
            Engine::Postgres => postgres_database().await,
        };
        let db = Database::open(&url, OpenOptions { create: true, ..OpenOptions::default() }).await.expect("database");
        db.migrate().await.expect("schema");
        let house = Self { dispatch: Dispatch::new(db.clone()), db, _directory: directory };
        let net = Network {
            id: network(),
            title: name("Silta"),
            city: name("Kouvola"),
            lead: None,
            city_contact: None,
            meta: Meta::created(monday()),
        };
        house.put(net).await;
        for id in ["driving", "carrying"] {
            let title = LocalizedText::new(id, "", "");
            house
                .put(Skill { network: network(), id: parse(id), title, expires: false, meta: Meta::created(monday()) })
                .await;
        }
        for kind in [kind("shopping", Category::Errand), kind("call", Category::Call), kind("escort", Category::Escort)]
        {
            house.put(kind).await;
        }
        house.put(seeker("s1")).await;
        house.put(seeker("s2")).await;
        house
    }

    /// A house with volunteers of these ids.
    pub(super) async fn with(ids: &[&str]) -> Self {
        let house = Self::new().await;
        for id in ids {
            house.put(volunteer(id)).await;
        }
        house
    }

    pub(super) async fn put<D: Document>(&self, document: D) {
        let mut tx = self.db.write().await.expect("write");
        assert_eq!(tx.insert(&document).await.expect("insert"), Inserted::Done);
        tx.commit().await.expect("commit");
    }

    /// Stores a changed row, one version up.
    pub(super) async fn change<D: Document>(&self, mut document: D) {
        let mut tx = self.db.write().await.expect("write");
        let from = document.meta().version;
        *document.meta_mut() = document.meta().changed(monday());
        assert!(tx.update(&document, from).await.expect("update"));
        tx.commit().await.expect("commit");
    }

    /// Asks for shopping for a seeker on Tuesday between two hours.
    pub(super) async fn shopping(&self, id: &str, seeker: &str, from: i64, to: i64) -> Gig {
        self.gig(NewGig { id: Some(parse(id)), ..new("shopping", seeker, from, to) }).await
    }

    pub(super) async fn gig(&self, new: NewGig) -> Gig {
        self.dispatch.create_gig(&ctx(), new).await.expect("gig")
    }

    pub(super) async fn assign(&self, gig: &str, start: Timestamp, seats: &[(u8, &str)]) -> Result<Assigned, Error> {
        let seats: Vec<Seat> = seats.iter().map(|(slot, id)| Seat { slot: *slot, volunteer: parse(id) }).collect();
        self.dispatch.assign_volunteer(&ctx(), &network(), &parse(gig), Some(start), &seats, None).await
    }

    pub(super) async fn read(&self, gig: &str) -> Gig {
        self.dispatch.get_gig(&city(), &network(), &parse(gig)).await.expect("gig")
    }

    /// A volunteer as stored.
    pub(super) async fn volunteer(&self, id: &str) -> Volunteer {
        let mut tx = self.db.read().await.expect("read");
        tx.get::<Volunteer>(&network(), &parse(id)).await.expect("read").expect("volunteer")
    }

    pub(super) async fn assignments(&self, gig: &str) -> Vec<Assignment> {
        let mut tx = self.db.read().await.expect("read");
        tx.assignments_of_gig(&network(), &parse::<GigId>(gig)).await.expect("assignments")
    }

    pub(super) async fn events(&self, gig: &str) -> Vec<&'static str> {
        let page = store::PageRequest::first(100);
        let found = self.dispatch.gig_events(&city(), &network(), &parse(gig), &page).await.expect("events");
        found.items.iter().map(|event| event.kind.code()).collect()
    }
}

/// A database of its own; it goes with the throw-away PostgreSQL.
async fn postgres_database() -> String {
    let base = std::env::var("KEIKKA_TEST_POSTGRES_URL").expect(
        "KEIKKA_TEST_POSTGRES_URL is not set: `cargo xtask postgres start` prints it, `cargo xtask test` sets it",
    );
    let admin = Database::open(&base, OpenOptions::default()).await.expect("the PostgreSQL of the tests answers");
    let name = format!("keikka_dispatch_{}", uuid::Uuid::new_v4().simple());
    store::conformance::run_alone(&admin, &format!("create database {name}")).await;
    admin.close().await;
    let server = base.split('?').next().and_then(|url| url.rsplit_once('/')).expect("a URL").0;
    format!("{server}/{name}")
}

/// A city coordinator who reaches every network.
pub(super) fn city() -> Scope {
    scope(Role::CityCoordinator, None, None)
}

/// A caller of a role, bound to an association, or a volunteer.
pub(super) fn scope(role: Role, association: Option<&str>, volunteer: Option<&str>) -> Scope {
    let principal = Principal {
        id: parse::<PrincipalId>("tester"),
        role,
        network: None,
        association: association.map(parse),
        volunteer: volunteer.map(parse),
    };
    Scope::granted(principal, "test")
}

/// A write of Monday by the city.
pub(super) fn ctx() -> WriteContext {
    ctx_of(city())
}

pub(super) fn ctx_of(scope: Scope) -> WriteContext {
    WriteContext {
        scope,
        now: monday(),
        method: "/test/Write",
        request: None,
        validate_only: false,
        read_version: None,
    }
}

pub(super) fn ctx_at(now: Timestamp) -> WriteContext {
    WriteContext { now, ..ctx() }
}

pub(super) fn with_key(id: &str, body: u8) -> WriteContext {
    WriteContext { request: Some(RequestKey { id: id.to_owned(), body_hash: [body; 32] }), ..ctx() }
}

/// The reason of a refusal.
pub(super) fn reason<T: std::fmt::Debug>(result: Result<T, Error>) -> Reason {
    refusal(result).reason
}

pub(super) fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> domain::Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

pub(super) fn name(text: &str) -> Name {
    Name::new(text).expect("name")
}

pub(super) fn languages(tags: &[&str]) -> SortedSet<LanguageTag> {
    tags.iter().map(|tag| LanguageTag::new(tag).expect("language")).collect()
}

pub(super) fn place(lat: f64, lon: f64) -> Place {
    Place {
        coordinates: Coordinates::new(lat, lon).expect("Finland"),
        precision: Precision::Exact,
        postal_code: Some("45100".to_owned()),
        locality: Some(name("Kouvola")),
        street: Some(Sensitive::new(name("Esimerkkikatu 1 A 2"))),
    }
}

/// The centre of Kouvola.
pub(super) fn centre() -> Place {
    place(60.868, 26.704)
}

/// Koria, 8 km along the way from the centre: 847 s by car.
pub(super) fn koria() -> Place {
    place(60.845, 26.597)
}

pub(super) fn kind(id: &str, category: Category) -> Kind {
    Kind {
        network: network(),
        id: parse(id),
        title: LocalizedText::new(id, id, id),
        category,
        place_bound: category != Category::Call,
        helpers: 1,
        first_visit_two: false,
        required_skills: BTreeSet::new(),
        duration_s: 3600,
        min_age: None,
        scope_limits: vec![ScopeLimit {
            description: LocalizedText::new("sähkötyöt", "elarbeten", "electrical work"),
            refer_to: LocalizedText::new("sähköasentaja", "elmontör", "an electrician"),
            words: vec!["sähkö".to_owned()],
        }],
        meta: Meta::created(monday()),
    }
}

/// A seeker in the centre who speaks Finnish.
pub(super) fn seeker(id: &str) -> Seeker {
    Seeker {
        network: network(),
        id: parse(id),
        association: None,
        external_id: Some(id.to_uppercase()),
        name: Sensitive::new(name("Aino Testinen")),
        phone: None,
        home: Some(centre()),
        languages: languages(&["fi"]),
        familiar: BTreeSet::new(),
        blocked: BTreeSet::new(),
        intake: Intake::default(),
        contact_mode: ContactMode::Direct,
        meta: Meta::created(monday()),
    }
}

/// A driver in the centre who does everything in Finnish, every day from 8 to 16, twice a day and four times a week.
pub(super) fn volunteer(id: &str) -> Volunteer {
    Volunteer {
        network: network(),
        id: parse(id),
        association: None,
        external_id: None,
        name: Sensitive::new(name("Veikko Testinen")),
        phone: None,
        email: None,
        sex: None,
        birth_year: Some(1960),
        home: Some(centre()),
        travel_mode: TravelMode::Car,
        travel_limit_min: 30,
        kinds: ["shopping", "call", "escort"].map(parse).into(),
        likes: SortedSet::new(),
        skills: [HeldSkill::lasting(parse("driving"))].into(),
        languages: languages(&["fi"]),
        availability: every_day(8, 16),
        caps: Caps { per_day: 2, per_week: 4 },
        contact: ContactPreferences::default(),
        blocked_seekers: SortedSet::new(),
        standing: Standing::Active,
        standing_reason: None,
        joined: None,
        meta: Meta::created(monday()),
    }
}

pub(super) fn every_day(from: u16, to: u16) -> Availability {
    let time = |hour: u16| MinuteOfDay::new(hour * 60).expect("time");
    let span = DaySpan::new(time(from), time(to)).expect("span");
    let day = |weekday| WeeklyWindow { weekday, span, every_n_weeks: 1, valid_from: None, valid_until: None };
    Availability { weekly: (1..=7).map(day).collect(), ..Availability::default() }
}

/// A gig of a kind for a seeker on Tuesday between two hours.
pub(super) fn new(kind: &str, seeker: &str, from: i64, to: i64) -> NewGig {
    NewGig::new(network(), parse(kind), parse(seeker), vec![window(from, to)])
}

/// The same for two helpers.
pub(super) fn for_two(id: &str, from: i64, to: i64) -> NewGig {
    NewGig { id: Some(parse(id)), slots: vec![Slot::default(); 2], ..new("shopping", "s1", from, to) }
}

/// What must be true of any gig and its assignments, whatever happened.
pub(super) fn invariants(gig: &Gig, assignments: &[Assignment]) {
    use domain::AssignmentState as A;
    let active: Vec<&Assignment> = assignments.iter().filter(|a| a.state.is_active()).collect();
    let mut slots: Vec<u8> = active.iter().map(|a| a.slot).collect();
    slots.sort_unstable();
    slots.dedup();
    assert_eq!(slots.len(), active.len(), "a slot is taken twice");
    let whole = active.len() == gig.slots.len();
    match gig.state {
        GigState::Filled => {
            assert!(whole && active.iter().all(|a| a.state == A::Accepted), "filled means all accepted")
        }
        GigState::Open | GigState::Offered => assert!(!whole && active.iter().all(|a| a.state == A::Held)),
        GigState::InProgress => assert!(whole && active.iter().all(|a| a.state == A::Started)),
        _ => assert!(active.is_empty(), "nothing is active after the end"),
    }
    if gig.state.wants_helpers() {
        assert_eq!(gig.start.is_some(), !active.is_empty(), "the start is agreed while somebody is held");
    }
}
