//! From a sheet to stored resources: every row checked, all or nothing, the same file again changing nothing.
//!
//! The machinery is the same for volunteers, seekers and gigs: find what each row means (its key), build what it says over what is
//! stored, check that, compare, and write only if no row has a problem. What a row holds is an [`Importer`]'s business.

use std::collections::HashMap;
use std::future::Future;

use domain::cell::{Problems, RowReader};
use domain::sheet::{Columns, Sheet, SheetProblem};
use domain::{Event, EventKind, NetworkId, Violations, WriteContext};
use serde::{Deserialize, Serialize};

use crate::document::{Document, Inserted};
use crate::error::Error;
use crate::page::Filter;
use crate::tx::Tx;

/// Rows between two reports of progress, and between two breaths for other work of the process.
const STEP_ROWS: usize = 200;

/// A field of a sheet: its name, what else its heading may be, whether a column for it must be there.
pub type Field = (&'static str, &'static [&'static str], bool);

/// What an import did, or why it did nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// Rows that became new resources.
    pub created: usize,
    /// Rows that changed a resource.
    pub updated: usize,
    /// Rows that say what is stored already.
    pub unchanged: usize,
    /// What is wrong, by row: the first of them, bounded by `domain::cell::row::PROBLEMS_LISTED_MAX`.
    #[serde(skip)]
    pub problems: Vec<SheetProblem>,
    /// How many problems there are, listed or not. With any, nothing was stored.
    #[serde(default)]
    pub problems_total: usize,
}

impl ImportOutcome {
    /// Nothing done, for these problems.
    #[must_use]
    pub fn refused(problems: Problems) -> Self {
        Self { problems_total: problems.total(), problems: problems.into_listed(), ..Self::default() }
    }

    /// Whether anything was wrong: nothing was stored then.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.problems_total > 0
    }
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RowKey {
    /// A key of the coordinators' own list.
    External(String),
    /// What else tells one from another: a person's name and phone.
    Natural(String),
}

/// What the rows of one kind of sheet hold.
pub trait Importer: Send {
    /// What a row becomes.
    type Doc: Document + PartialEq;
    /// How a lookup may fail.
    type Error: From<Error> + Send;

    /// The fields of the sheet.
    const FIELDS: &'static [Field];

    /// What is wrong with the headings beyond what [`Importer::FIELDS`] says.
    fn headings(&self, columns: &Columns, problems: &mut Problems) {
        let _ = (columns, problems);
    }

    /// What the row is about; notes a problem if the row does not say.
    fn key(&self, row: &mut RowReader<'_>) -> Option<RowKey>;

    /// The natural key of a stored resource, if it has one.
    fn natural_key(&self, stored: &Self::Doc) -> Option<String> {
        let _ = stored;
        None
    }

    /// What the row says, over what is stored: fields without a column stay. A new resource gets an id and the meta of now. Notes
    /// problems, and gives nothing if there are any.
    fn build(&mut self, row: &mut RowReader<'_>, stored: Option<&Self::Doc>) -> Option<Self::Doc>;

    /// Adds what is wrong with a built resource, by field.
    fn check(
        &mut self,
        tx: &mut Tx,
        built: &Self::Doc,
        stored: Option<&Self::Doc>,
        violations: &mut Violations,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Gives a new resource another id, because its own turned out to be taken.
    fn renew(&mut self, new: &mut Self::Doc);

    /// The event of a resource that was created or changed.
    fn event(&self, ctx: &WriteContext, kind: EventKind, stored: &Self::Doc) -> Event;
}

enum Change<D> {
    Create(u32, D),
    Update(u32, D, i64),
}

/// Imports a sheet in a transaction that the caller ends: with [`Tx::finish`] if the outcome is not refused, else by dropping it.
/// `within` says which stored resources the caller reaches. `progress` hears rows done and rows in all.
///
/// # Errors
/// Any error of the store or of the importer's lookups. Problems of the sheet are in the outcome.
pub async fn run<I: Importer>(
    tx: &mut Tx,
    ctx: &WriteContext,
    network: &NetworkId,
    within: &Filter,
    sheet: &Sheet,
    importer: &mut I,
    mut progress: impl FnMut(usize, usize) + Send,
) -> Result<ImportOutcome, I::Error> {
    let columns = match Columns::find(sheet, I::FIELDS) {
        Ok(columns) => columns,
        Err(found) => {
            let mut problems = Problems::from(found);
            sheet.problems.listed().iter().for_each(|problem| problems.push(problem.clone()));
            return Ok(ImportOutcome::refused(problems));
        }
    };
    let mut problems = Problems::new();
    importer.headings(&columns, &mut problems);
    if !problems.is_empty() {
        return Ok(ImportOutcome::refused(problems));
    }
    problems.clone_from(&sheet.problems);
    let total = sheet.rows.len();
    let stored = Stored::read(tx, network, within, importer).await?;
    let mut outcome = ImportOutcome::default();
    let mut changes = Vec::new();
    let mut seen = Seen::default();
    for (done, row) in sheet.rows.iter().enumerate() {
        breathe(done, || progress(done / 2, total)).await;
        let mut reader = RowReader::new(&columns, row, &mut problems);
        let key = importer.key(&mut reader);
        let before = match key.as_ref().map_or(Found::None, |key| stored.find(key)) {
            Found::None => None,
            Found::One(document) => Some(document),
            Found::Several => {
                reader.refuse_row("fits several that are stored: give the external id");
                None
            }
        };
        // A row without a key is built all the same, so that everything that is wrong with it is told at once.
        let built = importer.build(&mut reader, before).filter(|_| !reader.is_wrong());
        let natural = built.as_ref().and_then(|built| importer.natural_key(built));
        let Some(key) = key else { continue };
        if let Some(first) = seen.before(key, natural, before.map(|before| before.name()), row.number) {
            reader.refuse_row(format!("is about the same as row {first}"));
            continue;
        }
        let Some(built) = built else { continue };
        let mut violations = Violations::new();
        importer.check(tx, &built, before, &mut violations).await?;
        reader.refuse_all(&violations);
        match before {
            _ if reader.is_wrong() => {}
            Some(before) if *before == built => outcome.unchanged += 1,
            Some(before) => changes.push(Change::Update(row.number, built, before.meta().version)),
            None => changes.push(Change::Create(row.number, built)),
        }
    }
    if problems.is_empty() {
        write(tx, ctx, importer, changes, &mut outcome, &mut problems, |done| progress((total + done) / 2, total))
            .await?;
    }
    progress(total, total);
    Ok(if problems.is_empty() { outcome } else { ImportOutcome::refused(problems) })
}

async fn write<I: Importer>(
    tx: &mut Tx,
    ctx: &WriteContext,
    importer: &mut I,
    changes: Vec<Change<I::Doc>>,
    outcome: &mut ImportOutcome,
    problems: &mut Problems,
    mut progress: impl FnMut(usize) + Send,
) -> Result<(), I::Error> {
    for (done, change) in changes.into_iter().enumerate() {
        breathe(done, || progress(done)).await;
        let (kind, stored) = match change {
            Change::Create(row, mut new) => {
                let mut inserted = tx.insert(&new).await?;
                if inserted == Inserted::IdTaken {
                    importer.renew(&mut new);
                    inserted = tx.insert(&new).await?;
                }
                if inserted != Inserted::Done {
                    problems.add(row, "", "its external id or id is taken by another that this caller does not see");
                    continue;
                }
                outcome.created += 1;
                (EventKind::Created, new)
            }
            Change::Update(row, mut changed, from_version) => {
                *changed.meta_mut() = changed.meta().changed(ctx.now);
                if !tx.update(&changed, from_version).await? {
                    problems.add(row, "", "was changed by somebody else while the file was read: import again");
                    continue;
                }
                outcome.updated += 1;
                (EventKind::Updated, changed)
            }
        };
        tx.record(&importer.event(ctx, kind, &stored)).await?;
    }
    Ok(())
}

/// Every [`STEP_ROWS`] rows: reports, and lets other work of the process run.
async fn breathe(done: usize, report: impl FnOnce()) {
    if done.is_multiple_of(STEP_ROWS) {
        report();
        tokio::task::yield_now().await;
    }
}

/// What earlier rows of the file were about.
#[derive(Default)]
struct Seen {
    keys: HashMap<RowKey, u32>,
    /// Natural keys of all rows, whatever they are found by.
    natural: HashMap<String, u32>,
    /// Stored resources by name.
    stored: HashMap<String, u32>,
}

impl Seen {
    /// The earlier row that is about the same, if there is one; notes this one otherwise. Two rows with external ids of their own are
    /// different whatever else they share; a row without one must be like no other row.
    fn before(&mut self, key: RowKey, natural: Option<String>, stored: Option<String>, row: u32) -> Option<u32> {
        let key = match key {
            RowKey::External(key) => RowKey::External(alike(&key)),
            natural => natural,
        };
        let alike = match (&key, &natural) {
            (RowKey::Natural(natural), _) => self.natural.get(natural),
            (RowKey::External(_), Some(natural)) => self.keys.get(&RowKey::Natural(natural.clone())),
            (RowKey::External(_), None) => None,
        };
        let first = self.keys.get(&key).or(alike).or_else(|| self.stored.get(stored.as_ref()?)).copied();
        if first.is_none() {
            self.keys.insert(key, row);
            self.natural.extend(natural.map(|natural| (natural, row)));
            self.stored.extend(stored.map(|stored| (stored, row)));
        }
        first
    }
}

/// An external id as it is compared: V7 and v7 are one person in every list that people keep.
fn alike(external_id: &str) -> String {
    external_id.to_lowercase()
}

/// What is stored already, by key.
struct Stored<D> {
    documents: Vec<D>,
    external: HashMap<String, usize>,
    natural: HashMap<String, Vec<usize>>,
}

enum Found<'a, D> {
    None,
    One(&'a D),
    Several,
}

impl<D: Document> Stored<D> {
    async fn read<I: Importer<Doc = D>>(
        tx: &mut Tx,
        network: &NetworkId,
        within: &Filter,
        importer: &I,
    ) -> Result<Self, Error> {
        let documents = tx.all::<D>(network, within).await?;
        let (mut external, mut natural) = (HashMap::new(), HashMap::<String, Vec<usize>>::new());
        for (index, document) in documents.iter().enumerate() {
            if let Some(key) = document.keys().external_id {
                external.insert(alike(key), index);
            }
            if let Some(key) = importer.natural_key(document) {
                natural.entry(key).or_default().push(index);
            }
        }
        Ok(Self { documents, external, natural })
    }

    fn find(&self, key: &RowKey) -> Found<'_, D> {
        let indexes = match key {
            RowKey::External(key) => self.external.get(&alike(key)).map(std::slice::from_ref),
            RowKey::Natural(key) => self.natural.get(key).map(Vec::as_slice),
        };
        match indexes {
            None | Some([]) => Found::None,
            Some([index]) => Found::One(&self.documents[*index]),
            Some(_) => Found::Several,
        }
    }
}
