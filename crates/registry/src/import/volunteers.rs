//! Rows about volunteers.

use domain::cell::{self, CellError, Problems, RowReader, clock, week, words as cell_words};
use domain::sheet::{Columns, Sheet};
use domain::skill::HeldSkill;
use domain::volunteer::{CAP_MAX, Caps, TRAVEL_LIMIT_MAX_MIN, TravelMode};
use domain::{
    Availability, ContactPreferences, Event, EventKind, KindId, LanguageTag, Meta, Sensitive, SkillId, SortedSet,
    Violations, Volunteer, VolunteerId, WriteContext,
};
use store::Tx;
use store::import::{Field, Importer, RowKey};
use uuid::Uuid;

use super::people::{
    ASSOCIATION, EXTERNAL_ID, FIRST_NAME, LANGUAGES, LAST_NAME, NAME, PHONE, PLACE, People, Person, unnamed,
};
use crate::{Error, Resource, change};
use domain::cell::entries::Words;

/// Longest one-way trip of a volunteer who does not say, in minutes.
const TRAVEL_LIMIT_DEFAULT_MIN: u16 = 30;

/// Rows about volunteers, with the catalogue they speak of.
pub(crate) struct Rows {
    people: People,
    kinds: Words<KindId>,
    skills: Words<SkillId>,
}

impl Rows {
    pub(super) async fn new(mut people: People, tx: &mut Tx, _sheet: &Sheet) -> Result<Self, Error> {
        let titles = |title: &domain::LocalizedText| vec![title.fi.clone(), title.sv.clone(), title.en.clone()];
        let kinds = people.references.kinds(tx).await?.values().map(|kind| (kind.id.clone(), titles(&kind.title)));
        let kinds = Words::new(kinds, "kind");
        let skills = people.references.skills(tx).await?.values().map(|skill| (skill.id.clone(), titles(&skill.title)));
        let skills = Words::new(skills, "skill");
        Ok(Self { people, kinds, skills })
    }

    fn blank(&self, row: &RowReader<'_>) -> Volunteer {
        let id = row.text("external_id").and_then(cell_words::identifier).and_then(|id| VolunteerId::new(id).ok());
        Volunteer {
            network: self.people.network.clone(),
            id: id.unwrap_or_else(new_id),
            association: self.people.ctx.scope.association().cloned(),
            external_id: None,
            name: unnamed(),
            phone: None,
            email: None,
            sex: None,
            birth_year: None,
            home: None,
            travel_mode: TravelMode::Walk,
            travel_limit_min: TRAVEL_LIMIT_DEFAULT_MIN,
            kinds: SortedSet::new(),
            likes: SortedSet::new(),
            skills: Box::default(),
            languages: finnish(),
            availability: Availability::default(),
            caps: Caps::default(),
            contact: ContactPreferences::default(),
            blocked_seekers: SortedSet::new(),
            standing: domain::volunteer::Standing::Active,
            standing_reason: None,
            joined: None,
            meta: Meta::created(self.people.ctx.now),
        }
    }

    fn kinds(&self, text: &str) -> Result<SortedSet<KindId>, CellError> {
        cell::list(text)?.into_iter().map(|word| self.kinds.find(word)).collect()
    }

    fn skills(&self, text: &str, stored: &[HeldSkill]) -> Result<Box<[HeldSkill]>, CellError> {
        cell::list(text)?.into_iter().map(|word| self.skill(word, stored)).collect()
    }

    /// One held skill: `ensiapu`, `ensiapu (31.12.2027)`, `ensiapu 1.1.2026-31.12.2027`. Days that are not told, and who checked
    /// the skill, stay as they are stored.
    fn skill(&self, text: &str, stored: &[HeldSkill]) -> Result<HeldSkill, CellError> {
        let mut days = None;
        let mut words = Vec::new();
        for word in text.split([' ', '(', ')']).filter(|word| !word.is_empty()) {
            match clock::date_range(word) {
                Ok(range) if word.chars().filter(char::is_ascii_digit).count() > 10 => {
                    days = Some((Some(range.first), Some(range.last)));
                }
                Ok(range) => days = Some((None, Some(range.last))),
                Err(_) if matches!(word, "asti" | "saakka" | "voimassa" | "until" | "valid" | "giltig" | "till") => {}
                Err(_) => words.push(word),
            }
        }
        let skill = self.skills.find(&words.join(" "))?;
        let before = stored.iter().find(|held| held.skill == skill);
        let fresh = || HeldSkill::lasting(skill.clone());
        Ok(match (before, days) {
            (Some(before), None) => before.clone(),
            (Some(before), Some(days)) if (before.valid_from, before.valid_until) == days => before.clone(),
            (_, Some((valid_from, valid_until))) => HeldSkill { valid_from, valid_until, ..fresh() },
            (None, None) => fresh(),
        })
    }
}

fn new_id() -> VolunteerId {
    VolunteerId::from_uuid(Uuid::new_v4())
}

/// The languages of somebody who does not say.
pub(super) fn finnish() -> SortedSet<LanguageTag> {
    LanguageTag::new("fi").into_iter().collect()
}

impl Importer for Rows {
    type Doc = Volunteer;
    type Error = Error;

    const FIELDS: &'static [Field] = &[
        EXTERNAL_ID,
        NAME,
        FIRST_NAME,
        LAST_NAME,
        PHONE,
        ("email", &["sähköposti", "sposti", "s-posti", "e-post", "e-mail", "email address"], false),
        ("sex", &["sukupuoli", "kön", "gender"], false),
        ("birth_year", &["syntymävuosi", "synt vuosi", "födelseår", "birth year", "year of birth"], false),
        ASSOCIATION,
        PLACE[0],
        PLACE[1],
        PLACE[2],
        PLACE[3],
        PLACE[4],
        ("travel_mode", &["kulkutapa", "liikkuminen", "kulkuväline", "färdsätt", "travel mode", "mode"], false),
        (
            "travel_limit_min",
            &["matkaraja", "matkaraja min", "enimmäismatka", "resegräns", "travel limit", "travel limit min"],
            false,
        ),
        ("kinds", &["keikkalajit", "keikkalaji", "keikat", "tehtävät", "uppdrag", "kind"], false),
        ("likes", &["mieluisat", "mieluisimmat", "mieluiten", "helst", "favourites"], false),
        ("skills", &["taidot", "taito", "pätevyydet", "osaaminen", "kunskaper", "skill", "qualifications"], false),
        LANGUAGES,
        ("availability", &["saatavuus", "ajat", "sopivat ajat", "viikkoajat", "tillgänglighet", "available"], false),
        ("pauses", &["tauot", "tauko", "poissa", "poissaolot", "frånvaro", "away", "pause"], false),
        (
            "per_day",
            &["enintään päivässä", "keikkoja päivässä", "max päivässä", "max per dag", "per day", "max per day"],
            false,
        ),
        (
            "per_week",
            &["enintään viikossa", "keikkoja viikossa", "max viikossa", "max per vecka", "per week", "max per week"],
            false,
        ),
        (
            "channels",
            &["viestitapa", "yhteydenotto", "viestikanavat", "kanava", "kanal", "channel", "contact by"],
            false,
        ),
        ("message_language", &["viestien kieli", "asiointikieli", "kontaktspråk", "message language"], false),
        ("weekly_budget", &["viestejä viikossa", "pyyntöjä viikossa", "messages per week", "weekly budget"], false),
        ("message_hours", &["viestiajat", "viestien kellonajat", "message hours"], false),
        ("joined", &["liittynyt", "aloittanut", "mukana alkaen", "började", "join date", "since"], false),
    ];

    fn headings(&self, columns: &Columns, problems: &mut Problems) {
        People::headings(columns, problems);
    }

    fn key(&self, row: &mut RowReader<'_>) -> Option<RowKey> {
        People::key(row)
    }

    fn natural_key(&self, stored: &Volunteer) -> Option<String> {
        Some(People::natural_key(stored.name.expose(), stored.phone.as_ref()?))
    }

    fn build(&mut self, row: &mut RowReader<'_>, stored: Option<&Volunteer>) -> Option<Volunteer> {
        let mut built = stored.cloned().unwrap_or_else(|| self.blank(row));
        let person = Person {
            name: &mut built.name,
            external_id: &mut built.external_id,
            phone: &mut built.phone,
            association: &mut built.association,
            home: &mut built.home,
        };
        self.people.person(row, person);
        row.set(&mut built.email, "email", |text| Ok::<_, CellError>(Some(Sensitive::new(text.to_owned()))));
        row.set(&mut built.sex, "sex", |text| cell_words::sex(text).map(Some));
        row.set(&mut built.birth_year, "birth_year", |text| cell::whole(text, 1900..=2100).map(Some));
        if row.has("travel_mode") {
            built.travel_mode = row.read("travel_mode", cell_words::travel_mode).unwrap_or(TravelMode::Walk);
        }
        if row.has("travel_limit_min") {
            let limit = row.read("travel_limit_min", cell::minutes);
            built.travel_limit_min = limit.unwrap_or(TRAVEL_LIMIT_DEFAULT_MIN);
            if built.travel_limit_min > TRAVEL_LIMIT_MAX_MIN {
                row.refuse("travel_limit_min", format!("must be at most {TRAVEL_LIMIT_MAX_MIN} minutes"));
            }
        }
        row.set(&mut built.kinds, "kinds", |text| self.kinds(text));
        row.set(&mut built.likes, "likes", |text| self.kinds(text));
        let held = std::mem::take(&mut built.skills);
        built.skills = held.clone();
        row.set(&mut built.skills, "skills", |text| self.skills(text, &held));
        if row.has("languages") {
            built.languages = row.read("languages", cell_words::languages).unwrap_or_else(finnish);
        }
        row.set(&mut built.availability.weekly, "availability", |text| week::weekly(text).map(Into::into));
        row.set(&mut built.availability.pauses, "pauses", clock::date_ranges);
        let usual = Caps::default();
        if row.has("per_day") {
            built.caps.per_day = row.read("per_day", |text| cell::whole(text, 0..=CAP_MAX)).unwrap_or(usual.per_day);
        }
        if row.has("per_week") {
            built.caps.per_week = row.read("per_week", |text| cell::whole(text, 0..=CAP_MAX)).unwrap_or(usual.per_week);
        }
        contact(row, &mut built.contact);
        row.set(&mut built.joined, "joined", |text| clock::date(text).map(Some));
        Some(built)
    }

    async fn check(
        &mut self,
        tx: &mut Tx,
        built: &Volunteer,
        stored: Option<&Volunteer>,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        if !built.reachable(&self.people.ctx.scope) {
            violations.add("volunteer.association", "must be the caller's own association");
        }
        built.check(stored, tx, &mut self.people.references, violations).await
    }

    fn renew(&mut self, new: &mut Volunteer) {
        new.id = new_id();
    }

    fn event(&self, ctx: &WriteContext, kind: EventKind, stored: &Volunteer) -> Event {
        change::of(ctx, kind, stored)
    }
}

fn contact(row: &mut RowReader<'_>, contact: &mut ContactPreferences) {
    let usual = ContactPreferences::default();
    if row.has("channels") {
        contact.channels = row.read("channels", cell_words::channels).map_or(usual.channels, Into::into);
    }
    row.set(&mut contact.language, "message_language", cell_words::service_language);
    if row.has("weekly_budget") {
        contact.weekly_budget =
            row.read("weekly_budget", |text| cell::whole(text, 0..=50)).unwrap_or(usual.weekly_budget);
    }
    row.set(&mut contact.hours, "message_hours", |text| clock::hours(text).map(Some));
}
