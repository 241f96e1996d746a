//! Rows about seekers.

use std::collections::{BTreeSet, HashMap};

use domain::cell::{self, CellError, Problems, RowReader, clock, words as cell_words};
use domain::sheet::{Columns, Sheet};
use domain::{
    ContactMode, Event, EventKind, Intake, Meta, Note, Seeker, SeekerId, Sensitive, Violations, Volunteer, VolunteerId,
    WriteContext,
};
use store::import::{Field, Importer, RowKey};
use store::{Filter, Tx};
use uuid::Uuid;

use super::people::{
    ASSOCIATION, EXTERNAL_ID, FIRST_NAME, LANGUAGES, LAST_NAME, NAME, PHONE, PLACE, People, Person, unnamed,
};
use super::volunteers::finnish;
use crate::{Error, Resource, change};

const FAMILIAR: Field = ("familiar", &["tutut", "tutut vapaaehtoiset", "bekanta", "familiar volunteers"], false);
const BLOCKED: Field = ("blocked", &["ei näitä", "estetyt", "estetyt vapaaehtoiset", "blocked volunteers"], false);

/// Rows about seekers, with the volunteers they name.
pub(crate) struct Rows {
    people: People,
    /// Volunteers by id and by external id; empty if no column names any.
    volunteers: HashMap<String, VolunteerId>,
}

impl Rows {
    pub(super) async fn new(people: People, tx: &mut Tx, sheet: &Sheet) -> Result<Self, Error> {
        let mut volunteers = HashMap::new();
        if Columns::find(sheet, Self::FIELDS).is_ok_and(|columns| columns.has("familiar") || columns.has("blocked")) {
            let mut within = Filter::any();
            Volunteer::narrow(&mut within, &people.ctx.scope);
            for volunteer in tx.all::<Volunteer>(&people.network, &within).await? {
                if let Some(external_id) = volunteer.external_id {
                    volunteers.insert(external_id.to_lowercase(), volunteer.id.clone());
                }
                volunteers.insert(volunteer.id.to_string(), volunteer.id);
            }
        }
        Ok(Self { people, volunteers })
    }

    fn blank(&self, row: &RowReader<'_>) -> Seeker {
        let id = row.text("external_id").and_then(cell_words::identifier).and_then(|id| SeekerId::new(id).ok());
        Seeker {
            network: self.people.network.clone(),
            id: id.unwrap_or_else(new_id),
            association: self.people.ctx.scope.association().cloned(),
            external_id: None,
            name: unnamed(),
            phone: None,
            home: None,
            languages: finnish(),
            familiar: BTreeSet::new(),
            blocked: BTreeSet::new(),
            intake: Intake::default(),
            contact_mode: ContactMode::Direct,
            meta: Meta::created(self.people.ctx.now),
        }
    }

    fn volunteers(&self, text: &str) -> Result<BTreeSet<VolunteerId>, CellError> {
        let known = |word: &str| {
            self.volunteers
                .get(&word.to_lowercase())
                .cloned()
                .ok_or_else(|| CellError::new("must name volunteers by their tunniste (external id) or id"))
        };
        cell::list(text)?.into_iter().map(known).collect()
    }
}

fn new_id() -> SeekerId {
    SeekerId::from_uuid(Uuid::new_v4())
}

impl Importer for Rows {
    type Doc = Seeker;
    type Error = Error;

    const FIELDS: &'static [Field] = &[
        EXTERNAL_ID,
        NAME,
        FIRST_NAME,
        LAST_NAME,
        PHONE,
        ASSOCIATION,
        PLACE[0],
        PLACE[1],
        PLACE[2],
        PLACE[3],
        PLACE[4],
        LANGUAGES,
        FAMILIAR,
        BLOCKED,
        ("needs", &["tarpeet", "apuvälineet", "huomioitavaa", "behov", "aids"], false),
        ("door_code", &["ovikoodi", "porttikoodi", "dörrkod", "door code"], false),
        ("taxi", &["taksi", "taksin tilaa", "vem beställer taxi", "who orders the taxi"], false),
        ("preferred_sex", &["toive auttajasta", "auttajan sukupuoli", "önskat kön", "preferred sex"], false),
        ("contact_mode", &["yhteystapa", "yhteystietojen välitys", "kontaktsätt", "contact mode"], false),
        ("consent_time", &["suostumus", "suostumus annettu", "samtycke", "consent"], false),
        ("note", &["lisätiedot", "huomautus", "muistiinpano", "anteckning", "notes"], false),
    ];

    fn headings(&self, columns: &Columns, problems: &mut Problems) {
        People::headings(columns, problems);
    }

    fn key(&self, row: &mut RowReader<'_>) -> Option<RowKey> {
        People::key(row)
    }

    fn natural_key(&self, stored: &Seeker) -> Option<String> {
        Some(People::natural_key(stored.name.expose(), stored.phone.as_ref()?))
    }

    fn build(&mut self, row: &mut RowReader<'_>, stored: Option<&Seeker>) -> Option<Seeker> {
        let mut built = stored.cloned().unwrap_or_else(|| self.blank(row));
        let person = Person {
            name: &mut built.name,
            external_id: &mut built.external_id,
            phone: &mut built.phone,
            association: &mut built.association,
            home: &mut built.home,
        };
        self.people.person(row, person);
        if row.has("languages") {
            built.languages = row.read("languages", cell_words::languages).unwrap_or_else(finnish);
        }
        row.set(&mut built.familiar, "familiar", |text| self.volunteers(text));
        row.set(&mut built.blocked, "blocked", |text| self.volunteers(text));
        let intake = &mut built.intake;
        let note = |text: &str| Note::new(text).map(|note| Some(Sensitive::new(note)));
        row.set(&mut intake.needs, "needs", cell_words::needs);
        row.set(&mut intake.door_code, "door_code", note);
        row.set(&mut intake.taxi, "taxi", |text| cell_words::taxi(text).map(Some));
        row.set(&mut intake.preferred_sex, "preferred_sex", |text| cell_words::sex(text).map(Some));
        row.set(&mut intake.consent_time, "consent_time", |text| clock::day_or_instant(text).map(Some));
        row.set(&mut intake.note, "note", note);
        row.set(&mut built.contact_mode, "contact_mode", cell_words::contact_mode);
        Some(built)
    }

    async fn check(
        &mut self,
        tx: &mut Tx,
        built: &Seeker,
        stored: Option<&Seeker>,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        if !built.reachable(&self.people.ctx.scope) {
            violations.add("seeker.association", "must be the caller's own association");
        }
        built.check(stored, tx, &mut self.people.references, violations).await
    }

    fn renew(&mut self, new: &mut Seeker) {
        new.id = new_id();
    }

    fn event(&self, ctx: &WriteContext, kind: EventKind, stored: &Seeker) -> Event {
        change::of(ctx, kind, stored)
    }
}
