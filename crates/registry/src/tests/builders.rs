//! A registry on a fresh store, callers, and resources whose defaults are valid.

use std::collections::BTreeSet;

use domain::volunteer::{Caps, Standing, TravelMode};
use domain::{
    Association, AssociationId, Availability, ContactMode, ContactPreferences, Intake, Kind, KindId, LanguageTag, Meta,
    Name, Network, NetworkId, PhoneNumber, Principal, PrincipalId, RequestKey, Role, Scope, Seeker, SeekerId,
    Sensitive, Skill, SkillId, SortedSet, Timestamp, Volunteer, VolunteerId, WriteContext,
};
use store::{Database, OpenOptions};
use tempfile::TempDir;

use crate::{Error, Registry};

/// Monday 23 November 2026, 9:00 in Finland.
pub(super) fn monday() -> Timestamp {
    "2026-11-23T07:00:00Z".parse().expect("instant")
}

/// A registry with network `kouvola` in a directory that goes with it.
pub(super) struct House {
    pub(super) registry: Registry,
    pub(super) db: Database,
    _directory: TempDir,
}

impl House {
    pub(super) async fn new() -> Self {
        let house = Self::empty().await;
        house.registry.create(&ctx(), network("kouvola")).await.expect("network");
        house
    }

    pub(super) async fn empty() -> Self {
        let directory = tempfile::tempdir().expect("directory");
        let url = format!("sqlite://{}", directory.path().join("keikka.db").display());
        let db = Database::open(&url, OpenOptions { create: true, ..OpenOptions::default() }).await.expect("database");
        db.migrate().await.expect("schema");
        Self { registry: Registry::new(db.clone()), db, _directory: directory }
    }
}

/// A city coordinator who reaches every network.
pub(super) fn city() -> Scope {
    scope("city", None, None)
}

/// A caller bound to a network and perhaps an association.
pub(super) fn scope(id: &str, network: Option<&str>, association: Option<&str>) -> Scope {
    let role = if association.is_some() { Role::AssociationCoordinator } else { Role::CityCoordinator };
    let principal = Principal {
        id: PrincipalId::new(id).expect("id"),
        role,
        network: network.map(|id| NetworkId::new(id).expect("id")),
        association: association.map(|id| AssociationId::new(id).expect("id")),
        volunteer: None,
    };
    Scope::granted(principal, "test")
}

/// A write of now by the city.
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

pub(super) fn with_key(ctx: WriteContext, id: &str, body: u8) -> WriteContext {
    WriteContext { request: Some(RequestKey { id: id.to_owned(), body_hash: [body; 32] }), ..ctx }
}

pub(super) fn kouvola() -> NetworkId {
    NetworkId::new("kouvola").expect("id")
}

pub(super) fn name(text: &str) -> Name {
    Name::new(text).expect("name")
}

pub(super) fn network(id: &str) -> Network {
    Network {
        id: NetworkId::new(id).expect("id"),
        title: name("Silta"),
        city: name("Kouvola"),
        lead: None,
        city_contact: None,
        meta: Meta::created(Timestamp::UNIX_EPOCH),
    }
}

pub(super) fn association(id: &str) -> Association {
    Association {
        network: kouvola(),
        id: AssociationId::new(id).expect("id"),
        title: name("Ystävät ry"),
        website: Some("https://example.fi".to_owned()),
        phone: None,
        subnetworks: Vec::new(),
        external_id: None,
        meta: Meta::created(Timestamp::UNIX_EPOCH),
    }
}

pub(super) fn volunteer(id: &str) -> Volunteer {
    Volunteer {
        network: kouvola(),
        id: VolunteerId::new(id).expect("id"),
        association: None,
        external_id: None,
        name: Sensitive::new(name("Veikko Testinen")),
        phone: Some(PhoneNumber::new("040 123 4567").expect("phone")),
        email: None,
        sex: None,
        birth_year: Some(1960),
        home: None,
        travel_mode: TravelMode::Bike,
        travel_limit_min: 30,
        kinds: [KindId::new("shopping").expect("id")].into(),
        likes: SortedSet::new(),
        skills: Box::default(),
        languages: [LanguageTag::new("fi").expect("tag")].into(),
        availability: Availability::default(),
        caps: Caps { per_day: 1, per_week: 2 },
        contact: ContactPreferences::default(),
        blocked_seekers: SortedSet::new(),
        standing: Standing::Active,
        standing_reason: None,
        joined: None,
        meta: Meta::created(Timestamp::UNIX_EPOCH),
    }
}

pub(super) fn seeker(id: &str) -> Seeker {
    Seeker {
        network: kouvola(),
        id: SeekerId::new(id).expect("id"),
        association: None,
        external_id: None,
        name: Sensitive::new(name("Aino Avuntarve")),
        phone: None,
        home: None,
        languages: [LanguageTag::new("fi").expect("tag")].into(),
        familiar: BTreeSet::new(),
        blocked: BTreeSet::new(),
        intake: Intake::default(),
        contact_mode: ContactMode::Direct,
        meta: Meta::created(Timestamp::UNIX_EPOCH),
    }
}

pub(super) fn kind(id: &str) -> Kind {
    let mut kind = crate::catalogue::kinds(&kouvola(), Timestamp::UNIX_EPOCH).remove(0);
    kind.id = KindId::new(id).expect("id");
    kind
}

pub(super) fn skill(id: &str) -> Skill {
    let mut skill = crate::catalogue::skills(&kouvola(), Timestamp::UNIX_EPOCH).remove(0);
    skill.id = SkillId::new(id).expect("id");
    skill
}

/// The code of a refusal.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Refused(refusal)) => refusal.reason.code(),
        other => panic!("should be refused: {other:?}"),
    }
}

/// The wrong fields of a refusal.
pub(super) fn fields<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Refused(refusal)) => refusal.violations.as_slice().iter().map(|v| v.field.clone()).collect(),
        other => panic!("should be refused: {other:?}"),
    }
}
