//! A network's own words for parts of message templates.

use domain::text::ServiceLanguage;
use domain::{NetworkId, Timestamp};

use crate::error::{Error, Result};
use crate::tx::{Tx, values};

const TABLE: &str = "message_text";
const PUT: &str = "insert into message_text (network_id, template, part, language, body, update_time) values ($1, $2, $3, $4, $5, $6) \
    on conflict (network_id, template, part, language) do update set body = excluded.body, update_time = excluded.update_time";
const DELETE: &str = "delete from message_text where network_id = $1 and template = $2 and part = $3 and language = $4";
const OF_TEMPLATE: &str = "select part, language, body, update_time from message_text \
    where network_id = $1 and template = $2 order by part, language";

/// A network's own words for one part of a template in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageText {
    /// Which part of the template: `sms`, `subject`, `body`.
    pub part: String,
    /// In which language.
    pub language: ServiceLanguage,
    /// The words.
    pub body: String,
    /// When they were last changed.
    pub update_time: Timestamp,
}

/// The language as stored.
#[must_use]
pub fn language_code(language: ServiceLanguage) -> &'static str {
    match language {
        ServiceLanguage::Fi => "fi",
        ServiceLanguage::Sv => "sv",
        ServiceLanguage::En => "en",
    }
}

impl Tx {
    /// Keeps a network's own words for a part of a template.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn put_message_text(&mut self, network: &NetworkId, template: &str, text: &MessageText) -> Result<()> {
        let (part, language) = (&text.part, language_code(text.language));
        let row = values![network.as_str(), template, part, language, &text.body, text.update_time];
        self.execute(PUT, row).await.map(drop)
    }

    /// Forgets a network's own words. Answers whether there were any.
    ///
    /// # Errors
    /// Any [`Error`] of the store.
    pub async fn delete_message_text(
        &mut self,
        network: &NetworkId,
        template: &str,
        part: &str,
        language: ServiceLanguage,
    ) -> Result<bool> {
        let row = values![network.as_str(), template, part, language_code(language)];
        Ok(self.execute(DELETE, row).await? == 1)
    }

    /// A network's own words for a template.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn message_texts(&mut self, network: &NetworkId, template: &str) -> Result<Vec<MessageText>> {
        let rows: Vec<(String, String, String, i64)> =
            self.rows(OF_TEMPLATE, values![network.as_str(), template]).await?;
        rows.into_iter()
            .map(|(part, language, body, time)| {
                let corrupt = |column| Error::Corrupt { table: TABLE, column, id: template.to_owned() };
                let all = [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En];
                let known = all.into_iter().find(|known| language_code(*known) == language);
                Ok(MessageText {
                    part,
                    language: known.ok_or_else(|| corrupt("language"))?,
                    body,
                    update_time: Timestamp::from_microsecond(time).map_err(|_| corrupt("update_time"))?,
                })
            })
            .collect()
    }
}
