//! A gig is asked for: what the caller left out comes from its kind and its seeker.

use domain::gig::Wishes;
use domain::{
    AssociationId, EventKind, Gig, GigId, GigState, Intake, Kind, KindId, LanguageTag, Meta, Name, NetworkId, Note,
    Place, Reason, Refusal, Scope, Seeker, SeekerId, Sensitive, Slot, SortedSet, TimeWindow, Timestamp, Violations,
    WriteContext,
};
use store::{Document, Inserted, Tx};

use super::rules::{self, References};
use super::{PRIORITY_DEFAULT, whole_seconds};
use crate::history::{Entry, new_id};
use crate::{Dispatch, Error};

/// A gig as a caller asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct NewGig {
    /// The network.
    pub network: NetworkId,
    /// The identifier; made by the service if none.
    pub id: Option<GigId>,
    /// The association that asks; else the caller's own, else the seeker's.
    pub association: Option<AssociationId>,
    /// Its key in the coordinators' own list.
    pub external_id: Option<String>,
    /// Its kind.
    pub kind: KindId,
    /// Who gets help.
    pub seeker: SeekerId,
    /// Where it happens; else, for a kind with a place, the seeker's home.
    pub place: Option<Place>,
    /// Where an escort ends.
    pub destination: Option<Place>,
    /// Alternative windows.
    pub windows: Vec<TimeWindow>,
    /// How long it takes, in seconds; else as long as its kind says.
    pub duration_s: Option<u32>,
    /// The slots; empty: as many as the kind says, two for a first visit that takes two.
    pub slots: Vec<Slot>,
    /// Languages; empty: the seeker's.
    pub languages: SortedSet<LanguageTag>,
    /// 1 to 5; else [`PRIORITY_DEFAULT`].
    pub priority: Option<u8>,
    /// What would be nice.
    pub wishes: Wishes,
    /// The campaign it belongs to.
    pub campaign: Option<Name>,
    /// What was asked on the phone.
    pub intake: Intake,
    /// What is to be done.
    pub note: Option<Sensitive<Note>>,
}

impl NewGig {
    /// A request with everything left out that can be.
    #[must_use]
    pub fn new(network: NetworkId, kind: KindId, seeker: SeekerId, windows: Vec<TimeWindow>) -> Self {
        Self {
            network,
            id: None,
            association: None,
            external_id: None,
            kind,
            seeker,
            place: None,
            destination: None,
            windows,
            duration_s: None,
            slots: Vec::new(),
            languages: SortedSet::new(),
            priority: None,
            wishes: Wishes::default(),
            campaign: None,
            intake: Intake::default(),
            note: None,
        }
    }

    /// The gig with what was left out filled in.
    pub(super) fn complete(self, references: &References, scope: &Scope, now: Timestamp) -> Gig {
        let (kind, seeker) = (references.kind.as_ref(), references.seeker.as_ref());
        let home = || seeker.and_then(|seeker| seeker.home.clone());
        let slots = if self.slots.is_empty() {
            vec![Slot::default(); helpers(kind, references.first_visit)]
        } else {
            self.slots
        };
        let mut windows: Vec<TimeWindow> = self.windows.iter().map(whole_seconds).collect();
        windows.sort();
        Gig {
            association: self
                .association
                .or_else(|| scope.association().cloned())
                .or_else(|| seeker.and_then(|seeker| seeker.association.clone())),
            place: self.place.or_else(|| kind.filter(|kind| kind.place_bound).and_then(|_| home())),
            destination: self.destination,
            windows,
            duration_s: self.duration_s.or(kind.map(|kind| kind.duration_s)).unwrap_or(0),
            slots,
            languages: if self.languages.is_empty() { spoken(seeker) } else { self.languages },
            priority: self.priority.unwrap_or(PRIORITY_DEFAULT),
            network: self.network,
            id: self.id.unwrap_or_else(|| GigId::from_uuid(new_id(now))),
            external_id: self.external_id,
            kind: self.kind,
            seeker: self.seeker,
            wishes: self.wishes,
            campaign: self.campaign,
            intake: self.intake,
            note: self.note,
            state: GigState::Open,
            start: None,
            reopened: 0,
            other_hours: Vec::new(),
            noes: Vec::new(),
            cancel_reason: None,
            meta: Meta::created(now),
        }
    }
}

/// How many helpers a gig gets when the caller says nothing.
fn helpers(kind: Option<&Kind>, first_visit: bool) -> usize {
    kind.map_or(1, |kind| if kind.first_visit_two && first_visit { 2 } else { usize::from(kind.helpers.clamp(1, 2)) })
}

fn spoken(seeker: Option<&Seeker>) -> SortedSet<LanguageTag> {
    seeker.map(|seeker| seeker.languages.clone()).unwrap_or_default()
}

/// The gig that a request stands for, checked whole, and its kind.
pub(crate) async fn prepared(tx: &mut Tx, scope: &Scope, new: NewGig, now: Timestamp) -> Result<Gig, Error> {
    let references = References::find(tx, scope, &new.network, &new.kind, &new.seeker).await?;
    let external_id = new.external_id.clone();
    // Windows are checked in the order in which the caller gave them.
    let given: Vec<TimeWindow> = new.windows.iter().map(whole_seconds).collect();
    let gig = new.complete(&references, scope, now);
    let mut violations = rules::check(&Gig { windows: given, ..gig.clone() }, &references, &[], now);
    rules::association(tx, scope, &gig, &mut violations).await?;
    check_external_id(external_id.as_deref(), &mut violations);
    let kind = violations.into_result(references.kind)?;
    rules::within_scope(&gig, &kind)?;
    Ok(gig)
}

/// Longest key in a coordinators' list, in characters.
const EXTERNAL_ID_CHARS_MAX: usize = 100;

fn check_external_id(external_id: Option<&str>, violations: &mut Violations) {
    let Some(text) = external_id else { return };
    let chars = text.chars().count();
    if chars == 0 || chars > EXTERNAL_ID_CHARS_MAX || text.chars().any(char::is_control) {
        violations.add("gig.external_id", format!("must be 1 to {EXTERNAL_ID_CHARS_MAX} visible characters"));
    }
}

/// Another gig has the external id.
pub(super) fn external_id_taken() -> Refusal {
    Refusal::new(Reason::ExternalIdExists, "another gig has this external id").with("field", "gig.external_id")
}

/// Stores a new gig with its event.
pub(crate) async fn store_new(tx: &mut Tx, ctx: &WriteContext, gig: &Gig) -> Result<(), Error> {
    match tx.insert(gig).await? {
        Inserted::Done => {}
        Inserted::IdTaken => {
            let refusal = Refusal::new(Reason::ResourceExists, "the gig id is taken");
            return Err(refusal.with("name", gig.full_name()).into());
        }
        Inserted::ExternalIdTaken => return Err(external_id_taken().into()),
    }
    Entry::new(EventKind::Created, gig.name()).with("kind", &gig.kind).write(tx, ctx, &gig.network).await
}

impl Dispatch {
    /// Asks for a gig.
    ///
    /// # Errors
    /// `FIELDS_INVALID` with every wrong field, `OUT_OF_SCOPE` with where to turn, `RESOURCE_EXISTS`, `EXTERNAL_ID_EXISTS`,
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's.
    pub async fn create_gig(&self, ctx: &WriteContext, new: NewGig) -> Result<Gig, Error> {
        ctx.scope.admit(&new.network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let gig = prepared(&mut tx, &ctx.scope, new, ctx.now).await?;
        store_new(&mut tx, ctx, &gig).await?;
        tx.finish(ctx, &gig.full_name(), &gig).await?;
        Ok(gig)
    }
}
