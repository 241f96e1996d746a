//! Associations: a coordinator reaches the own one only.

use domain::{Association, Gig, Scope, Seeker, Violations, Volunteer};
use store::{Filter, Tx};

use crate::{Error, References, Resource, Usage, fields};

/// Most thematic groups of one association.
const SUBNETWORKS_MAX: usize = 50;
/// Longest address of a website, in characters.
const WEBSITE_CHARS_MAX: usize = 500;

impl Resource for Association {
    fn reachable(&self, scope: &Scope) -> bool {
        scope.reaches(Some(&self.id))
    }

    fn narrow(filter: &mut Filter, scope: &Scope) {
        if let Some(own) = scope.association() {
            filter.association = Some(own.clone());
        }
    }

    async fn check(
        &self,
        _stored: Option<&Self>,
        _tx: &mut Tx,
        _references: &mut References,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        fields::external_id("association.external_id", self.external_id.as_deref(), violations);
        if let Some(website) = &self.website {
            let host = website.strip_prefix("https://").or_else(|| website.strip_prefix("http://"));
            let good = host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
                && website.chars().count() <= WEBSITE_CHARS_MAX
                && !website.chars().any(|c| c.is_whitespace() || c.is_control());
            if !good {
                violations.add("association.website", "must be an address such as https://example.fi");
            }
        }
        if self.subnetworks.len() > SUBNETWORKS_MAX {
            violations.add("association.subnetworks", format!("must list at most {SUBNETWORKS_MAX}"));
        }
        Ok(())
    }

    async fn usage(&self, tx: &mut Tx) -> Result<Usage, Error> {
        let own = Filter { association: Some(self.id.clone()), ..Filter::any() };
        let usage = Usage::none().with_filtered::<Volunteer>(tx, &self.network, &own).await?;
        let usage = usage.with_filtered::<Seeker>(tx, &self.network, &own).await?;
        usage.with_filtered::<Gig>(tx, &self.network, &own).await
    }
}
