//! The words of a page in one language: the Fluent files of `notification` hold them.

use domain::text::ServiceLanguage;
use notification::render::{self, Values, Word, moment};

/// The languages, in the order in which they are offered.
pub(super) const LANGUAGES: [(ServiceLanguage, &str); 3] =
    [(ServiceLanguage::Fi, "fi"), (ServiceLanguage::Sv, "sv"), (ServiceLanguage::En, "en")];

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Words(pub(super) ServiceLanguage);

impl Words {
    /// The code of the language, as in `lang="sv"`.
    pub(super) fn code(self) -> &'static str {
        LANGUAGES.iter().find(|(language, _)| *language == self.0).map_or("fi", |(_, code)| code)
    }

    /// The language of a code.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        LANGUAGES.iter().find(|(_, known)| *known == code).map(|(language, _)| Self(*language))
    }

    /// A text without variables.
    pub(super) fn say(self, name: &str) -> String {
        self.with(name, &Values::new())
    }

    /// A text about so many minutes.
    pub(super) fn minutes(self, name: &str, minutes: u32) -> String {
        self.with(name, &Values::from([("minutes", Word::Number(i64::from(minutes)))]))
    }

    /// A text with an end.
    pub(super) fn until(self, name: &str, until: domain::Timestamp) -> String {
        self.with(name, &Values::from([("until", Word::Text(moment::day_and_time(until, self.0)))]))
    }

    fn with(self, name: &str, values: &Values) -> String {
        let text = render::text(&format!("page_{name}"), self.0, values);
        text.unwrap_or_else(|error| {
            debug_assert!(false, "{name}: {error}");
            tracing::error!(%error, name, "a page lacks words");
            String::new()
        })
    }
}
