//! What a template says, before anybody reads it; and a network's own words.

use domain::text::ServiceLanguage;
use domain::{Channel, NetworkId, Refusal, Scope, Violations, WriteContext};
use store::{MessageText, language_code};

use crate::render::{self, Overrides};
use crate::template::{Part, Template};
use crate::{Error, Notification};

const LANGUAGES: [ServiceLanguage; 3] = [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En];

/// What a template says by one channel in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The channel.
    pub channel: Channel,
    /// The language.
    pub language: ServiceLanguage,
    /// The subject of a letter.
    pub subject: Option<String>,
    /// What is said.
    pub text: String,
    /// Segments of a text message.
    pub segments: Option<usize>,
}

/// Words for a part of a template in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The part.
    pub part: Part,
    /// The language.
    pub language: ServiceLanguage,
    /// The words.
    pub text: String,
}

impl Notification {
    /// What a template says with sample values: in the network's words, with `words` in the place of some.
    ///
    /// # Errors
    /// [`domain::Reason::FieldsInvalid`] naming each wrong text and its unknown variables, or the store's.
    pub async fn preview(
        &self,
        scope: &Scope,
        network: &NetworkId,
        template: Template,
        words: &[Words],
    ) -> Result<Vec<Preview>, Error> {
        scope.admit(network)?;
        self.check_words(template, words)?;
        let mut tx = self.db.read().await?;
        let mut overrides: Overrides = tx
            .message_texts(network, template.code())
            .await?
            .into_iter()
            .filter_map(|text| Some(((Part::from_code(&text.part)?, text.language), text.body)))
            .collect();
        overrides.extend(words.iter().map(|words| ((words.part, words.language), words.text.clone())));
        let mut previews = Vec::new();
        for language in LANGUAGES {
            let values = render::sample(language, &self.options.link_base);
            for part in template.parts() {
                let preview = |channel, subject, text, segments| Preview { channel, language, subject, text, segments };
                match part {
                    Part::Sms => {
                        let sms = render::sms(template, language, &values, &overrides)?;
                        previews.push(preview(Channel::Sms, None, sms.text, Some(sms.segments)));
                    }
                    Part::Body => {
                        let mail = render::mail(template, language, &values, &overrides)?;
                        previews.push(preview(Channel::Email, Some(mail.subject), mail.text, None));
                    }
                    Part::Call => {
                        let text = render::call(template, language, &values, &overrides)?;
                        previews.push(preview(Channel::Phone, None, text, None));
                    }
                    Part::Subject => {}
                }
            }
        }
        Ok(previews)
    }

    /// Keeps a network's own words for parts of a template.
    ///
    /// # Errors
    /// As [`Notification::preview`]: nothing is stored if one text is wrong.
    pub async fn keep_words(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        template: Template,
        words: &[Words],
    ) -> Result<(), Error> {
        ctx.scope.admit(network)?;
        self.check_words(template, words)?;
        let mut tx = self.db.write().await?;
        if tx.replay::<bool>(ctx).await?.is_some() {
            return Ok(());
        }
        for words in words {
            let text = MessageText {
                part: words.part.code().to_owned(),
                language: words.language,
                body: words.text.clone(),
                update_time: ctx.now,
            };
            tx.put_message_text(network, template.code(), &text).await?;
        }
        tx.finish(ctx, &format!("networks/{network}/templates/{}", template.code()), &true).await?;
        Ok(())
    }

    /// Forgets a network's own words for a part: the service's are used again. Answers whether there were any.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget_words(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        template: Template,
        part: Part,
        language: ServiceLanguage,
    ) -> Result<bool, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        let there = tx.delete_message_text(network, template.code(), part.code(), language).await?;
        tx.finish(ctx, &format!("networks/{network}/templates/{}", template.code()), &there).await?;
        Ok(there)
    }

    /// Every text that is wrong, by its place in the list.
    fn check_words(&self, template: Template, words: &[Words]) -> Result<(), Refusal> {
        let mut wrong = Violations::new();
        for (at, words) in words.iter().enumerate() {
            let sample = render::sample(words.language, &self.options.link_base);
            if let Err(error) = render::check(template, words.part, words.language, &words.text, &sample) {
                let (part, language) = (words.part.code(), language_code(words.language));
                let known = template.variables().join(", ");
                wrong.add(format!("texts[{at}].text"), format!("{error} ({part}, {language}); known are: {known}"));
            }
        }
        wrong.into_result(Some(()))
    }
}
