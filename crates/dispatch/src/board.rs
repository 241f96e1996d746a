//! The board (keikkatori): open gigs that a volunteer could claim, shown by a coarse cell and a band of distance only.

use domain::kind::Category;
use domain::{
    ClaimSource, Gig, GigId, GigState, KindId, LocalizedText, NetworkId, Scope, Seeker, TimeWindow, Timestamp,
    Volunteer, VolunteerId, WriteContext,
};
use jiff::SignedDuration;
use matching::eligibility::can_take;
use matching::openings;
use matching::problem::Problem;
use store::{Document, Filter};

use crate::assign::{Assigned, Seat};
use crate::claim::{Claim, claim, compile};
use crate::roster::{Frame, Roster, gather, instant, is_mediated};
use crate::{Dispatch, Error, load};

/// How far ahead the board looks, in days.
pub const BOARD_DAYS: i64 = 28;
/// Most gigs on one volunteer's board.
pub const BOARD_GIGS_MAX: usize = 100;
/// Most starts shown for one gig.
pub const BOARD_STARTS_MAX: usize = 12;

/// How far away a gig is, in bands wide enough not to tell the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DistanceBand {
    /// It has no place: a call.
    NoPlace,
    /// Up to 2 km of way.
    Near,
    /// Up to 5 km.
    Close,
    /// Up to 10 km.
    Middle,
    /// Up to 25 km.
    Far,
    /// Further.
    VeryFar,
}

impl DistanceBand {
    /// The band as shown: `UP_TO_5_KM`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPlace => "NO_PLACE",
            Self::Near => "UP_TO_2_KM",
            Self::Close => "UP_TO_5_KM",
            Self::Middle => "UP_TO_10_KM",
            Self::Far => "UP_TO_25_KM",
            Self::VeryFar => "OVER_25_KM",
        }
    }

    fn of(metres: f64) -> Self {
        match metres {
            m if m <= 2_000.0 => Self::Near,
            m if m <= 5_000.0 => Self::Close,
            m if m <= 10_000.0 => Self::Middle,
            m if m <= 25_000.0 => Self::Far,
            _ => Self::VeryFar,
        }
    }
}

/// An open gig as a volunteer sees it before they have promised: no name, no street, no note.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardEntry {
    /// The gig.
    pub gig: GigId,
    /// Its kind.
    pub kind: KindId,
    /// What the kind is called.
    pub title: LocalizedText,
    /// The family of the kind.
    pub category: Category,
    /// The H3 cell of resolution 7 it lies in; none for a call.
    pub cell: Option<String>,
    /// How far it is from the middle of the volunteer's own cell.
    pub distance: DistanceBand,
    /// Its windows.
    pub windows: Vec<TimeWindow>,
    /// How long it takes, in seconds.
    pub duration_s: u32,
    /// The slot the volunteer would take, from 0.
    pub slot: u8,
    /// How many helpers it takes in all.
    pub helpers: u8,
    /// Starts at which the volunteer could take it, ascending, at most [`BOARD_STARTS_MAX`].
    pub starts: Vec<Timestamp>,
    /// 1 (can wait) to 5 (must not wait).
    pub priority: u8,
    /// The languages of which one is needed.
    pub languages: std::collections::BTreeSet<domain::LanguageTag>,
}

impl Dispatch {
    /// The open gigs that a volunteer could claim now: the most urgent first, then the earliest.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn board(
        &self,
        scope: &Scope,
        network: &NetworkId,
        volunteer: &VolunteerId,
        now: Timestamp,
    ) -> Result<Vec<BoardEntry>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let person = load::volunteer(&mut tx, scope, network, volunteer).await?;
        let until = now + SignedDuration::from_hours(24 * BOARD_DAYS);
        let Ok(period) = TimeWindow::new(now, until) else { return Ok(Vec::new()) };
        let frame = Frame::new(period, now);
        let open = Filter::any().state(GigState::Open.code()).state(GigState::Offered.code()).between(now, until);
        let gigs = tx.all::<Gig>(network, &open).await?;
        let material = gather::one_volunteer(&mut tx, network, &person, gigs, &frame).await?;
        let kinds = material.kinds.clone();
        // Other helpers' holds: their slots are not free.
        let mut held = std::collections::BTreeMap::new();
        for gig in material.wanted.iter().filter(|gig| gig.start.is_some()) {
            held.insert(gig.id.clone(), gather::holders(&mut tx, network, &gig.id).await?);
        }
        drop(tx);
        let roster = Roster::build(material, &frame, false);
        let problem = compile(&roster)?;
        let Some(me) = problem.find_volunteer(person.id.as_str()) else { return Ok(Vec::new()) };
        let mut entries: Vec<BoardEntry> = roster
            .gigs
            .values()
            .filter(|gig| roster.looked_at.contains(&gig.id) && !roster.left_out.contains_key(&gig.id))
            .filter_map(|gig| {
                let taken: Vec<u8> = held.get(&gig.id).into_iter().flatten().map(|a| a.slot).collect();
                let (slot, starts) = takes(&problem, me, gig, &taken)?;
                let kind = kinds.get(&gig.kind)?;
                Some(entry(gig, kind, &person, slot, starts))
            })
            .collect();
        entries.sort_by(|a, b| (b.priority, a.starts.first(), &a.gig).cmp(&(a.priority, b.starts.first(), &b.gig)));
        entries.truncate(BOARD_GIGS_MAX);
        Ok(entries)
    }

    /// A volunteer claims a slot of a gig on their board.
    ///
    /// # Errors
    /// What a claim is refused for; `RESOURCE_NOT_FOUND` for a gig that is never on this volunteer's board; or the store's.
    pub async fn claim_gig(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        gig: &GigId,
        volunteer: &VolunteerId,
        slot: u8,
        start: Option<Timestamp>,
    ) -> Result<Assigned, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let missing = || load::no_gig(network, gig);
        let wanted = load::gig_locked(&mut tx, &ctx.scope, network, gig).await?;
        let person = load::volunteer(&mut tx, &ctx.scope, network, volunteer).await?;
        let seeker = tx.get::<Seeker>(network, &wanted.seeker).await?.ok_or_else(missing)?;
        let apart = seeker.blocked.contains(volunteer) || person.blocked_seekers.contains(&seeker.id);
        if apart || is_mediated(&seeker) {
            return Err(missing().into());
        }
        let seats = [Seat { slot, volunteer: volunteer.clone() }];
        let name = wanted.full_name();
        let done = claim(&mut tx, ctx, wanted, Claim { start, seats: &seats, source: ClaimSource::Board }).await?;
        tx.finish(ctx, &name, &done).await?;
        Ok(done)
    }
}

/// The first free slot that a volunteer could take, and when.
fn takes(problem: &Problem, me: usize, gig: &Gig, taken: &[u8]) -> Option<(u8, Vec<Timestamp>)> {
    let task = problem.find_gig(gig.id.as_str())?;
    let schedule = problem.standing_schedule(me);
    let grid = openings::grid(problem, task);
    let free = (0u8..).take(gig.slots.len()).filter(|slot| !taken.contains(slot));
    free.into_iter().find_map(|slot| {
        let can = |start: &i64| can_take(problem, me, schedule, task, usize::from(slot), *start).is_ok();
        let starts: Vec<Timestamp> =
            grid.iter().copied().filter(can).take(BOARD_STARTS_MAX).map(instant).collect();
        (!starts.is_empty()).then_some((slot, starts))
    })
}

fn entry(gig: &Gig, kind: &domain::Kind, person: &Volunteer, slot: u8, starts: Vec<Timestamp>) -> BoardEntry {
    BoardEntry {
        gig: gig.id.clone(),
        kind: gig.kind.clone(),
        title: kind.title.clone(),
        category: kind.category,
        cell: gig.place.as_ref().map(|place| place.coordinates.coarse_cell().to_string()),
        distance: distance(gig, person),
        windows: gig.windows.clone(),
        duration_s: gig.duration_s,
        slot,
        helpers: u8::try_from(gig.slots.len()).unwrap_or(u8::MAX),
        starts,
        priority: gig.priority,
        languages: gig.languages.clone(),
    }
}

/// The band of the way between the middles of two coarse cells: from them no house can be computed.
fn distance(gig: &Gig, person: &Volunteer) -> DistanceBand {
    let Some(place) = &gig.place else { return DistanceBand::NoPlace };
    let Some(home) = &person.home else { return DistanceBand::VeryFar };
    let middle = |place: &domain::Place| h3o::LatLng::from(place.coordinates.coarse_cell());
    DistanceBand::of(middle(home).distance_m(middle(place)) * DETOUR)
}

/// How much longer the way is than the line.
const DETOUR: f64 = 1.3;

