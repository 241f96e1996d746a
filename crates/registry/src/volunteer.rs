//! Volunteers: what they accept, hold and can must exist in the catalogue and make sense.

use std::collections::BTreeSet;

use domain::availability::{Availability, WeeklyWindow};
use domain::skill::HeldSkill;
use domain::volunteer::{CAP_MAX, TRAVEL_LIMIT_MAX_MIN};
use domain::{
    Offer, Reason, Refusal, Role, Scope, Seeker, SeekerId, Skill, SkillId, SortedSet, Violations, Volunteer,
    WriteContext,
};
use store::{Document as _, Filter, Tx};

use crate::{Error, References, Resource, Usage, fields};

/// Most weekly windows, and most dated pauses.
const WINDOWS_MAX: usize = 100;
/// Most days that differ from the usual week.
const EXCEPTIONS_MAX: usize = 400;
/// Most hours of one day that differs.
const SPANS_MAX: usize = 10;
/// Most skills of one volunteer.
const SKILLS_MAX: usize = 100;
/// Most seekers that one volunteer may not want.
const BLOCKED_MAX: usize = 200;
/// Most messages asking for help in one week.
const WEEKLY_BUDGET_MAX: u8 = 50;
/// Earliest year of birth.
const BIRTH_YEAR_MIN: i16 = 1900;

impl Resource for Volunteer {
    /// A coordinator reaches those of the own association, a volunteer reaches themselves.
    fn reachable(&self, scope: &Scope) -> bool {
        scope.reaches(self.association.as_ref()) && scope.volunteer().is_none_or(|own| *own == self.id)
    }

    fn adopt(&mut self, scope: &Scope) {
        if self.association.is_none() {
            self.association = scope.association().cloned();
        }
    }

    fn narrow(filter: &mut Filter, scope: &Scope) {
        if let Some(own) = scope.association() {
            filter.association = Some(own.clone());
        }
    }

    /// The standing has a verb of its own.
    fn keep(&mut self, stored: &Self) {
        self.standing = stored.standing;
        self.standing_reason.clone_from(&stored.standing_reason);
    }

    /// Volunteers keep their own contact, home, hours, limits, kinds and languages. Who they are, what was checked of them and where they
    /// belong is for coordinators.
    fn may_change(&self, stored: &Self, scope: &Scope) -> Result<(), Refusal> {
        if scope.role() != Role::Volunteer {
            return Ok(());
        }
        let kept = [
            ("display_name", self.name == stored.name),
            ("association", self.association == stored.association),
            ("external_id", self.external_id == stored.external_id),
            ("sex", self.sex == stored.sex),
            ("birth_year", self.birth_year == stored.birth_year),
            ("skills", self.skills == stored.skills),
            ("join_date", self.joined == stored.joined),
        ];
        let changed: Vec<&str> = kept.iter().filter(|(_, same)| !same).map(|(field, _)| *field).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let detail = format!("a volunteer may not change {}: ask a coordinator", changed.join(", "));
        Err(Refusal::new(Reason::PermissionMissing, detail).with("fields", changed.join(",")))
    }

    async fn check(
        &self,
        stored: Option<&Self>,
        tx: &mut Tx,
        references: &mut References,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        self.person(references.now().to_zoned(domain::zone()).year(), violations);
        availability(&self.availability, violations);
        references.check_association(tx, "volunteer.association", self.association.as_ref(), violations).await?;
        let kinds = references.kinds(tx).await?;
        for kind in self.kinds.iter().filter(|kind| !kinds.contains_key(*kind)) {
            violations.add("volunteer.kinds", format!("kind \"{kind}\" does not exist"));
        }
        for kind in self.likes.difference(&self.kinds) {
            violations.add("volunteer.likes", format!("kind \"{kind}\" must be among the accepted kinds"));
        }
        skills(&self.skills, references.skills(tx).await?, violations);
        if self.blocked_seekers.len() > BLOCKED_MAX {
            violations.add("volunteer.blocked_seekers", format!("must name at most {BLOCKED_MAX}"));
        } else {
            let empty = SortedSet::new();
            let before = stored.map_or(&empty, |stored| &stored.blocked_seekers);
            let new: BTreeSet<SeekerId> = self.blocked_seekers.difference(before).cloned().collect();
            references.check_seekers(tx, "volunteer.blocked_seekers", &new, violations).await?;
        }
        Ok(())
    }

    /// What waits to be told to them is dropped, and what lets them answer or look is forgotten.
    async fn deleted(&self, tx: &mut Tx, ctx: &WriteContext) -> Result<(), Error> {
        tx.drop_messages_to(&self.network, &self.name(), "RECIPIENT_GONE", ctx.now).await?;
        tx.forget_reply_tokens(&self.network, &self.id).await?;
        tx.forget_calendar_feed(&self.network, &self.id).await?;
        Ok(())
    }

    async fn usage(&self, tx: &mut Tx) -> Result<Usage, Error> {
        let promised = tx.assignments_of_volunteer(&self.network, &self.id, None, None).await?.len() as u64;
        let usage = Usage::none().with("assignments", promised);
        let usage = usage.with_naming(tx, &self.network, |offer: &Offer| offer.volunteer == self.id).await?;
        let names = |seeker: &Seeker| seeker.familiar.contains(&self.id) || seeker.blocked.contains(&self.id);
        usage.with_naming(tx, &self.network, names).await
    }
}

trait Rules {
    fn person(&self, year: i16, violations: &mut Violations);
}

impl Rules for Volunteer {
    fn person(&self, year: i16, violations: &mut Violations) {
        fields::external_id("volunteer.external_id", self.external_id.as_deref(), violations);
        fields::email("volunteer.email", self.email.as_ref().map(|email| email.expose().as_str()), violations);
        fields::place("volunteer.home", self.home.as_ref(), violations);
        if self.birth_year.is_some_and(|born| !(BIRTH_YEAR_MIN..=year).contains(&born)) {
            violations.add("volunteer.birth_year", format!("must be {BIRTH_YEAR_MIN} to this year"));
        }
        if self.travel_limit_min > TRAVEL_LIMIT_MAX_MIN {
            violations.add("volunteer.travel_limit_min", format!("must be at most {TRAVEL_LIMIT_MAX_MIN} minutes"));
        }
        if self.languages.is_empty() {
            violations.add("volunteer.languages", "must name at least one language");
        }
        for (field, cap) in [("per_day", self.caps.per_day), ("per_week", self.caps.per_week)] {
            if cap > CAP_MAX {
                violations.add(format!("volunteer.caps.{field}"), format!("must be at most {CAP_MAX}"));
            }
        }
        if self.caps.per_day > self.caps.per_week {
            violations.add("volunteer.caps.per_day", "must not be more than the cap of a week");
        }
        if self.contact.weekly_budget > WEEKLY_BUDGET_MAX {
            violations.add("volunteer.contact.weekly_budget", format!("must be at most {WEEKLY_BUDGET_MAX}"));
        }
        if self.contact.channels.iter().collect::<BTreeSet<_>>().len() != self.contact.channels.len() {
            violations.add("volunteer.contact.channels", "must name each channel once");
        }
    }
}

fn skills(held: &[HeldSkill], known: &std::collections::BTreeMap<SkillId, Skill>, violations: &mut Violations) {
    if held.len() > SKILLS_MAX {
        violations.add("volunteer.skills", format!("must list at most {SKILLS_MAX}"));
        return;
    }
    let mut seen = BTreeSet::new();
    for (index, held) in held.iter().enumerate() {
        let field = format!("volunteer.skills[{index}]");
        match known.get(&held.skill) {
            None => violations.add(format!("{field}.skill"), format!("skill \"{}\" does not exist", held.skill)),
            Some(skill) if skill.expires && held.valid_until.is_none() => {
                violations.add(
                    format!("{field}.valid_until"),
                    format!("skill \"{}\" expires: give its last day", held.skill),
                );
            }
            Some(_) => {}
        }
        if !seen.insert(&held.skill) {
            violations.add(format!("{field}.skill"), format!("skill \"{}\" is listed twice", held.skill));
        }
        if matches!((held.valid_from, held.valid_until), (Some(first), Some(last)) if last < first) {
            violations.add(format!("{field}.valid_until"), "must not be before the first day");
        }
    }
}

fn availability(availability: &Availability, violations: &mut Violations) {
    let field = "volunteer.availability";
    for (part, count, max) in [
        ("weekly", availability.weekly.len(), WINDOWS_MAX),
        ("exceptions", availability.exceptions.len(), EXCEPTIONS_MAX),
        ("pauses", availability.pauses.len(), WINDOWS_MAX),
    ] {
        if count > max {
            violations.add(format!("{field}.{part}"), format!("must list at most {max}"));
        }
    }
    for (index, window) in availability.weekly.iter().enumerate() {
        weekly(&format!("{field}.weekly[{index}]"), window, violations);
    }
    let mut days = BTreeSet::new();
    for (index, exception) in availability.exceptions.iter().enumerate() {
        let field = format!("{field}.exceptions[{index}]");
        if !days.insert(exception.day) {
            violations.add(format!("{field}.day"), "is listed twice");
        }
        if exception.spans.len() > SPANS_MAX {
            violations.add(format!("{field}.spans"), format!("must list at most {SPANS_MAX}"));
        }
        for (at, span) in exception.spans.iter().enumerate().filter(|(_, span)| span.end <= span.start) {
            violations.add(format!("{field}.spans[{at}]"), format!("must end after {} minutes", span.start.minutes()));
        }
    }
    for (index, pause) in availability.pauses.iter().enumerate().filter(|(_, pause)| pause.last < pause.first) {
        violations.add(format!("{field}.pauses[{index}]"), format!("must not end before {}", pause.first));
    }
}

fn weekly(field: &str, window: &WeeklyWindow, violations: &mut Violations) {
    if !(1..=7).contains(&window.weekday) {
        violations.add(format!("{field}.weekday"), "must be 1 (Monday) to 7 (Sunday)");
    }
    if !(1..=52).contains(&window.every_n_weeks) {
        violations.add(format!("{field}.every_n_weeks"), "must be 1 to 52");
    }
    if window.span.end <= window.span.start {
        violations.add(format!("{field}.span"), "must end after its start");
    }
    if matches!((window.valid_from, window.valid_until), (Some(first), Some(last)) if last < first) {
        violations.add(format!("{field}.valid_until"), "must not be before the first day");
    }
}
