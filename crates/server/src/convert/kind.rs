//! Kinds of the catalogue.

use domain::kind::{Category, GIG_DURATION_MAX_S, ScopeLimit};
use domain::{Kind, NetworkId};
use proto::registry::v1 as wire;
use store::Filter;

use super::check::{at, nth};
use super::filter::{FilterError, Term};
use super::noun::{Noun, Target};
use super::{Check, Choice as _, View, choice, name, text, time};

/// How long a gig takes when neither the kind nor the caller says: an hour.
const DURATION_DEFAULT_S: u32 = 3600;

impl Noun for Kind {
    type Wire = wire::Kind;
    const MESSAGE: &'static str = "keikka.registry.v1.Kind";
    const PERSON: bool = false;
    const RENAMED: &'static [(&'static str, &'static str)] = &[
        ("helpers", "helpers_default"),
        ("duration_s", "default_duration"),
        ("duration", "default_duration"),
        ("first_visit_two", "first_visit_two_helpers"),
    ];

    fn read(wire: &wire::Kind, target: &Target<'_, Self>, check: &mut Check) -> Option<Self> {
        let title = text::localized(check, "kind.title", wire.title.as_ref());
        let category: Option<Category> = choice::required(check, "kind.category", wire.category);
        let helpers = if wire.helpers_default == 0 { Ok(1) } else { u8::try_from(wire.helpers_default) };
        let helpers = check.take("kind.helpers_default", helpers.map_err(|_| "must be 1 or 2"));
        let duration_s = wire.default_duration.as_ref().map_or(Some(DURATION_DEFAULT_S), |duration| {
            time::seconds(check, "kind.default_duration", duration).map(|seconds| seconds.min(GIG_DURATION_MAX_S + 1))
        });
        let min_age = wire.min_age.map(u8::try_from).transpose().map_err(|_| "must be 0 to 120");
        let min_age = check.take("kind.min_age", min_age);
        let required_skills = name::list(check, "kind.required_skills", &wire.required_skills, target.network);
        let scope_limits = wire
            .scope_limits
            .iter()
            .enumerate()
            .filter_map(|(index, limit)| scope_limit(check, &nth("kind", "scope_limits", index), limit))
            .collect();
        Some(Self {
            network: target.network.clone(),
            id: target.id.clone(),
            title: title?,
            category: category?,
            place_bound: wire.place_bound,
            helpers: helpers?,
            first_visit_two: wire.first_visit_two_helpers,
            required_skills,
            duration_s: duration_s?,
            min_age: min_age?,
            scope_limits,
            meta: target.meta(),
        })
    }

    fn show(&self, _: View) -> wire::Kind {
        wire::Kind {
            name: name::of(&self.network, &self.id),
            title: Some(text::wire(&self.title)),
            category: self.category.wire(),
            place_bound: self.place_bound,
            helpers_default: i32::from(self.helpers),
            first_visit_two_helpers: self.first_visit_two,
            required_skills: name::of_all(&self.network, &self.required_skills),
            default_duration: Some(time::of_seconds(self.duration_s)),
            min_age: self.min_age.map(i32::from),
            scope_limits: self.scope_limits.iter().map(of_scope_limit).collect(),
            etag: self.meta.etag(),
            create_time: time::created(&self.meta),
            update_time: time::updated(&self.meta),
        }
    }

    fn narrow(term: &Term, _: &NetworkId, _: &mut Filter) -> Result<(), FilterError> {
        match term.field.as_str() {
            "text" => Ok(()),
            "category" if category(&term.value).is_some() => Ok(()),
            "category" => Err(term.wrong()),
            _ => Err(term.unknown()),
        }
    }

    fn matches(&self, term: &Term) -> bool {
        match term.field.as_str() {
            "text" => [&self.title.fi, &self.title.sv, &self.title.en].into_iter().any(|title| term.within(title)),
            "category" => category(&term.value) == Some(self.category),
            _ => true,
        }
    }

    fn etag(wire: &wire::Kind) -> &str {
        &wire.etag
    }

    fn resource_name(wire: &wire::Kind) -> &str {
        &wire.name
    }
}

/// The category that a filter names: `ERRAND` or `CATEGORY_ERRAND`.
fn category(value: &str) -> Option<Category> {
    let full = if value.starts_with("CATEGORY_") { value.to_owned() } else { format!("CATEGORY_{value}") };
    Category::read(wire::kind::Category::from_str_name(&full)? as i32).ok()?
}

fn scope_limit(check: &mut Check, field: &str, limit: &wire::ScopeLimit) -> Option<ScopeLimit> {
    let description = text::localized(check, &at(field, "description"), limit.description.as_ref());
    let refer_to = text::localized(check, &at(field, "refer_to"), limit.refer_to.as_ref());
    Some(ScopeLimit { description: description?, refer_to: refer_to?, words: limit.words.clone() })
}

fn of_scope_limit(limit: &ScopeLimit) -> wire::ScopeLimit {
    wire::ScopeLimit {
        description: Some(text::wire(&limit.description)),
        refer_to: Some(text::wire(&limit.refer_to)),
        words: limit.words.clone(),
    }
}
