//! The board (keikkatori): open gigs, shown by task, time and a coarse cell only, that a volunteer may claim.

use std::collections::{BTreeMap, BTreeSet};

use domain::kind::Category;
use domain::plan::TravelSource;
use domain::{
    Assignment, Gig, GigId, Kind, KindId, LanguageTag, LocalizedText, Name, NetworkId, Place, Role, Scope, SeekerId,
    SortedSet, TimeWindow, Timestamp, Volunteer, VolunteerId,
};
use h3o::LatLng;
use jiff::SignedDuration;
use matching::eligibility::can_take;
use matching::openings;
use matching::problem::Problem;
use matching::score;
use matching::travel::blocks_of_weeks;
use store::{Page, PageRequest};

use crate::claim::compile;
use crate::roster::live::Live;
use crate::roster::{Frame, Roster, instant, is_mediated};
use crate::think::think;
use crate::{Dispatch, Error, load};

/// How far ahead the board looks when the caller says nothing, in days.
pub const BOARD_DAYS: i64 = 28;
/// Most starts shown for one gig.
pub const BOARD_STARTS_MAX: usize = 12;
/// How much longer the way is than the line.
const DETOUR: f64 = 1.3;

/// What is shown of a place before an acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoarsePlace {
    /// The H3 cell of resolution 7, hexadecimal.
    pub cell: String,
    /// Town, district or village.
    pub locality: Option<Name>,
}

/// An open gig as anybody may see it before they have promised: no name, no street, no note, no door code.
#[derive(Debug, Clone, PartialEq)]
pub struct BoardGig {
    /// The gig.
    pub gig: GigId,
    /// Its version: what a claim may insist on.
    pub version: i64,
    /// Its kind.
    pub kind: KindId,
    /// What the kind is called.
    pub title: LocalizedText,
    /// The family of the kind.
    pub category: Category,
    /// Roughly where; none for a call.
    pub place: Option<CoarsePlace>,
    /// Roughly where an escort ends, if elsewhere.
    pub destination: Option<CoarsePlace>,
    /// Its windows; one with the agreed start where a first helper is held.
    pub windows: Vec<TimeWindow>,
    /// How long it takes, in seconds.
    pub duration_s: u32,
    /// How many helpers it takes in all.
    pub slots: u8,
    /// The free slots, ascending.
    pub free_slots: Vec<u8>,
    /// Languages of which one is needed.
    pub languages: SortedSet<LanguageTag>,
    /// 1 (can wait) to 5 (must not wait).
    pub priority: u8,
    /// The campaign it belongs to.
    pub campaign: Option<Name>,
    /// What the task needs.
    pub needs: BTreeSet<domain::intake::Need>,
    /// The slot that the volunteer asked for could take.
    pub slot: Option<u8>,
    /// Starts at which that volunteer could take it, ascending, at most [`BOARD_STARTS_MAX`].
    pub starts: Vec<Timestamp>,
    /// The way from the volunteer's cell to the gig's cell in seconds: from it no house can be told.
    pub travel_s: Option<i64>,
    /// The score of the start that suits that volunteer best, as in a quote, in thousandths of a point: only the order is told.
    pub total_milli: Option<i64>,
}

/// Which part of the board is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BoardQuery {
    /// Only what this volunteer is able to take.
    pub volunteer: Option<VolunteerId>,
    /// Only gigs with a window in this period; else [`BOARD_DAYS`] from now.
    pub period: Option<TimeWindow>,
}

/// A page of the board.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoardPage {
    /// The gigs.
    pub items: Vec<BoardGig>,
    /// After which gig the next page begins; none after the last page.
    pub next: Option<String>,
    /// What ways were measured with, where a volunteer's were.
    pub travel_source: Option<TravelSource>,
}

impl Dispatch {
    /// The board: the most urgent first, then the one that suits best by the score of quotes, then the earliest. A volunteer who asks
    /// sees what they are able to take.
    /// The page goes on after a gig; if that one has left the board meanwhile, it begins anew.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, or the store's.
    pub async fn board(
        &self,
        scope: &Scope,
        network: &NetworkId,
        query: &BoardQuery,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<BoardPage, Error> {
        scope.admit(network)?;
        let asked_by = query.volunteer.as_ref().or(scope.volunteer().filter(|_| scope.role() == Role::Volunteer));
        let Some(period) = ahead(query.period, now) else { return Ok(BoardPage::default()) };
        let live = self.rosters.current(&self.db, network, now).await?;
        let person = match asked_by {
            Some(id) => Some(load::volunteer_in(&live, scope, network, id)?.clone()),
            None => None,
        };
        let mut board = think(move || Ok(Board::lay_out(&live, person, period, now))).await?;
        let asked = self.wanted(|bounds| blocks_of_weeks(&board.roster.snapshot, bounds));
        let times = self.times(asked, now).await?;
        board.roster.snapshot.table = times.table;
        let travel_source = asked_by.is_some().then_some(times.source);
        let entries = think(move || board.entries()).await?;
        let Page { items, next } = cut(entries, page);
        Ok(BoardPage { items, next, travel_source })
    }
}

/// From now on, inside what is asked for.
fn ahead(period: Option<TimeWindow>, now: Timestamp) -> Option<TimeWindow> {
    let until = now + SignedDuration::from_hours(24 * BOARD_DAYS);
    let (start, end) = period.map_or((now, until), |period| (period.start().max(now), period.end()));
    TimeWindow::new(start, end).ok()
}

/// The page after a gig.
fn cut(mut all: Vec<BoardGig>, page: &PageRequest) -> Page<BoardGig> {
    let after = page.after.as_deref().and_then(|id| all.iter().position(|entry| entry.gig.as_str() == id));
    let mut items = all.split_off(after.map_or(0, |at| at + 1));
    let rows = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    let more = items.len() > rows;
    items.truncate(rows);
    let next = items.last().filter(|_| more).map(|entry| entry.gig.to_string());
    Page { items, next }
}

/// What is needed to lay out the board.
struct Board {
    person: Option<Volunteer>,
    kinds: BTreeMap<KindId, Kind>,
    mediated: BTreeSet<SeekerId>,
    roster: Roster,
    held: BTreeMap<GigId, Vec<Assignment>>,
}

impl Board {
    fn lay_out(live: &Live, person: Option<Volunteer>, period: TimeWindow, now: Timestamp) -> Self {
        let gigs = live.wanted(period);
        let frame = Frame::new(period, now);
        let agreed = gigs.iter().filter(|gig| gig.start.is_some());
        let held = agreed.map(|gig| (gig.id.clone(), live.holders(&gig.id))).collect();
        let material = live.open_gigs(person.as_ref(), gigs, &frame);
        let kinds = material.kinds.clone();
        let mediated = material.seekers.values().filter(|seeker| is_mediated(seeker));
        let mediated = mediated.map(|seeker| seeker.id.clone()).collect();
        Self { person, kinds, mediated, roster: Roster::build(material, &frame, false), held }
    }

    fn entries(self) -> Result<Vec<BoardGig>, Error> {
        let Self { kinds, mediated, roster, .. } = &self;
        let me = match &self.person {
            Some(person) => {
                let problem = compile(roster)?;
                let number = problem.find_volunteer(person.id.as_str());
                number.map(|number| (problem, number))
            }
            None => None,
        };
        let shown = roster.gigs.values().filter(|gig| roster.looked_at.contains(&gig.id));
        let mut entries: Vec<BoardGig> = shown
            .filter(|gig| !roster.left_out.contains_key(&gig.id) && !mediated.contains(&gig.seeker))
            .filter_map(|gig| {
                let held = self.held.get(&gig.id).map_or(&[][..], Vec::as_slice);
                let mut entry = entry(gig, kinds.get(&gig.kind)?, held);
                if let Some(person) = &self.person {
                    let (problem, number) = me.as_ref()?;
                    let (slot, starts, total_milli) = takes(problem, *number, gig, &entry.free_slots)?;
                    entry.slot = Some(slot);
                    entry.starts = starts;
                    entry.total_milli = Some(total_milli);
                    entry.travel_s = travel_s(gig, person);
                }
                Some(entry)
            })
            .collect();
        entries.sort_by_cached_key(|entry| {
            let (priority, total) = (std::cmp::Reverse(entry.priority), std::cmp::Reverse(entry.total_milli));
            (priority, total, entry.starts.first().copied(), entry.gig.clone())
        });
        Ok(entries)
    }
}

fn entry(gig: &Gig, kind: &Kind, held: &[Assignment]) -> BoardGig {
    let slots = u8::try_from(gig.slots.len()).unwrap_or(u8::MAX);
    let agreed = gig.start.and_then(|start| gig.span(start));
    BoardGig {
        gig: gig.id.clone(),
        version: gig.meta.version,
        kind: gig.kind.clone(),
        title: kind.title.clone(),
        category: kind.category,
        place: gig.place.as_ref().map(coarse),
        destination: gig.destination.as_ref().map(coarse),
        windows: agreed.map_or_else(|| gig.windows.clone(), |span| vec![span]),
        duration_s: gig.duration_s,
        slots,
        free_slots: (0..slots).filter(|slot| held.iter().all(|assignment| assignment.slot != *slot)).collect(),
        languages: gig.languages.clone(),
        priority: gig.priority,
        campaign: gig.campaign.clone(),
        needs: gig.intake.needs.clone(),
        slot: None,
        starts: Vec::new(),
        travel_s: None,
        total_milli: None,
    }
}

fn coarse(place: &Place) -> CoarsePlace {
    CoarsePlace { cell: place.coordinates.coarse_cell().to_string(), locality: place.locality.clone() }
}

/// The first free slot that a volunteer could take, when, and what the best start is worth.
fn takes(problem: &Problem, me: usize, gig: &Gig, free: &[u8]) -> Option<(u8, Vec<Timestamp>, i64)> {
    let task = problem.find_gig(gig.id.as_str())?;
    let schedule = problem.standing_schedule(me);
    free.iter().find_map(|&slot| {
        let starts = starts(problem, me, task, slot);
        let worth = |start: &i64| {
            let insertion = can_take(problem, me, schedule, task, usize::from(slot), *start).ok()?;
            Some(score::total(&score::terms(problem, me, schedule, task, *start, &insertion)))
        };
        let best = starts.iter().filter_map(worth).max()?;
        Some((slot, starts.into_iter().take(BOARD_STARTS_MAX).map(instant).collect(), best))
    })
}

/// The starts at which a volunteer could take a slot beside what they have promised: on the grid for people, else the earliest of
/// each gap.
pub(crate) fn starts(problem: &Problem, person: usize, task: usize, slot: u8) -> Vec<i64> {
    let schedule = problem.standing_schedule(person);
    let can = |start: &i64| can_take(problem, person, schedule, task, usize::from(slot), *start).is_ok();
    let on_grid: Vec<i64> = openings::grid(problem, task).into_iter().filter(can).collect();
    if on_grid.is_empty() {
        openings::earliest_in_gaps(problem, person, schedule, task).into_iter().filter(can).collect()
    } else {
        on_grid
    }
}

/// The way between the middles of two coarse cells.
fn travel_s(gig: &Gig, person: &Volunteer) -> Option<i64> {
    let middle = |place: &Place| LatLng::from(place.coordinates.coarse_cell());
    let Some(place) = &gig.place else { return Some(0) };
    let metres = (middle(person.home.as_ref()?).distance_m(middle(place)) * DETOUR).ceil();
    Some((metres * 36.0 / f64::from(person.travel_mode.speed_dkmh())).ceil() as i64)
}
