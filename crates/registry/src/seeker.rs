//! Seekers: familiar and blocked volunteers exist and are not the same people.

use std::collections::BTreeSet;

use domain::{Gig, Scope, Seeker, Violations, Volunteer, VolunteerId};
use store::{Filter, Tx};

use crate::{Error, References, Resource, Usage, fields};

/// Most volunteers that one seeker may name as familiar, or as not wanted.
const NAMED_MAX: usize = 200;

impl Resource for Seeker {
    /// A volunteer reaches no seeker's record: what they need of it opens with an acceptance.
    fn reachable(&self, scope: &Scope) -> bool {
        scope.reaches(self.association.as_ref()) && scope.volunteer().is_none()
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

    async fn check(
        &self,
        stored: Option<&Self>,
        tx: &mut Tx,
        references: &mut References,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        references.check_association(tx, "seeker.association", self.association.as_ref(), violations).await?;
        fields::external_id("seeker.external_id", self.external_id.as_deref(), violations);
        fields::place("seeker.home", self.home.as_ref(), violations);
        if self.languages.is_empty() {
            violations.add("seeker.languages", "must name at least one language");
        }
        let empty = BTreeSet::new();
        for (field, now, before) in [
            ("seeker.familiar", &self.familiar, stored.map_or(&empty, |stored| &stored.familiar)),
            ("seeker.blocked", &self.blocked, stored.map_or(&empty, |stored| &stored.blocked)),
        ] {
            if now.len() > NAMED_MAX {
                violations.add(field, format!("must name at most {NAMED_MAX}"));
            } else {
                let new: BTreeSet<VolunteerId> = now.difference(before).cloned().collect();
                references.check_volunteers(tx, field, &new, violations).await?;
            }
        }
        if !self.familiar.is_disjoint(&self.blocked) {
            violations.add("seeker.blocked", "must not name a volunteer who is also familiar");
        }
        Ok(())
    }

    async fn usage(&self, tx: &mut Tx) -> Result<Usage, Error> {
        let theirs = Filter { seeker: Some(self.id.clone()), ..Filter::any() };
        let usage = Usage::none().with_filtered::<Gig>(tx, &self.network, &theirs).await?;
        usage.with_naming(tx, &self.network, |volunteer: &Volunteer| volunteer.blocked_seekers.contains(&self.id)).await
    }
}
