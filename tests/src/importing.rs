//! Sends a file as coordinators have it over the two-way stream, in pieces, and gathers what comes back.

use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use proto::r#type::v1::{ImportHeader, ImportProblem, ImportProgress, ImportSummary};
use tonic::{Status, Streaming};

use crate::desk::Desk;
use crate::town::NETWORK;
use crate::town_desk::request_id;

/// Size of a piece, in bytes: odd, so that letters of several bytes are cut in two.
const PIECE: usize = 1_021;

/// What is in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Volunteers.
    Volunteers,
    /// Seekers.
    Seekers,
    /// Gigs.
    Gigs,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// How far it was, in the order told.
    pub progress: Vec<ImportProgress>,
    /// What was wrong.
    pub problems: Vec<ImportProblem>,
    /// The end.
    pub summary: ImportSummary,
}

impl Imported {
    /// Created, updated, unchanged, problems.
    #[must_use]
    pub fn counts(&self) -> (i32, i32, i32, i32) {
        let told = &self.summary;
        (told.created, told.updated, told.unchanged, told.problems)
    }

    /// Row and column of each problem, in order.
    #[must_use]
    pub fn places(&self) -> Vec<(i32, &str)> {
        self.problems.iter().map(|problem| (problem.row, problem.column.as_str())).collect()
    }
}

/// One message of an answer, whichever import it is of.
enum Word {
    Progress(ImportProgress),
    Problem(ImportProblem),
    Summary(ImportSummary),
}

macro_rules! words {
    ($($event:path),* $(,)?) => {$(
        impl From<$event> for Word {
            fn from(event: $event) -> Self {
                use $event as E;
                match event {
                    E::Progress(progress) => Self::Progress(progress),
                    E::Problem(problem) => Self::Problem(problem),
                    E::Summary(summary) => Self::Summary(summary),
                }
            }
        }
    )*};
}

words! {
    registry::import_volunteers_response::Event,
    registry::import_seekers_response::Event,
    dispatch::import_gigs_response::Event,
}

/// Header and pieces as messages of a request.
macro_rules! messages {
    ($message:path, $header:expr, $bytes:expr) => {{
        use $message as M;
        let mut messages = vec![M { header: Some($header), ..M::default() }];
        messages.extend($bytes.chunks(PIECE).map(|piece| M { header: None, chunk: piece.to_vec().into() }));
        tokio_stream::iter(messages)
    }};
}

impl Desk {
    /// Imports a file into the network of the tests.
    ///
    /// # Panics
    /// If the call fails, or the answer does not end with exactly one summary.
    pub async fn import(&self, list: List, file_name: &str, bytes: &[u8]) -> Imported {
        self.try_import(list, header(file_name), bytes).await.expect("an import that is told to its end")
    }

    /// The same without storing anything.
    ///
    /// # Panics
    /// As [`Desk::import`].
    pub async fn rehearse(&self, list: List, file_name: &str, bytes: &[u8]) -> Imported {
        let header = ImportHeader { validate_only: true, ..header(file_name) };
        self.try_import(list, header, bytes).await.expect("an import that is told to its end")
    }

    /// Imports with a header of one's own.
    ///
    /// # Errors
    /// The status.
    ///
    /// # Panics
    /// If the answer does not end with exactly one summary.
    pub async fn try_import(&self, list: List, header: ImportHeader, bytes: &[u8]) -> Result<Imported, Status> {
        match list {
            List::Volunteers => {
                let messages = messages!(registry::ImportVolunteersRequest, header, bytes);
                let told = self.volunteers.clone().import_volunteers(messages).await?.into_inner();
                gather(told, |message| message.event).await
            }
            List::Seekers => {
                let messages = messages!(registry::ImportSeekersRequest, header, bytes);
                let told = self.seekers.clone().import_seekers(messages).await?.into_inner();
                gather(told, |message| message.event).await
            }
            List::Gigs => {
                let messages = messages!(dispatch::ImportGigsRequest, header, bytes);
                let told = self.gigs.clone().import_gigs(messages).await?.into_inner();
                gather(told, |message| message.event).await
            }
        }
    }
}

/// The header of an import into the network of the tests.
#[must_use]
pub fn header(file_name: &str) -> ImportHeader {
    ImportHeader {
        parent: NETWORK.to_owned(),
        file_name: file_name.to_owned(),
        validate_only: false,
        request_id: request_id(),
    }
}

async fn gather<M, E: Into<Word>>(mut told: Streaming<M>, event: impl Fn(M) -> Option<E>) -> Result<Imported, Status> {
    let (mut progress, mut problems, mut summaries) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(message) = told.message().await? {
        assert!(summaries.is_empty(), "the summary is the last word");
        match event(message).map(Into::into) {
            Some(Word::Progress(step)) => progress.push(step),
            Some(Word::Problem(problem)) => problems.push(problem),
            Some(Word::Summary(summary)) => summaries.push(summary),
            None => panic!("a message that says nothing"),
        }
    }
    let summary = summaries.pop().expect("a summary at the end");
    Ok(Imported { progress, problems, summary })
}
