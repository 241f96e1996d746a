//! Words for languages, ways of moving, sexes and channels, in Finnish, Swedish and English.

use std::collections::BTreeSet;

use super::{CellError, fold};
use crate::contact::Channel;
use crate::intake::Sex;
use crate::language::LanguageTag;
use crate::text::ServiceLanguage;
use crate::volunteer::TravelMode;

/// Names of languages that are often met in Finland, folded, with their tags.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("fi", &["suomi", "finska", "finnish"]),
    ("sv", &["ruotsi", "svenska", "swedish"]),
    ("en", &["englanti", "engelska", "english"]),
    ("ru", &["venaja", "ryska", "russian"]),
    ("et", &["viro", "eesti", "estniska", "estonian"]),
    ("ar", &["arabia", "arabiska", "arabic"]),
    ("so", &["somali", "somalia", "somaliska"]),
    ("se", &["saame", "pohjoissaame", "samiska", "northern sami", "sami"]),
    ("uk", &["ukraina", "ukrainska", "ukrainian"]),
    ("ku", &["kurdi", "kurdiska", "kurdish"]),
    ("fa", &["persia", "farsi", "persiska", "persian"]),
    ("de", &["saksa", "tyska", "german"]),
    ("fr", &["ranska", "franska", "french"]),
    ("es", &["espanja", "spanska", "spanish"]),
    ("zh", &["kiina", "kinesiska", "chinese"]),
    ("vi", &["vietnam", "vietnamesiska", "vietnamese"]),
    ("th", &["thai", "thailandska"]),
    ("tr", &["turkki", "turkiska", "turkish"]),
    ("pl", &["puola", "polska", "polish"]),
    ("it", &["italia", "italienska", "italian"]),
    ("hu", &["unkari", "ungerska", "hungarian"]),
    ("fse", &["suomalainen viittomakieli", "viittomakieli", "finnish sign language"]),
];

/// A language by its name or BCP 47 tag: `suomi`, `ruotsi`, `English`, `sv-FI`.
///
/// # Errors
/// [`CellError`] for a name not known and a text that is no tag.
pub fn language(text: &str) -> Result<LanguageTag, CellError> {
    let folded = fold(text);
    let plain = folded.strip_suffix("n kieli").unwrap_or(&folded);
    let known = LANGUAGES.iter().find(|(_, names)| names.contains(&plain)).map(|(tag, _)| *tag);
    // A tag has a language of two or three letters; a longer word is a name that we do not know.
    let tag = known.unwrap_or_else(|| text.trim());
    let short = tag.split(['-', '_']).next().is_some_and(|head| head.len() <= 3);
    short
        .then(|| LanguageTag::new(tag).ok())
        .flatten()
        .ok_or_else(|| CellError::new("must be languages by name or tag, such as suomi, ruotsi, en or ar"))
}

/// Languages by comma, semicolon or line.
///
/// # Errors
/// [`CellError`] if any of them is not known.
pub fn languages(text: &str) -> Result<BTreeSet<LanguageTag>, CellError> {
    super::list(text)?.into_iter().map(language).collect()
}

/// How somebody moves: `kävellen`, `pyörä`, `auto`, `walk`, `bike`, `car`, ...
///
/// # Errors
/// [`CellError`] for another word.
pub fn travel_mode(text: &str) -> Result<TravelMode, CellError> {
    match fold(text).as_str() {
        "kavellen" | "kavely" | "jalan" | "jalkaisin" | "walk" | "walking" | "on foot" | "till fots" | "gang" => {
            Ok(TravelMode::Walk)
        }
        "pyora" | "pyoralla" | "polkupyora" | "bike" | "bicycle" | "cykel" => Ok(TravelMode::Bike),
        "auto" | "autolla" | "oma auto" | "car" | "bil" => Ok(TravelMode::Car),
        _ => Err(CellError::new("must be kävellen, pyörä or auto (walk, bike, car)")),
    }
}

/// A sex: `nainen`, `mies`, `n`, `m`, `female`, `male`, ...
///
/// # Errors
/// [`CellError`] for another word.
pub fn sex(text: &str) -> Result<Sex, CellError> {
    match fold(text).as_str() {
        "nainen" | "n" | "female" | "f" | "woman" | "kvinna" | "k" => Ok(Sex::Female),
        "mies" | "m" | "male" | "man" => Ok(Sex::Male),
        _ => Err(CellError::new("must be nainen or mies (female, male)")),
    }
}

/// Channels in the order of preference: `tekstiviesti, sähköposti, puhelu`.
///
/// # Errors
/// [`CellError`] for another word.
pub fn channels(text: &str) -> Result<Vec<Channel>, CellError> {
    let mut channels = Vec::new();
    for word in super::list(text)? {
        let channel = match fold(word).as_str() {
            "tekstiviesti" | "sms" | "viesti" | "text" | "textmeddelande" => Channel::Sms,
            "sahkoposti" | "email" | "e mail" | "e post" | "epost" => Channel::Email,
            "puhelu" | "puhelin" | "soitto" | "phone" | "call" | "samtal" => Channel::Phone,
            _ => return Err(CellError::new("must be of tekstiviesti, sähköposti and puhelu (sms, email, phone)")),
        };
        if !channels.contains(&channel) {
            channels.push(channel);
        }
    }
    Ok(channels)
}

/// A language of the service: Finnish, Swedish or English.
///
/// # Errors
/// [`CellError`] for another language.
pub fn service_language(text: &str) -> Result<ServiceLanguage, CellError> {
    match language(text).as_ref().map(LanguageTag::language) {
        Ok("fi") => Ok(ServiceLanguage::Fi),
        Ok("sv") => Ok(ServiceLanguage::Sv),
        Ok("en") => Ok(ServiceLanguage::En),
        _ => Err(CellError::new("must be suomi, ruotsi or englanti")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_by_name_and_tag() {
        let tags = |text| languages(text).map(|set| set.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(tags("suomi, Ruotsi; venäjä"), Ok(vec!["fi".to_owned(), "ru".to_owned(), "sv".to_owned()]));
        assert_eq!(tags("FI, sv-FI, somali"), Ok(vec!["fi".to_owned(), "so".to_owned(), "sv-FI".to_owned()]));
        assert_eq!(tags("suomen kieli").ok(), None);
        for bad in ["klingon", "suomea", "1"] {
            assert!(languages(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ways_of_moving_sexes_and_channels() {
        assert_eq!(travel_mode("Kävellen"), Ok(TravelMode::Walk));
        assert_eq!(travel_mode("pyörä"), Ok(TravelMode::Bike));
        assert_eq!(travel_mode("CAR"), Ok(TravelMode::Car));
        assert!(travel_mode("helikopteri").is_err());
        assert_eq!((sex("N"), sex("mies")), (Ok(Sex::Female), Ok(Sex::Male)));
        assert_eq!(channels("sähköposti, tekstiviesti, sms"), Ok(vec![Channel::Email, Channel::Sms]));
        assert_eq!(service_language("ruotsi"), Ok(ServiceLanguage::Sv));
        assert!(service_language("viro").is_err());
    }
}
