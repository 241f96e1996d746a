//! The skills of a new network's catalogue.

/// One skill: id, Finnish, Swedish, English, whether it must be renewed.
pub(super) type Row = (&'static str, &'static str, &'static str, &'static str, bool);

/// What volunteers of Finnish volunteer centres bring along, learn or have checked.
pub(super) const SKILLS: &[Row] = &[
    ("car", "Auto", "Bil", "Car", false),
    ("tools", "Työkalut", "Verktyg", "Tools", false),
    ("gardening", "Pihatyöt", "Trädgårdsarbete", "Gardening", false),
    ("it", "Digitaidot", "Digitala färdigheter", "Digital skills", false),
    ("carrying", "Kantaminen", "Att bära", "Carrying", false),
    ("phone-training", "Puhelintukikoulutus", "Utbildning i telefonstöd", "Phone support training", false),
    ("escort-training", "Saattajakoulutus", "Utbildning för ledsagare", "Escort training", false),
    ("first-aid", "Ensiapukoulutus", "Första hjälpen-utbildning", "First aid training", true),
    (
        "background-check",
        "Rikosrekisteriote nähty (toiminta alaikäisten kanssa)",
        "Straffregisterutdrag uppvisat (verksamhet med minderåriga)",
        "Criminal record extract seen (work with minors)",
        true,
    ),
];
