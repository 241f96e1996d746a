//! Gigs from a coordinators' list: all rows or none; the same file again changes nothing.
//!
//! The key of a row is its external id; without one, seeker, kind and first start. What a row leaves out comes from the kind and
//! the seeker, as for any new gig; fields without a column stay as they are stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::cell::entries::Words;
use domain::cell::{self, CellError, RowReader, clock, words};
use domain::sheet::Sheet;
use domain::{
    Association, AssociationId, Event, EventKind, Gig, GigId, GigState, Kind, KindId, LocalizedText, Name, NetworkId,
    Note, Refusal, Seeker, SeekerId, Sensitive, Slot, TimeWindow, Timestamp, Violations, WriteContext,
};
use store::import::{Field, ImportOutcome, Importer, RowKey, run};
use store::{Document, Filter, Tx};

use super::create::NewGig;
use super::import_place::{DESTINATION, PLACE, place};
use super::rules::{self, References};
use super::update::matching_differs;
use crate::history::{Entry, new_id};
use crate::{Dispatch, Error, Locate, load};

impl Dispatch {
    /// Imports gigs. `progress` hears rows done and rows in all.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND` for a foreign network, or the store's. Problems of the sheet are in the outcome; nothing is stored then.
    pub async fn import_gigs(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        sheet: &Sheet,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<ImportOutcome, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        if tx.get::<domain::Network>(network, network).await?.is_none() {
            return Err(Refusal::not_found("network", format!("networks/{network}")).into());
        }
        let mut rows = Rows::read(&mut tx, ctx, network, self.locate).await?;
        let within = Filter { association: ctx.scope.association().cloned(), ..Filter::any() };
        let outcome = run(&mut tx, ctx, network, &within, sheet, &mut rows, progress).await?;
        if outcome.is_refused() {
            tx.rollback().await?;
        } else {
            tx.finish(ctx, &format!("networks/{network}/gigs"), &outcome).await?;
        }
        Ok(outcome)
    }
}

/// Rows about gigs, with what they refer to read once.
struct Rows {
    ctx: WriteContext,
    network: NetworkId,
    locate: Locate,
    kinds: BTreeMap<KindId, Kind>,
    skills: BTreeSet<domain::SkillId>,
    seekers: BTreeMap<SeekerId, Seeker>,
    visited: BTreeSet<SeekerId>,
    held: BTreeSet<GigId>,
    kind_words: Words<KindId>,
    skill_words: Words<domain::SkillId>,
    association_words: Words<AssociationId>,
    seeker_words: HashMap<String, SeekerId>,
}

fn titles(title: &LocalizedText) -> Vec<String> {
    vec![title.fi.clone(), title.sv.clone(), title.en.clone()]
}

impl Rows {
    async fn read(tx: &mut Tx, ctx: &WriteContext, network: &NetworkId, locate: Locate) -> Result<Self, Error> {
        let kinds = crate::roster::gather::catalogue(tx, network).await?;
        let skills = tx.all::<domain::Skill>(network, &Filter::any()).await?;
        let associations = tx.all::<Association>(network, &Filter::any()).await?;
        let within = Filter { association: ctx.scope.association().cloned(), ..Filter::any() };
        let seekers = tx.all::<Seeker>(network, &within).await?;
        let done = tx.all::<Gig>(network, &Filter::any().state(GigState::Completed.code())).await?;
        let current = tx.assignments_between(network, Some(ctx.now), None).await?;
        let mut seeker_words = HashMap::new();
        for seeker in &seekers {
            if let Some(external_id) = &seeker.external_id {
                seeker_words.insert(external_id.to_lowercase(), seeker.id.clone());
            }
            seeker_words.insert(seeker.id.to_string(), seeker.id.clone());
        }
        Ok(Self {
            ctx: ctx.clone(),
            network: network.clone(),
            locate,
            kind_words: Words::new(kinds.values().map(|kind| (kind.id.clone(), titles(&kind.title))), "kind"),
            skill_words: Words::new(skills.iter().map(|skill| (skill.id.clone(), titles(&skill.title))), "skill"),
            association_words: Words::new(
                associations.iter().map(|one| (one.id.clone(), vec![one.title.to_string()])),
                "association",
            ),
            seeker_words,
            kinds,
            skills: skills.into_iter().map(|skill| skill.id).collect(),
            seekers: seekers.into_iter().map(|seeker| (seeker.id.clone(), seeker)).collect(),
            visited: done.into_iter().map(|gig| gig.seeker).collect(),
            held: current.into_iter().filter(|one| one.state.is_active()).map(|one| one.gig).collect(),
        })
    }

    fn references(&self, kind: &KindId, seeker: &SeekerId) -> References {
        References {
            kind: self.kinds.get(kind).cloned(),
            seeker: self.seekers.get(seeker).cloned(),
            skills: self.skills.clone(),
            first_visit: !self.visited.contains(seeker),
        }
    }

    fn kind(&self, row: &mut RowReader<'_>) -> Option<KindId> {
        row.need("kind", |text| self.kind_words.find(text))
    }

    fn seeker(&self, row: &mut RowReader<'_>) -> Option<SeekerId> {
        let known = |text: &str| self.seeker_words.get(&text.to_lowercase()).cloned();
        row.need("seeker", |text| {
            known(text).ok_or_else(|| CellError::new("must name a seeker by their tunniste (external id) or id"))
        })
    }

    fn skill_set(&self, text: &str) -> Result<BTreeSet<domain::SkillId>, CellError> {
        cell::list(text)?.into_iter().map(|word| self.skill_words.find(word)).collect()
    }

    /// The slots, if any column tells of them: as many as said, else as many as have skills.
    fn slots(&self, row: &mut RowReader<'_>, stored: Option<&Gig>) -> Vec<Slot> {
        if !["helpers", "skills", "second_skills"].iter().any(|field| row.has(field)) {
            return stored.map(|gig| gig.slots.clone()).unwrap_or_default();
        }
        let first = row.read("skills", |text| self.skill_set(text));
        let second = row.read("second_skills", |text| self.skill_set(text));
        let said = row.read("helpers", |text| cell::whole(text, 1usize..=2));
        let Some(count) = said.or(second.as_ref().map(|_| 2)).or(first.as_ref().map(|_| 1)) else { return Vec::new() };
        if count == 1 && second.is_some() {
            row.refuse("second_skills", "must be empty where one helper is asked for");
        }
        let slot = |skills: Option<BTreeSet<domain::SkillId>>| Slot { skills: skills.unwrap_or_default(), label: None };
        [first, second].into_iter().take(count).map(slot).collect()
    }

    /// A new gig as the row tells it, over what is stored; but for its kind, seeker and windows.
    fn told(&self, row: &mut RowReader<'_>, stored: Option<&Gig>) -> NewGig {
        let (kind, seeker) = (KindId::new("unread"), SeekerId::new("unread"));
        let (kind, seeker) = (kind.expect("an id"), seeker.expect("an id"));
        let mut new = NewGig::new(self.network.clone(), kind, seeker, Vec::new());
        if let Some(stored) = stored {
            new.association = stored.association.clone();
            new.external_id = stored.external_id.clone();
            new.place = stored.place.clone();
            new.destination = stored.destination.clone();
            new.duration_s = Some(stored.duration_s);
            new.languages = stored.languages.clone();
            new.priority = Some(stored.priority);
            new.wishes = stored.wishes;
            new.campaign = stored.campaign.clone();
            new.intake = stored.intake.clone();
            new.note = stored.note.clone();
        }
        if let Some(external_id) = row.text("external_id") {
            new.external_id = Some(external_id.to_owned());
        }
        let minutes = |text: &str| cell::minutes(text).map(|minutes| Some(u32::from(minutes) * 60));
        let note = |text: &str| Note::new(text).map(|note| Some(Sensitive::new(note)));
        row.set(&mut new.association, "association", |text| self.association_words.find(text).map(Some));
        row.set(&mut new.duration_s, "duration", minutes);
        new.slots = self.slots(row, stored);
        row.set(&mut new.languages, "languages", words::languages);
        row.set(&mut new.priority, "priority", |text| cell::whole(text, 1u8..=5).map(Some));
        row.set(&mut new.campaign, "campaign", |text| Name::new(text).map(Some));
        row.set(&mut new.note, "note", note);
        row.set(&mut new.wishes.familiar_face, "familiar_face", cell::yes_no);
        row.set(&mut new.wishes.preferred_sex, "preferred_sex", |text| words::sex(text).map(Some));
        let intake = &mut new.intake;
        row.set(&mut intake.needs, "needs", words::needs);
        row.set(&mut intake.door_code, "door_code", note);
        row.set(&mut intake.taxi, "taxi", |text| words::taxi(text).map(Some));
        row.set(&mut intake.consent_time, "consent_time", |text| clock::day_or_instant(text).map(Some));
        new.place = place(row, &PLACE, new.place.take(), self.locate);
        new.destination = place(row, &DESTINATION, new.destination.take(), self.locate);
        new
    }
}

fn windows(row: &mut RowReader<'_>) -> Option<Vec<TimeWindow>> {
    if !row.has("hours") {
        return row.need("windows", clock::windows);
    }
    // The day and the hours in columns of their own.
    let (day, hours) = (row.need("windows", Ok::<_, CellError>)?, row.need("hours", Ok::<_, CellError>)?);
    let whole = format!("{day} {hours}");
    row.read("hours", |_| clock::windows(&whole))
}

fn natural(seeker: &SeekerId, kind: &KindId, start: Timestamp) -> String {
    format!("{seeker}\n{kind}\n{}", start.as_second())
}

impl Importer for Rows {
    type Doc = Gig;
    type Error = Error;

    const FIELDS: &'static [Field] = &[
        ("external_id", &["tunniste", "tunnus", "id", "numero", "nro", "keikka", "pyyntö", "number", "nummer"], false),
        ("kind", &["keikkalaji", "laji", "tehtävä", "tyyppi", "avun tyyppi", "typ", "uppdrag", "type", "task"], true),
        ("seeker", &["avunsaaja", "asiakas", "avuntarvitsija", "hjälpsökande", "klient", "client"], true),
        (
            "windows",
            &["ajankohta", "ajankohdat", "aika", "ajat", "aikaikkunat", "päivä", "pvm", "tid", "datum", "date", "when"],
            true,
        ),
        ("hours", &["kello", "klo", "kellonaika", "kellonajat", "klockslag", "time", "times"], false),
        ("duration", &["kesto", "arvioitu kesto", "längd", "varaktighet", "length"], false),
        ("helpers", &["auttajia", "auttajien määrä", "henkilömäärä", "hjälpare", "antal hjälpare", "slots"], false),
        ("skills", &["taidot", "vaaditut taidot", "auttajan taidot", "färdigheter", "skill"], false),
        ("second_skills", &["toisen auttajan taidot", "taidot 2", "färdigheter 2", "skills 2"], false),
        ("languages", &["kielet", "kieli", "språk", "language"], false),
        ("priority", &["kiireellisyys", "prioriteetti", "tärkeys", "prioritet", "urgency"], false),
        ("campaign", &["kampanja", "projekti", "tapahtuma", "kampanj", "projekt", "project"], false),
        (
            "note",
            &["kuvaus", "tehtävän kuvaus", "lisätiedot", "huomautus", "beskrivning", "notes", "description"],
            false,
        ),
        ("familiar_face", &["tuttu auttaja", "toivoo tuttua", "bekant hjälpare", "familiar"], false),
        ("preferred_sex", &["toive auttajasta", "auttajan sukupuoli", "önskat kön", "preferred sex"], false),
        ("needs", &["tarpeet", "apuvälineet", "huomioitavaa", "behov", "aids"], false),
        ("door_code", &["ovikoodi", "porttikoodi", "dörrkod", "door code"], false),
        ("taxi", &["taksi", "taksin tilaa", "vem beställer taxi", "who orders the taxi"], false),
        ("consent_time", &["suostumus", "suostumus annettu", "samtycke", "consent"], false),
        ("association", &["yhdistys", "järjestö", "förening", "organisation", "organization"], false),
        PLACE[0],
        PLACE[1],
        PLACE[2],
        PLACE[3],
        PLACE[4],
        DESTINATION[0],
        DESTINATION[1],
        DESTINATION[2],
        DESTINATION[3],
        DESTINATION[4],
    ];

    fn key(&self, row: &mut RowReader<'_>) -> Option<RowKey> {
        if let Some(external_id) = row.text("external_id") {
            return Some(RowKey::External(external_id.to_owned()));
        }
        let (kind, seeker, windows) = (self.kind(row), self.seeker(row), windows(row));
        let start = windows?.iter().map(TimeWindow::start).min()?;
        Some(RowKey::Natural(natural(&seeker?, &kind?, start)))
    }

    fn natural_key(&self, stored: &Gig) -> Option<String> {
        let start = stored.windows.iter().map(TimeWindow::start).min()?;
        Some(natural(&stored.seeker, &stored.kind, start))
    }

    fn build(&mut self, row: &mut RowReader<'_>, stored: Option<&Gig>) -> Option<Gig> {
        let (kind, seeker, windows) = (self.kind(row), self.seeker(row), windows(row));
        let mut new = self.told(row, stored);
        // Only now: what else is wrong with the row was found on the way.
        (new.kind, new.seeker, new.windows) = (kind?, seeker?, windows?);
        let references = self.references(&new.kind, &new.seeker);
        let id = row.text("external_id").and_then(words::identifier).and_then(|id| GigId::new(id).ok());
        new.id = stored.map(|gig| gig.id.clone()).or(id);
        let gig = new.complete(&references, &self.ctx.scope, self.ctx.now);
        Some(match stored {
            None => gig,
            Some(stored) => Gig {
                state: stored.state,
                start: stored.start,
                reopened: stored.reopened,
                cancel_reason: stored.cancel_reason.clone(),
                meta: stored.meta,
                ..gig
            },
        })
    }

    async fn check(
        &mut self,
        _tx: &mut Tx,
        built: &Gig,
        stored: Option<&Gig>,
        violations: &mut Violations,
    ) -> Result<(), Error> {
        if stored == Some(built) {
            return Ok(());
        }
        let references = self.references(&built.kind, &built.seeker);
        let known = stored.map_or(&[][..], |gig| &gig.windows);
        violations.extend(rules::check(built, &references, known, self.ctx.now));
        if !load::reaches_gig(&self.ctx.scope, built) {
            violations.add("gig.association", "must be the caller's own association");
        }
        if let Some(kind) = &references.kind
            && let Err(refusal) = rules::within_scope(built, kind)
        {
            violations.add("gig.note", refusal.detail);
        }
        if let Some(stored) = stored {
            let promised = stored.state != GigState::Open || self.held.contains(&stored.id);
            if stored.state.is_final() {
                violations.add("gig.external_id", format!("is about a gig that is {}", stored.state));
            } else if promised && matching_differs(stored, built) {
                violations.add("gig.external_id", "is about a gig with helpers or offers, which this row would change");
            }
        }
        Ok(())
    }

    fn renew(&mut self, new: &mut Gig) {
        new.id = GigId::from_uuid(new_id(self.ctx.now));
    }

    fn event(&self, ctx: &WriteContext, kind: EventKind, stored: &Gig) -> Event {
        Entry::new(kind, stored.name()).with("kind", &stored.kind).because("imported").event(ctx, &stored.network)
    }
}
