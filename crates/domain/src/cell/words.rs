//! Words for languages, ways of moving, sexes and channels, in Finnish, Swedish and English.

use std::collections::BTreeSet;

use super::{CellError, fold};
use crate::contact::{Channel, ContactMode, PhoneNumber};
use crate::intake::{Need, Sex, TaxiOrder};
use crate::language::LanguageTag;
use crate::sorted_set::SortedSet;
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
pub fn languages(text: &str) -> Result<SortedSet<LanguageTag>, CellError> {
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

/// What a task needs: `portaaton auto`, `kaksi kantajaa`, `pyörätuoli`, `rollaattori`, ...
///
/// # Errors
/// [`CellError`] for other words: needs are task words, never health words.
pub fn needs(text: &str) -> Result<BTreeSet<Need>, CellError> {
    let need = |word: &str| match fold(word).as_str() {
        "portaaton auto" | "esteeton auto" | "matala auto" | "step free car" => Ok(Need::StepFreeCar),
        "kaksi kantajaa" | "2 kantajaa" | "two carriers" => Ok(Need::TwoCarriers),
        "pyoratuoli" | "wheelchair" | "rullstol" => Ok(Need::Wheelchair),
        "rollaattori" | "walking frame" | "rollator" => Ok(Need::WalkingFrame),
        "kasikynkka" | "tukikasi" | "kasivarsi tueksi" | "arm to hold" => Ok(Need::ArmToHold),
        "lemmikki" | "lemmikkeja" | "koira" | "kissa" | "pets" | "pets at home" | "husdjur" => Ok(Need::PetsAtHome),
        "portaat" | "ei hissia" | "portaat ilman hissia" | "stairs" | "stairs no lift" => Ok(Need::StairsNoLift),
        "selkea puhe" | "puhu selkeasti" | "speak clearly" => Ok(Need::SpeakClearly),
        _ => Err(CellError::new(
            "must be of portaaton auto, kaksi kantajaa, pyörätuoli, rollaattori, käsikynkkä, lemmikki, ei hissiä, selkeä puhe",
        )),
    };
    super::list(text)?.into_iter().map(need).collect()
}

/// Who orders the taxi: `avunsaaja`, `vapaaehtoinen`, `puhelinpalvelu`, `ei taksia`.
///
/// # Errors
/// [`CellError`] for another word.
pub fn taxi(text: &str) -> Result<TaxiOrder, CellError> {
    match fold(text).as_str() {
        "avunsaaja" | "asiakas" | "omainen" | "seeker" => Ok(TaxiOrder::Seeker),
        "vapaaehtoinen" | "volunteer" => Ok(TaxiOrder::Volunteer),
        "puhelinpalvelu" | "palvelukeskus" | "neuvonta" | "call centre" | "call center" => Ok(TaxiOrder::CallCentre),
        "ei" | "ei taksia" | "ei tarvita" | "none" | "no" => Ok(TaxiOrder::None),
        _ => Err(CellError::new("must be avunsaaja, vapaaehtoinen, puhelinpalvelu or ei taksia")),
    }
}

/// Whether whereabouts may be handed on: `suora` or `välitetty`.
///
/// # Errors
/// [`CellError`] for another word.
pub fn contact_mode(text: &str) -> Result<ContactMode, CellError> {
    match fold(text).as_str() {
        "suora" | "suoraan" | "direct" | "direkt" => Ok(ContactMode::Direct),
        "valitetty" | "koordinaattorin kautta" | "mediated" | "formedlad" => Ok(ContactMode::Mediated),
        _ => Err(CellError::new("must be suora or välitetty (direct, mediated)")),
    }
}

/// A phone number. A spreadsheet that took `040 123 4567` for a number dropped its first zero: nine digits or so that begin with a
/// mobile prefix get it back.
///
/// # Errors
/// [`CellError`] unless it is a phone number.
pub fn phone(text: &str) -> Result<PhoneNumber, CellError> {
    let bare = text.trim();
    let lost_zero =
        (8..=10).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit()) && bare.starts_with(['4', '5']);
    let number = if lost_zero { PhoneNumber::new(&format!("0{bare}")) } else { PhoneNumber::new(bare) };
    number.map_err(|error| CellError::new(error.to_string()))
}

/// A postal code. A spreadsheet that took `00100` for a number dropped its zeros: three and four digits get them back.
///
/// # Errors
/// [`CellError`] unless it is three to five digits; whether there is such a code is not known here.
pub fn postal_code(text: &str) -> Result<String, CellError> {
    let bare = text.trim();
    let bare = bare.strip_prefix("FI-").or_else(|| bare.strip_prefix("FIN-")).unwrap_or(bare);
    if (3..=5).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit()) {
        Ok(format!("{bare:0>5}"))
    } else {
        Err(CellError::new("must be five digits"))
    }
}

/// A key of a list that can serve as an identifier as it is: a short code with digits such as `V-017`, in lower case. A key that
/// may be made of names cannot: identifiers reach logs.
#[must_use]
pub fn identifier(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let code = lower.len() <= 24
        && lower.bytes().any(|b| b.is_ascii_digit())
        && lower.split(|c: char| !c.is_alphabetic()).all(|letters| letters.len() <= 4);
    (code && crate::id::KindId::new(lower.as_str()).is_ok()).then_some(lower)
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
    fn zeros_that_a_spreadsheet_dropped_come_back() {
        assert_eq!(phone("401234567").map(|n| n.expose().to_owned()), Ok("+358401234567".to_owned()));
        assert_eq!(phone("+358 40 123 4567"), phone("040-1234567"));
        assert!(phone("123").is_err() && phone("soita").is_err());
        assert_eq!(postal_code("100").as_deref(), Ok("00100"));
        assert_eq!(postal_code("45100").as_deref(), Ok("45100"));
        assert!(postal_code("10").is_err() && postal_code("451000").is_err() && postal_code("4510O").is_err());
    }

    #[test]
    fn a_code_may_serve_as_an_identifier_and_a_name_may_not() {
        assert_eq!(identifier("V-017").as_deref(), Some("v-017"));
        assert_eq!(identifier("2026-12").as_deref(), Some("2026-12"));
        for name in ["matti-meikalainen-1", "Aino", "v 17", "v_17", ""] {
            assert_eq!(identifier(name), None, "{name}");
        }
    }

    #[test]
    fn needs_are_task_words() {
        assert_eq!(needs("pyörätuoli, ei hissiä").map(|needs| needs.len()), Ok(2));
        assert!(needs("dementia").is_err());
        assert_eq!(taxi("Vapaaehtoinen"), Ok(TaxiOrder::Volunteer));
        assert_eq!(contact_mode("välitetty"), Ok(ContactMode::Mediated));
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
