//! The catalogue that a new network begins with: kinds and skills of Finnish volunteer work, in three languages. Coordinators change
//! it as they like; nothing in the program depends on an id that stands here.

mod limits;
mod skills;

use std::collections::BTreeSet;

use domain::kind::{Category, ScopeLimit};
use domain::{Kind, KindId, LocalizedText, Meta, NetworkId, Skill, SkillId, Timestamp};

/// The skills of a new network.
///
/// # Panics
/// Never: the table is checked by a test.
#[must_use]
pub fn skills(network: &NetworkId, now: Timestamp) -> Vec<Skill> {
    let skill = |&(id, fi, sv, en, expires): &skills::Row| Skill {
        network: network.clone(),
        id: SkillId::new(id).expect("ids of the table are slugs"),
        title: LocalizedText::new(fi, sv, en),
        expires,
        meta: Meta::created(now),
    };
    skills::SKILLS.iter().map(skill).collect()
}

/// The kinds of a new network. They need only skills of [`skills`].
///
/// # Panics
/// Never: the table is checked by a test.
#[must_use]
pub fn kinds(network: &NetworkId, now: Timestamp) -> Vec<Kind> {
    let kind = |row: &Row| Kind {
        network: network.clone(),
        id: KindId::new(row.id).expect("ids of the table are slugs"),
        title: LocalizedText::new(row.title[0], row.title[1], row.title[2]),
        category: row.category,
        place_bound: row.category != Category::Call,
        helpers: 1,
        first_visit_two: row.first_visit_two,
        required_skills: row
            .skills
            .iter()
            .map(|id| SkillId::new(*id).expect("ids of the table are slugs"))
            .collect::<BTreeSet<_>>(),
        duration_s: row.minutes * 60,
        min_age: row.min_age,
        scope_limits: (row.limits)(),
        meta: Meta::created(now),
    };
    KINDS.iter().map(kind).collect()
}

struct Row {
    id: &'static str,
    title: [&'static str; 3],
    category: Category,
    minutes: u32,
    skills: &'static [&'static str],
    first_visit_two: bool,
    min_age: Option<u8>,
    limits: fn() -> Vec<ScopeLimit>,
}

const KINDS: &[Row] = &[
    Row {
        id: "household",
        title: ["Talonmies Pikkarainen", "Fixarhjälp i hemmet", "Small jobs at home"],
        category: Category::Household,
        minutes: 60,
        skills: &[],
        first_visit_two: false,
        min_age: None,
        limits: limits::household,
    },
    Row {
        id: "shopping",
        title: ["Kauppa-apu", "Hjälp med inköp", "Shopping"],
        category: Category::Errand,
        minutes: 60,
        skills: &[],
        first_visit_two: false,
        min_age: None,
        limits: limits::money,
    },
    Row {
        id: "pharmacy",
        title: ["Apteekkiasiointi", "Apoteksärenden", "Pharmacy run"],
        category: Category::Errand,
        minutes: 45,
        skills: &[],
        first_visit_two: false,
        min_age: Some(18),
        limits: limits::care,
    },
    Row {
        id: "call",
        title: ["Mitä kuuluu? -soitto", "Hur mår du? -samtal", "How are you? call"],
        category: Category::Call,
        minutes: 30,
        skills: &[],
        first_visit_two: false,
        min_age: None,
        limits: Vec::new,
    },
    Row {
        id: "escort",
        title: ["Saattoapu", "Ledsagning", "Escort"],
        category: Category::Escort,
        minutes: 120,
        skills: &[],
        first_visit_two: false,
        min_age: Some(18),
        limits: limits::care,
    },
    Row {
        id: "outing",
        title: ["Yhdessä ulos", "Ut tillsammans", "Out together"],
        category: Category::Escort,
        minutes: 120,
        skills: &[],
        first_visit_two: false,
        min_age: None,
        limits: limits::care,
    },
    Row {
        id: "family",
        title: ["Perheapu", "Familjehjälp", "Family help"],
        category: Category::Family,
        minutes: 120,
        skills: &["background-check"],
        first_visit_two: true,
        min_age: Some(18),
        limits: limits::family,
    },
    Row {
        id: "digital",
        title: ["Digiapu", "Digital hjälp", "Digital help"],
        category: Category::Digital,
        minutes: 60,
        skills: &["it"],
        first_visit_two: false,
        min_age: None,
        limits: limits::money,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use domain::text::ServiceLanguage;

    fn network() -> NetworkId {
        NetworkId::new("kouvola").expect("id")
    }

    #[test]
    fn every_category_has_a_kind_and_every_needed_skill_is_there() {
        let (kinds, skills) = (kinds(&network(), Timestamp::UNIX_EPOCH), skills(&network(), Timestamp::UNIX_EPOCH));
        let categories: BTreeSet<Category> = kinds.iter().map(|kind| kind.category).collect();
        assert_eq!(categories.len(), 6);
        let known: BTreeSet<&SkillId> = skills.iter().map(|skill| &skill.id).collect();
        assert!(kinds.iter().flat_map(|kind| &kind.required_skills).all(|skill| known.contains(skill)));
    }

    #[test]
    fn every_text_is_there_in_three_languages() {
        let texts = kinds(&network(), Timestamp::UNIX_EPOCH).into_iter().flat_map(|kind| {
            let limits = kind.scope_limits.into_iter().flat_map(|limit| [limit.description, limit.refer_to]);
            limits.chain([kind.title]).collect::<Vec<_>>()
        });
        for text in texts.chain(skills(&network(), Timestamp::UNIX_EPOCH).into_iter().map(|skill| skill.title)) {
            assert!(!text.fi.is_empty() && !text.sv.is_empty() && !text.en.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn limits_catch_their_work_and_not_the_work_of_volunteers() {
        let kinds = kinds(&network(), Timestamp::UNIX_EPOCH);
        let hit = |id: &str, text: &str| {
            let kind = kinds.iter().find(|kind| kind.id.as_str() == id).expect("kind");
            kind.limit_hit(text).map(|limit| limit.description.get(ServiceLanguage::En).to_owned())
        };
        assert_eq!(hit("household", "Pistorasian vaihto keittiössä").as_deref(), Some("Electrical work"));
        assert_eq!(hit("household", "viemärin avaus").as_deref(), Some("Plumbing"));
        assert_eq!(hit("household", "Lumet pois katolta").as_deref(), Some("Roof work"));
        assert_eq!(hit("household", "tarvitaan nojatikkaat").as_deref(), Some("A ladder over 2 metres"));
        assert!(hit("digital", "pankkitunnusten käyttö").is_some() && hit("pharmacy", "dosetin täyttö").is_some());
        for fine in
            ["Lampun vaihto", "Kattolampun polttimo", "Lumityöt pihalla", "Hyllyn kiinnitys", "sähköpostin luku"]
        {
            assert_eq!(hit("household", fine), None, "{fine}");
        }
    }
}
