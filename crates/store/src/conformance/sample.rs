//! Sample resources: synthetic people and gigs, each in a least form and with every optional part.

use std::collections::{BTreeMap, BTreeSet};

use domain::asking::{Asking, AskingPolicy, AskingState, Suggestion};
use domain::availability::DaySpan;
use domain::event::EventKind;
use domain::explanation::{CascadeStep, Competition, NearestMiss, ReasonClass};
use domain::gig::Wishes;
use domain::gig::{GigNo, OtherHour};
use domain::intake::{Need, Sex, TaxiOrder};
use domain::kind::{Category, ScopeLimit};
use domain::offer::{DeclineReason, Expectation, OfferState};
use domain::plan::{
    ChangeKind, Coverage, PlanDemand, PlanItem, PlanOutcome, PlanStage, PlanState, SolveStatus, TravelSource,
};
use domain::skill::{HeldSkill, SkillCheck};
use domain::text::ServiceLanguage;
use domain::volunteer::{Caps, Standing, TravelMode};
use domain::{
    Assignment, AssignmentState, Association, Availability, AvailabilityException, Channel, ClaimSource, ContactMode,
    ContactPreferences, Coordinates, Date, DateRange, Event, Explanation, Gig, GigState, Intake, Kind, LanguageTag,
    LocalizedText, Meta, MinuteOfDay, Name, Network, NetworkId, Note, Offer, PhoneNumber, Place, Plan, Precision,
    Principal, RequestKey, Role, Scope, Seeker, Sensitive, Skill, Slot, SortedSet, TimeWindow, Timestamp, Volunteer,
    WeeklyWindow, WriteContext,
};

/// A value from text that is known to be good.
pub fn parse<T: std::str::FromStr>(text: &str) -> T {
    text.parse().ok().expect("sample text is good")
}

/// An instant, in minutes after 23 November 2026, 10:00 UTC.
#[must_use]
pub fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_795_428_000 + minutes * 60).expect("a sample instant")
}

/// From one minute to another.
#[must_use]
pub fn span(from: i64, to: i64) -> TimeWindow {
    TimeWindow::new(minute(from), minute(to)).expect("a sample window")
}

fn name(text: &str) -> Name {
    Name::new(text).expect("a sample name")
}

fn note(text: &str) -> Sensitive<Note> {
    Sensitive::new(Note::new(text).expect("a sample note"))
}

fn day(text: &str) -> Date {
    parse(text)
}

fn languages(tags: &[&str]) -> SortedSet<LanguageTag> {
    tags.iter().map(|tag| LanguageTag::new(tag).expect("a sample language")).collect()
}

fn hours(from: u16, to: u16) -> DaySpan {
    let time = |hour| MinuteOfDay::new(hour * 60).expect("a sample time");
    DaySpan::new(time(from), time(to)).expect("a sample span")
}

fn text(fi: &str) -> LocalizedText {
    LocalizedText::new(fi, "på svenska", "in English")
}

fn place() -> Place {
    Place {
        coordinates: Coordinates::new(60.868_012_345, 26.704_198_765).expect("Kouvola"),
        precision: Precision::Exact,
        postal_code: Some("45100".to_owned()),
        locality: Some(name("Kouvola")),
        street: Some(Sensitive::new(name("Esimerkkikatu 1 A 2"))),
    }
}

fn intake() -> Intake {
    Intake {
        consent_time: Some(minute(-60)),
        needs: BTreeSet::from([Need::StepFreeCar, Need::TwoCarriers]),
        door_code: Some(note("1234")),
        taxi: Some(TaxiOrder::CallCentre),
        preferred_sex: Some(Sex::Female),
        note: Some(note("soita ovikelloa kahdesti")),
    }
}

/// A network.
#[must_use]
pub fn network(id: &NetworkId) -> Network {
    Network {
        id: id.clone(),
        title: name("Kouvolan verkosto"),
        city: name("Kouvola"),
        lead: Some(Sensitive::new(name("Testiyhdistys ry"))),
        city_contact: Some(Sensitive::new(name("Aino Esimerkki"))),
        meta: Meta::created(minute(0)),
    }
}

/// An association with every optional part.
#[must_use]
pub fn association(network: &NetworkId, id: &str) -> Association {
    Association {
        network: network.clone(),
        id: parse(id),
        title: name("Testiyhdistys ry"),
        website: Some("https://example.org".to_owned()),
        phone: Some(PhoneNumber::new("040 123 4567").expect("a sample number")),
        subnetworks: vec![name("Ikäihmiset")],
        external_id: Some(format!("list-{id}")),
        meta: Meta::created(minute(0)),
    }
}

/// A volunteer with nothing optional.
#[must_use]
pub fn volunteer(network: &NetworkId, id: &str) -> Volunteer {
    Volunteer {
        network: network.clone(),
        id: parse(id),
        association: None,
        external_id: None,
        name: Sensitive::new(name("Ville Vapaaehtoinen")),
        phone: None,
        email: None,
        sex: None,
        birth_year: None,
        home: None,
        travel_mode: TravelMode::Walk,
        travel_limit_min: 20,
        kinds: SortedSet::from([parse("shopping")]),
        likes: SortedSet::new(),
        skills: Box::default(),
        languages: languages(&["fi"]),
        availability: Availability::default(),
        caps: Caps::default(),
        contact: ContactPreferences::default(),
        blocked_seekers: SortedSet::new(),
        standing: Standing::Active,
        standing_reason: None,
        joined: None,
        meta: Meta::created(minute(0)),
    }
}

/// A volunteer with every optional part.
#[must_use]
pub fn full_volunteer(network: &NetworkId, id: &str) -> Volunteer {
    Volunteer {
        association: Some(parse("a1")),
        external_id: Some(format!("list-{id}")),
        phone: Some(PhoneNumber::new("+358401234567").expect("a sample number")),
        email: Some(Sensitive::new("ville@example.org".to_owned())),
        sex: Some(Sex::Male),
        birth_year: Some(1958),
        home: Some(place()),
        likes: SortedSet::from([parse("shopping")]),
        skills: [HeldSkill {
            skill: parse("first-aid"),
            valid_from: Some(day("2026-01-01")),
            valid_until: Some(day("2027-12-31")),
            check: SkillCheck::told(Some(minute(-1_000)), Some(name("Koordinaattori"))),
        }]
        .into(),
        languages: languages(&["fi", "sv-FI", "ru"]),
        availability: Availability {
            weekly: [WeeklyWindow {
                weekday: 1,
                span: hours(9, 16),
                every_n_weeks: 2,
                valid_from: Some(day("2026-11-02")),
                valid_until: Some(day("2027-05-31")),
            }]
            .into(),
            exceptions: [AvailabilityException { day: day("2026-12-06"), spans: vec![hours(12, 14)] }].into(),
            pauses: [DateRange::new(day("2026-12-20"), day("2027-01-06")).expect("a sample range")].into(),
        },
        contact: ContactPreferences {
            channels: [Channel::Email, Channel::Sms].into(),
            language: ServiceLanguage::Sv,
            weekly_budget: 3,
            hours: Some(hours(10, 18)),
        },
        blocked_seekers: SortedSet::from([parse("s9")]),
        standing: Standing::Paused,
        standing_reason: Some(name("Matkoilla")),
        joined: Some(day("2025-09-01")),
        ..volunteer(network, id)
    }
}

/// A seeker with every optional part.
#[must_use]
pub fn seeker(network: &NetworkId, id: &str) -> Seeker {
    Seeker {
        network: network.clone(),
        id: parse(id),
        association: Some(parse("a1")),
        external_id: Some(format!("list-{id}")),
        name: Sensitive::new(name("Aino Avunsaaja")),
        phone: Some(PhoneNumber::new("05 123 4567").expect("a sample number")),
        home: Some(place()),
        languages: languages(&["fi"]),
        familiar: BTreeSet::from([parse("v1"), parse("v2")]),
        blocked: BTreeSet::from([parse("v3")]),
        intake: intake(),
        contact_mode: ContactMode::Mediated,
        meta: Meta::created(minute(0)),
    }
}

/// A kind with every optional part.
#[must_use]
pub fn kind(network: &NetworkId, id: &str) -> Kind {
    Kind {
        network: network.clone(),
        id: parse(id),
        title: text("Kauppa-apu"),
        category: Category::Errand,
        place_bound: true,
        helpers: 2,
        first_visit_two: true,
        required_skills: BTreeSet::from([parse("first-aid")]),
        duration_s: 3_600,
        min_age: Some(18),
        scope_limits: vec![ScopeLimit {
            description: text("sähkötyöt"),
            refer_to: text("sähköasentaja"),
            words: vec!["sähkö".to_owned()],
        }],
        meta: Meta::created(minute(0)),
    }
}

/// A skill.
#[must_use]
pub fn skill(network: &NetworkId, id: &str) -> Skill {
    Skill {
        network: network.clone(),
        id: parse(id),
        title: text("Ensiapu"),
        expires: true,
        meta: Meta::created(minute(0)),
    }
}

/// An open gig with nothing optional, from minute 0 to 120, one hour long.
#[must_use]
pub fn gig(network: &NetworkId, id: &str) -> Gig {
    Gig {
        network: network.clone(),
        id: parse(id),
        association: None,
        external_id: None,
        kind: parse("shopping"),
        seeker: parse("s1"),
        place: None,
        destination: None,
        windows: vec![span(0, 120)],
        duration_s: 3_600,
        slots: vec![Slot::default()],
        languages: languages(&["fi"]),
        priority: 3,
        wishes: Wishes::default(),
        campaign: None,
        intake: Intake::default(),
        note: None,
        state: GigState::Open,
        start: None,
        reopened: 0,
        other_hours: Vec::new(),
        noes: Vec::new(),
        cancel_reason: None,
        meta: Meta::created(minute(0)),
    }
}

/// A gig with every optional part.
#[must_use]
pub fn full_gig(network: &NetworkId, id: &str) -> Gig {
    Gig {
        association: Some(parse("a1")),
        external_id: Some(format!("list-{id}")),
        place: Some(place()),
        destination: Some(Place { street: None, ..place() }),
        windows: vec![span(1_440, 1_600), span(0, 120)],
        slots: vec![
            Slot { skills: BTreeSet::from([parse("driving")]), label: Some(name("kuljettaja")) },
            Slot::default(),
        ],
        wishes: Wishes { preferred_sex: Some(Sex::Female), familiar_face: true },
        campaign: Some(name("Yhdessä ulos 2026")),
        intake: intake(),
        note: Some(note("kaksi kassia maitoa, leipää ja juustoa")),
        state: GigState::Cancelled,
        start: Some(minute(30)),
        reopened: 2,
        other_hours: vec![OtherHour { volunteer: parse("v3"), start: minute(45) }],
        noes: vec![
            GigNo { volunteer: parse("v3"), hour: Some(minute(30)), by_coordinator: false },
            GigNo { volunteer: parse("v4"), hour: None, by_coordinator: true },
        ],
        cancel_reason: Some(name("peruttu")),
        ..gig(network, id)
    }
}

/// An offer with every optional part.
#[must_use]
pub fn offer(network: &NetworkId, id: &str) -> Offer {
    Offer {
        network: network.clone(),
        id: parse(id),
        gig: parse("g1"),
        kind: Some(parse("shopping")),
        slot: 1,
        volunteer: parse("v1"),
        start: minute(0),
        expire_time: minute(30),
        wave: 2,
        travel_s: 840,
        expectation: Some(Expectation {
            yes_ppm: 150_000,
            propensity_ppm: 970_000,
            kind_asked: 4,
            kind_accepted: 1,
            asked_in_week: 2,
            days_since_gig: Some(12),
            knows_seeker: true,
            channel: Some(Channel::Sms),
        }),
        state: OfferState::Declined,
        sent_time: Some(minute(-29)),
        delivered_time: Some(minute(-28)),
        answer_time: Some(minute(-5)),
        decline_reason: Some(DeclineReason::OtherHour),
        other_start: Some(minute(60)),
        stands_by: true,
        is_invited: true,
        undone: 1,
        meta: Meta::created(minute(-30)),
    }
}

/// The asking for a gig, with every optional part.
#[must_use]
pub fn asking(network: &NetworkId, gig: &str) -> Asking {
    Asking {
        network: network.clone(),
        id: parse(gig),
        association: Some(parse("a1")),
        policy: AskingPolicy::WavesOfTwo,
        start: minute(60),
        begun_time: Some(minute(-10)),
        deadline: minute(30),
        waves: 3,
        next_time: minute(10),
        state: AskingState::Exhausted,
        suggestion: Some(Suggestion::OtherTime),
        meta: Meta::created(minute(0)),
    }
}

/// A plan with every optional part.
#[must_use]
pub fn plan(network: &NetworkId, id: &str) -> Plan {
    let item = PlanItem {
        gig: parse("g1"),
        gig_version: 3,
        change: ChangeKind::Moved,
        start: Some(minute(15)),
        volunteers: vec![parse("v1"), parse("v2")],
        volunteer_versions: vec![1, 7],
        previous_start: Some(minute(0)),
        previous_volunteers: vec![parse("v3"), parse("v4")],
        why: "saves 12 min of travel".to_owned(),
        is_asked_for: true,
        open_offers: 2,
    };
    let open = Explanation {
        gig: parse("g2"),
        class: ReasonClass::Outbid,
        considered: 120,
        cascade: vec![CascadeStep { rule: "SKILL_MISSING".to_owned(), remaining: 7 }],
        nearest_misses: vec![NearestMiss {
            volunteer: parse("v5"),
            rule: "TRAVEL_TOO_LONG".to_owned(),
            amount: 300,
            change: text("matkaraja 25 min"),
        }],
        competition: Some(Competition { volunteer: parse("v1"), gigs: vec![parse("g1")], weight_lost: 4 }),
        text: text("tarvittiin muualla"),
    };
    let outcome = PlanOutcome {
        travel_source: TravelSource::Roads,
        status: SolveStatus::Gap,
        weight: 490,
        bound_weight: 491,
        gap: 0.002_040_816_326_530_612,
        travel_s: 86_400,

        gigs: 120,
        of: 150,
        terms: BTreeMap::from([("familiar".to_owned(), 1_500)]),
        digest: "0f".repeat(32),
        solve_ms: 1_234,
        objective: 9_655_150,
        bound: i64::MAX,
        stages: vec![PlanStage { name: "cuts".to_owned(), objective: -1, bound: None, elapsed_ms: 31 }],
        solver: "keikka 0.1.0, HiGHS 1.15.0".to_owned(),
        by_kind: vec![(parse("shopping"), Coverage { covered: 40, of: 50 })],
        by_priority: vec![(5, Coverage { covered: 10, of: 10 })],
        busiest_day: Some((day("2026-11-24"), 31)),
        items: vec![item],
        open: vec![open],
        demands: vec![PlanDemand {
            volunteer: parse("v1"),
            window: span(0, 600),
            hours: span(60, 120),
            gigs: vec![(parse("g1"), minute(70))],
            promised: vec![parse("g2")],
            worth_s: 79_000,
        }],
    };
    Plan {
        network: network.clone(),
        id: parse(id),
        period: span(0, 10_080),
        budget_ms: 10_000,
        seed: u64::MAX,
        allow_moving_promises: true,
        promise_cost: 60,
        state: PlanState::Ready,
        progress_permille: 1_000,
        outcome: Some(outcome),
        failure: Some(name("ei mitään")),
        meta: Meta::created(minute(0)),
    }
}

/// An accepted assignment of slot 0 with every optional part.
#[must_use]
pub fn assignment(network: &NetworkId, id: &str, gig: &str, volunteer: &str, span: TimeWindow) -> Assignment {
    Assignment {
        network: network.clone(),
        id: parse(id),
        gig: parse(gig),
        slot: 0,
        volunteer: parse(volunteer),
        span,
        state: AssignmentState::Accepted,
        source: ClaimSource::Quote,
        told_time: Some(minute(1)),
        release_reason: Some(name("sairastui")),
        is_given_back: true,
        create_time: minute(0),
        update_time: minute(0),
    }
}

/// An event.
#[must_use]
pub fn event(network: &NetworkId, id: &str, kind: EventKind, subject: &str) -> Event {
    Event {
        network: network.clone(),
        id: parse(id),
        kind,
        subject: subject.to_owned(),
        actor: parse("coordinator"),
        reason: "sovittu puhelimessa".to_owned(),
        time: minute(0),
        data: BTreeMap::from([("volunteer".to_owned(), "v1".to_owned())]),
    }
}

/// The context of a write by a principal, with a request id and the hash of its body.
#[must_use]
pub fn write_context(network: &NetworkId, principal: &str, request: Option<(&str, u8)>) -> WriteContext {
    let principal = Principal {
        id: parse(principal),
        role: Role::CityCoordinator,
        network: Some(network.clone()),
        association: None,
        volunteer: None,
    };
    WriteContext {
        scope: Scope::granted(principal, "conformance"),
        now: minute(0),
        method: "/keikka.dispatch.v1.GigService/CreateGig",
        request: request.map(|(id, body)| RequestKey { id: id.to_owned(), body_hash: [body; 32] }),
        validate_only: false,
        read_version: None,
    }
}
