//! The catalogue of the sample: kinds, skills and associations, as Finnish volunteer centres have them.

use serde_json::{Value, json};

/// An association that does not exist.
#[derive(Debug, Clone, Copy)]
pub(super) struct SampleAssociation {
    pub(super) id: &'static str,
    title: &'static str,
}

/// The associations of the network.
pub(super) const ASSOCIATIONS: &[SampleAssociation] = &[
    SampleAssociation { id: "keikka-apu", title: "Kouvolan keikka-apu (esimerkki)" },
    SampleAssociation { id: "ystavat", title: "Naapurin ystävät ry (esimerkki)" },
    SampleAssociation { id: "elakkeensaajat", title: "Mallilan eläkkeensaajat ry (esimerkki)" },
    SampleAssociation { id: "nuoret-auttajat", title: "Nuoret auttajat ry (esimerkki)" },
];

/// A kind of gig in the sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct SampleKind {
    pub(super) id: &'static str,
    fi: &'static str,
    sv: &'static str,
    en: &'static str,
    category: &'static str,
    pub(super) place_bound: bool,
    required_skill: Option<&'static str>,
    minutes: u32,
    min_age: Option<u8>,
    /// How many of a hundred volunteers accept it.
    pub(super) accepted_percent: usize,
}

const fn kind(
    id: &'static str,
    titles: [&'static str; 3],
    category: &'static str,
    minutes: u32,
    accepted: usize,
) -> SampleKind {
    SampleKind {
        id,
        fi: titles[0],
        sv: titles[1],
        en: titles[2],
        category,
        place_bound: true,
        required_skill: None,
        minutes,
        min_age: None,
        accepted_percent: accepted,
    }
}

/// The kinds of the catalogue.
pub(super) const KINDS: &[SampleKind] = &[
    kind("shopping", ["Kauppa-apu", "Hjälp med inköp", "Shopping help"], "ERRAND", 60, 75),
    kind("pharmacy", ["Apteekkiasiointi", "Apoteksärende", "Pharmacy run"], "ERRAND", 45, 65),
    SampleKind {
        place_bound: false,
        ..kind("call", ["Mitä kuuluu? -soitto", "Hur mår du? -samtal", "How-are-you call"], "CALL", 30, 50)
    },
    kind("handyman", ["Talonmies Pikkarainen", "Fixare", "Handyman"], "HOUSEHOLD", 90, 50),
    kind("yard", ["Piha- ja lumityöt", "Gårds- och snöarbete", "Yard and snow work"], "HOUSEHOLD", 90, 45),
    kind("escort", ["Saattoapu", "Ledsagning", "Escort"], "ESCORT", 120, 50),
    kind("outing", ["Yhdessä ulos", "Ut tillsammans", "Out together"], "ESCORT", 180, 45),
    SampleKind {
        required_skill: Some("minors-check"),
        min_age: Some(18),
        ..kind("family", ["Perheapu", "Familjehjälp", "Family help"], "FAMILY", 120, 38)
    },
    SampleKind {
        required_skill: Some("digital-skills"),
        ..kind("digital", ["Digiapu", "Digihjälp", "Digital help"], "DIGITAL", 60, 45)
    },
];

/// A skill: id, titles in Finnish, Swedish and English, whether it must be renewed.
const SKILLS: &[(&str, [&str; 3], bool)] = &[
    ("driving", ["Ajokortti ja auto", "Körkort och bil", "Licence and car"], false),
    ("tools", ["Omat työkalut", "Egna verktyg", "Own tools"], false),
    ("gardening", ["Pihatyöt", "Trädgårdsarbete", "Gardening"], false),
    ("digital-skills", ["Digitaidot", "Digitala färdigheter", "Digital skills"], false),
    ("phone-training", ["Puhelinkoulutus", "Telefonutbildning", "Phone training"], false),
    ("escort-training", ["Saattajakoulutus", "Ledsagarutbildning", "Escort training"], false),
    ("first-aid", ["Ensiapu 1", "Första hjälpen 1", "First aid 1"], true),
    ("minors-check", ["Ote nähty (alaikäiset)", "Utdrag uppvisat (minderåriga)", "Extract seen (minors)"], true),
];

/// Whether a skill must be renewed.
pub(super) fn expires(skill: &str) -> bool {
    SKILLS.iter().any(|(id, _, expires)| *id == skill && *expires)
}

/// Ids and resources of the skills.
pub(super) fn skills() -> Vec<(String, Value)> {
    let one = |(id, [fi, sv, en], expires): &(&str, [&str; 3], bool)| {
        ((*id).to_owned(), json!({ "title": { "fi": fi, "sv": sv, "en": en }, "mayExpire": expires }))
    };
    SKILLS.iter().map(one).collect()
}

/// Ids and resources of the kinds.
pub(super) fn kinds(network: &str) -> Vec<(String, Value)> {
    KINDS.iter().map(|kind| (kind.id.to_owned(), kind.json(network))).collect()
}

/// Ids and resources of the associations.
pub(super) fn associations() -> Vec<(String, Value)> {
    ASSOCIATIONS.iter().map(|one| (one.id.to_owned(), json!({ "title": one.title }))).collect()
}

impl SampleKind {
    fn json(&self, network: &str) -> Value {
        let mut kind = json!({
            "title": { "fi": self.fi, "sv": self.sv, "en": self.en },
            "category": format!("CATEGORY_{}", self.category),
            "placeBound": self.place_bound,
            "helpersDefault": 1,
            "defaultDuration": format!("{}s", self.minutes * 60),
            "requiredSkills":
                self.required_skill.iter().map(|skill| format!("networks/{network}/skills/{skill}")).collect::<Vec<_>>(),
        });
        if let Some(age) = self.min_age {
            kind["minAge"] = json!(age);
        }
        if self.category == "HOUSEHOLD" {
            kind["scopeLimits"] = json!([
                { "description": { "fi": "sähkötyöt", "sv": "elarbeten", "en": "electrical work" },
                  "referTo": { "fi": "sähköasentaja", "sv": "elmontör", "en": "a licensed electrician" },
                  "words": ["sähkö", "pistorasia"] },
                { "description": { "fi": "työ yli 2 metrin tikkailla tai katolla", "en": "work on a roof or a ladder over 2 m" },
                  "referTo": { "fi": "kiinteistöhuolto", "sv": "fastighetsservice", "en": "the caretaker of the building" },
                  "words": ["katolle", "tikkai"] },
            ]);
        }
        kind
    }
}
