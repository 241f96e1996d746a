//! What a template says, before anybody reads it.

use domain::text::ServiceLanguage;
use domain::{Channel, Kind, NetworkId, Refusal, Scope, Violations};
use serde::{Deserialize, Serialize};
use store::language_code;

use crate::render::{self, Overrides, Word, gsm7};
use crate::template::{Part, Template};
use crate::{Error, Notification};

const LANGUAGES: [ServiceLanguage; 3] = [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En];

/// The kind that previews name.
const SAMPLE_KIND: &str = "shopping";

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
    /// Letters of the alphabet of text messages that it takes: some count twice.
    pub septets: Option<usize>,
}

/// Words for a part of a template in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
        self.check_words("texts", template, words)?;
        let mut tx = self.db.read().await?;
        let mut overrides: Overrides = tx
            .message_texts(network, template.code())
            .await?
            .into_iter()
            .filter_map(|text| Some(((Part::from_code(&text.part)?, text.language), text.body)))
            .collect();
        overrides.extend(words.iter().map(|words| ((words.part, words.language), words.text.clone())));
        // What a network calls a kind, it is called everywhere.
        let kind = match SAMPLE_KIND.parse() {
            Ok(id) => tx.get::<Kind>(network, &id).await?,
            Err(_) => None,
        };
        let mut previews = Vec::new();
        for language in LANGUAGES {
            let mut values = render::sample(language, &self.options.link_base);
            if let Some(kind) = &kind {
                values.insert("kind", Word::Text(kind.title.get(language).to_owned()));
            }
            for part in template.parts() {
                let preview = |channel, subject, text: String, segments: Option<usize>| {
                    let septets = segments.map(|_| text.chars().filter_map(gsm7::septets).sum());
                    Preview { channel, language, subject, text, segments, septets }
                };
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

    /// Every text that is wrong, by its place in the list.
    pub(crate) fn check_words(&self, field: &str, template: Template, words: &[Words]) -> Result<(), Refusal> {
        let mut wrong = Violations::new();
        for (at, words) in words.iter().enumerate() {
            let sample = render::sample(words.language, &self.options.link_base);
            if let Err(error) = render::check(template, words.part, words.language, &words.text, &sample) {
                let (part, language) = (words.part.code(), language_code(words.language));
                let known = template.variables().join(", ");
                wrong.add(format!("{field}[{at}].text"), format!("{error} ({part}, {language}); known are: {known}"));
            }
        }
        wrong.into_result(Some(()))
    }
}
