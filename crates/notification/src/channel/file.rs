//! The file channel of `dev` and demonstrations: each message is a file in a folder, named by its reference.

use std::path::{Path, PathBuf};

use super::{Accepted, Body, Outgoing, SendError, Transport};
use crate::ports::Doing;

/// Writes messages into a folder.
#[derive(Debug, Clone)]
pub struct FileTransport {
    folder: PathBuf,
}

impl FileTransport {
    /// A channel into a folder, which is made when it is missing.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Transport for FileTransport {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Doing<'a, Result<Accepted, SendError>> {
        Box::pin(async move {
            let written = write(&self.folder, message).await;
            written.map_err(|_| SendError::transient("FOLDER_UNWRITABLE"))?;
            Ok(Accepted { provider_id: None, arrived: true })
        })
    }
}

async fn write(folder: &Path, message: &Outgoing) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let (ending, text) = match &message.body {
        Body::Sms { to, text } => ("sms.txt", format!("To: {}\n\n{}\n", to.expose(), text.text)),
        Body::Mail { to, mail } => {
            if let Some((calendar, _)) = &mail.calendar {
                tokio::fs::write(folder.join(format!("{}.ics", message.reference)), calendar).await?;
            }
            tokio::fs::write(folder.join(format!("{}.html", message.reference)), &mail.html).await?;
            ("mail.txt", format!("To: {}\nSubject: {}\n\n{}\n", to.expose(), mail.subject, mail.text))
        }
        Body::Event { association, json, .. } => {
            ("event.json", format!("{{\"to\":\"{association}\",\"event\":{json}}}\n"))
        }
    };
    // Written aside and renamed: who watches the folder sees whole messages only.
    let place = folder.join(format!("{}.{ending}", message.reference));
    let aside = folder.join(format!(".{}.part", message.reference));
    tokio::fs::write(&aside, text).await?;
    tokio::fs::rename(&aside, &place).await
}
