//! A network's own words for message templates: read, replaced, forgotten. What is said without them are the service's.

use domain::text::ServiceLanguage;
use domain::{Network, NetworkId, Reason, Refusal, Scope, Timestamp, Violations, WriteContext};
use serde::{Deserialize, Serialize};
use store::{MessageText, Tx, language_code};

use crate::preview::Words;
use crate::template::{Part, Template};
use crate::{Error, Notification};

/// A template with a network's own words for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The template.
    pub template: Template,
    /// The network's own words, by part and language.
    pub own: Vec<Words>,
    /// Another number for other words; 0 where there are none.
    pub version: i64,
    /// When they last changed; none where there are none.
    pub update_time: Option<Timestamp>,
}

/// How a network's own words change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WordChange {
    /// These are all there are from now on.
    Replace(Vec<Words>),
    /// Those of a part, a language or both are forgotten; all of them where neither is said.
    Forget(Option<Part>, Option<ServiceLanguage>),
}

impl Notification {
    /// A network's own words for a template.
    ///
    /// # Errors
    /// [`Reason::ResourceNotFound`] if the network is not within the caller's reach, or the store's.
    pub async fn wording(&self, scope: &Scope, network: &NetworkId, template: Template) -> Result<Wording, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        must_be_there(tx.get::<Network>(network, network).await?, network)?;
        Ok(read(&mut tx, network, template).await?)
    }

    /// Every template that has words, with a network's own.
    ///
    /// # Errors
    /// As [`Notification::wording`].
    pub async fn wordings(&self, scope: &Scope, network: &NetworkId) -> Result<Vec<Wording>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        must_be_there(tx.get::<Network>(network, network).await?, network)?;
        let mut all = Vec::new();
        for template in Template::ALL.iter().filter(|template| !template.parts().is_empty()) {
            all.push(read(&mut tx, network, *template).await?);
        }
        Ok(all)
    }

    /// Changes a network's own words for a template. `field` is where the texts stand in the request.
    ///
    /// # Errors
    /// [`Reason::FieldsInvalid`] naming each wrong text with its unknown variables: nothing is stored then; [`Reason::EtagMismatch`] if others
    /// were read, [`Reason::ResourceNotFound`], or the store's.
    pub async fn change_words(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        template: Template,
        change: &WordChange,
        field: &str,
    ) -> Result<Wording, Error> {
        ctx.scope.admit(network)?;
        if let WordChange::Replace(words) = change {
            each_once(words, field)?;
            self.check_words(field, template, words)?;
        }
        let mut tx = self.db.write().await?;
        // Words of a network are changed by one at a time.
        must_be_there(tx.get_locked::<Network>(network, network).await?, network)?;
        if let Some(done) = tx.replay(ctx).await? {
            return Ok(done);
        }
        let before = read(&mut tx, network, template).await?;
        if ctx.read_version.is_some_and(|version| version != before.version) {
            let detail = "the words were changed meanwhile: read them again and repeat";
            return Err(Refusal::new(Reason::EtagMismatch, detail).with("etag", format!("v{}", before.version)).into());
        }
        let goes = |words: &Words| match change {
            WordChange::Replace(_) => true,
            WordChange::Forget(part, language) => {
                part.is_none_or(|part| part == words.part) && language.is_none_or(|language| language == words.language)
            }
        };
        for words in before.own.iter().filter(|words| goes(words)) {
            tx.delete_message_text(network, template.code(), words.part.code(), words.language).await?;
        }
        if let WordChange::Replace(words) = change {
            for words in words {
                let part = words.part.code().to_owned();
                let text =
                    MessageText { part, language: words.language, body: words.text.clone(), update_time: ctx.now };
                tx.put_message_text(network, template.code(), &text).await?;
            }
        }
        let after = read(&mut tx, network, template).await?;
        tx.finish(ctx, &format!("networks/{network}/templates/{}", template.slug()), &after).await?;
        Ok(after)
    }
}

fn must_be_there(found: Option<Network>, network: &NetworkId) -> Result<(), Refusal> {
    found.map(drop).ok_or_else(|| Refusal::not_found("network", format!("networks/{network}")))
}

/// A part has one text in one language.
fn each_once(words: &[Words], field: &str) -> Result<(), Refusal> {
    let mut wrong = Violations::new();
    for (at, one) in words.iter().enumerate() {
        if words[..at].iter().any(|other| (other.part, other.language) == (one.part, one.language)) {
            let (part, language) = (one.part.code(), language_code(one.language));
            wrong.add(format!("{field}[{at}]"), format!("stands twice: {part} in {language}"));
        }
    }
    wrong.into_result(Some(()))
}

async fn read(tx: &mut Tx, network: &NetworkId, template: Template) -> store::Result<Wording> {
    let texts = tx.message_texts(network, template.code()).await?;
    let update_time = texts.iter().map(|text| text.update_time).max();
    let own: Vec<Words> = texts
        .into_iter()
        .filter_map(|text| Some(Words { part: Part::from_code(&text.part)?, language: text.language, text: text.body }))
        .collect();
    Ok(Wording { template, version: version(&own), update_time, own })
}

/// A number of the words themselves (FNV-1a), never negative.
fn version(own: &[Words]) -> i64 {
    if own.is_empty() {
        return 0;
    }
    let parts = own.iter().flat_map(|words| [words.part.code(), language_code(words.language), words.text.as_str()]);
    let bytes = parts.flat_map(|part| part.bytes().chain([0]));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    i64::try_from(hash >> 1).unwrap_or(i64::MAX)
}
