//! Assignments: the one conditional write by which a slot is taken, and what stands.
//!
//! Two walls keep a slot and a volunteer's time. The insertion itself looks for an overlap and gives way to a taken slot; below it the
//! database refuses what slipped through: a partial unique index on the slot, and for the volunteer's time an exclusion constraint
//! (PostgreSQL) or a trigger (SQLite).

use domain::{Assignment, AssignmentId, AssignmentState, GigId, NetworkId, Timestamp, VolunteerId};

use crate::error::{Cause, Error, Result};
use crate::page::{Page, PageRequest, ROWS_MAX};
use crate::tx::{Tx, Value, values};

const TABLE: &str = "assignment";

/// How often a claim is tried again when what stood in its way vanished before it could be named.
const CLAIM_ATTEMPTS: usize = 3;

macro_rules! select {
    ($condition:literal) => {
        concat!("select id, state, body from assignment where network_id = $1 and ", $condition)
    };
}

const CLAIM: &str = "insert into assignment \
    (network_id, id, gig_id, slot, volunteer_id, starts, ends, state, create_time, update_time, body) \
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 where not exists (\
        select 1 from assignment where network_id = $1 and volunteer_id = $5 \
        and state in ('held', 'accepted', 'started') and starts < $7 and ends > $6) \
    on conflict do nothing";
const SLOT_TAKEN: &str = "select cast(1 as bigint) from assignment \
    where network_id = $1 and gig_id = $2 and slot = $3 and state <> 'released'";
const BOOKED: &str = "select cast(1 as bigint) from assignment where network_id = $1 and volunteer_id = $2 \
    and state in ('held', 'accepted', 'started') and starts < $4 and ends > $3";
const UPDATE: &str = "update assignment set state = $3, update_time = $4, body = $5 \
    where network_id = $1 and id = $2 and state = $6 \
    and gig_id = $7 and slot = $8 and volunteer_id = $9 and starts = $10 and ends = $11";
const GET: &str = select!("id = $2");
const OF_GIG: &str = select!("gig_id = $2 order by slot, id limit $3");
const OF_VOLUNTEER: &str = select!(
    "volunteer_id = $2 and ($3 is null or ends > $3) and ($4 is null or starts < $4) order by starts, id limit $5"
);
const BETWEEN: &str = select!("($2 is null or ends > $2) and ($3 is null or starts < $3) order by starts, id limit $4");
const LIST: &str = select!(
    "($2 is null or gig_id = $2) and ($3 is null or volunteer_id = $3) and ($4 is null or state = $4) \
     and ($5 is null or ends > $5) and ($6 is null or starts < $6) and id > $7 order by id limit $8"
);

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a claim may have been refused"]
pub enum Claimed {
    /// The slot is the volunteer's.
    Done,
    /// Somebody has the slot; nothing was stored.
    SlotTaken,
    /// The volunteer is promised elsewhere at that time; nothing was stored.
    VolunteerBooked,
}

/// Which assignments are wanted: every condition that is set must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssignmentFilter {
    /// Those of one gig.
    pub gig: Option<GigId>,
    /// Those of one volunteer.
    pub volunteer: Option<VolunteerId>,
    /// Those in one state.
    pub state: Option<AssignmentState>,
    /// Those that end after this instant.
    pub from: Option<Timestamp>,
    /// Those that start before this instant.
    pub to: Option<Timestamp>,
}

type AssignmentRow = (String, String, String);

fn read((id, state, body): AssignmentRow) -> Result<Assignment> {
    let corrupt = |column| Error::Corrupt { table: TABLE, column, id: id.clone() };
    let assignment: Assignment = serde_json::from_str(&body).map_err(|_| corrupt("body"))?;
    if assignment.id.as_str() != id {
        return Err(corrupt("id"));
    }
    if assignment.state.code() != state {
        return Err(corrupt("state"));
    }
    Ok(assignment)
}

fn body(assignment: &Assignment) -> Result<String> {
    serde_json::to_string(assignment).map_err(|error| Error::Driver(Cause::new(error)))
}

impl Tx {
    /// Takes a slot for a volunteer, if the slot is free and the volunteer is: THE conditional write. The assignment is held or
    /// accepted and new.
    ///
    /// # Errors
    /// [`Error::Conflict`] if its id is taken, [`Error::Busy`] if others keep changing what stands in its way, else any [`Error`] of
    /// the store.
    pub async fn claim(&mut self, assignment: &Assignment) -> Result<Claimed> {
        let body = body(assignment)?;
        let (network, volunteer) = (assignment.network.as_str(), assignment.volunteer.as_str());
        let (gig, slot) = (assignment.gig.as_str(), i64::from(assignment.slot));
        let (start, end) = (assignment.span.start(), assignment.span.end());
        for _ in 0..CLAIM_ATTEMPTS {
            let row = values![
                network,
                assignment.id.as_str(),
                gig,
                slot,
                volunteer,
                start,
                end,
                assignment.state.code(),
                assignment.create_time,
                assignment.update_time,
                &body,
            ];
            if self.execute(CLAIM, row).await? == 1 {
                self.touch(network, TABLE, assignment.id.as_str());
                return Ok(Claimed::Done);
            }
            if self.exists(SLOT_TAKEN, values![network, gig, slot]).await? {
                return Ok(Claimed::SlotTaken);
            }
            if self.exists(BOOKED, values![network, volunteer, start, end]).await? {
                return Ok(Claimed::VolunteerBooked);
            }
            if self.row::<AssignmentRow>(GET, values![network, assignment.id.as_str()]).await?.is_some() {
                return Err(Error::Conflict(Cause::new("the id of the assignment is taken")));
            }
        }
        Err(Error::Busy(Cause::new("what stands in the way of the claim keeps changing")))
    }

    /// Changes an assignment's state (and what goes with it: told time, release reason) if it is still in `from_state`. Answers
    /// whether it was. Gig, slot, volunteer and span never change, and what has ended never becomes active again: claim anew.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn update_assignment(&mut self, assignment: &Assignment, from_state: AssignmentState) -> Result<bool> {
        if assignment.state.is_active() && !from_state.is_active() {
            return Ok(false);
        }
        let body = body(assignment)?;
        let changed = self
            .execute(
                UPDATE,
                values![
                    assignment.network.as_str(),
                    assignment.id.as_str(),
                    assignment.state.code(),
                    assignment.update_time,
                    &body,
                    from_state.code(),
                    assignment.gig.as_str(),
                    i64::from(assignment.slot),
                    assignment.volunteer.as_str(),
                    assignment.span.start(),
                    assignment.span.end(),
                ],
            )
            .await?;
        if changed == 1 {
            self.touch(assignment.network.as_str(), TABLE, assignment.id.as_str());
        }
        Ok(changed == 1)
    }

    /// An assignment by its id.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its row cannot be read, else any [`Error`] of the store.
    pub async fn assignment(&mut self, network: &NetworkId, id: &AssignmentId) -> Result<Option<Assignment>> {
        self.row(GET, values![network.as_str(), id.as_str()]).await?.map(read).transpose()
    }

    /// All assignments of a gig, released ones too, by slot.
    ///
    /// # Errors
    /// As [`Tx::assignment`].
    pub async fn assignments_of_gig(&mut self, network: &NetworkId, gig: &GigId) -> Result<Vec<Assignment>> {
        self.assignments(OF_GIG, values![network.as_str(), gig.as_str(), LIMIT]).await
    }

    /// The assignments of a volunteer that touch a period, released ones too, by start. An end left out is open.
    ///
    /// # Errors
    /// As [`Tx::assignment`].
    pub async fn assignments_of_volunteer(
        &mut self,
        network: &NetworkId,
        volunteer: &VolunteerId,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Vec<Assignment>> {
        self.assignments(OF_VOLUNTEER, values![network.as_str(), volunteer.as_str(), from, to, LIMIT]).await
    }

    /// The assignments of a network that touch a period, released ones too, by start. An end left out is open.
    ///
    /// # Errors
    /// As [`Tx::assignment`].
    pub async fn assignments_between(
        &mut self,
        network: &NetworkId,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Vec<Assignment>> {
        self.assignments(BETWEEN, values![network.as_str(), from, to, LIMIT]).await
    }

    /// One page of a network's assignments, by id.
    ///
    /// # Errors
    /// As [`Tx::assignment`].
    pub async fn list_assignments(
        &mut self,
        network: &NetworkId,
        filter: &AssignmentFilter,
        page: &PageRequest,
    ) -> Result<Page<Assignment>> {
        let found = self
            .assignments(
                LIST,
                values![
                    network.as_str(),
                    filter.gig.as_ref().map(GigId::as_str),
                    filter.volunteer.as_ref().map(VolunteerId::as_str),
                    filter.state.map(AssignmentState::code),
                    filter.from,
                    filter.to,
                    page.after.as_deref().unwrap_or(""),
                    i64::from(page.rows()) + 1,
                ],
            )
            .await?;
        Ok(Page::cut(found, page, |assignment| assignment.id.to_string()))
    }

    async fn assignments(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<Vec<Assignment>> {
        let rows: Vec<AssignmentRow> = self.rows(sql, values).await?;
        if rows.len() > ROWS_MAX as usize {
            return Err(Error::TooMany { table: TABLE, max: ROWS_MAX });
        }
        rows.into_iter().map(read).collect()
    }
}

/// One row more than may be handed back, so that too many are noticed.
const LIMIT: i64 = ROWS_MAX as i64 + 1;
