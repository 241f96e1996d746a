//! Names that are obviously made up: a first name and a word for "example" or "invented" as a surname.

/// A language community with its names.
struct Names {
    first: &'static [(&'static str, Sex)],
    last: &'static [&'static str],
}

/// A sex, as a volunteer may tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sex {
    Female,
    Male,
}

use Sex::{Female as F, Male as M};

const FINNISH: Names = Names {
    first: &[
        ("Aino", F),
        ("Eino", M),
        ("Helmi", F),
        ("Veikko", M),
        ("Kerttu", F),
        ("Toivo", M),
        ("Lempi", F),
        ("Urho", M),
        ("Saima", F),
        ("Tauno", M),
        ("Impi", F),
        ("Väinö", M),
        ("Sylvi", F),
        ("Reino", M),
        ("Hilkka", F),
        ("Onni", M),
        ("Taimi", F),
        ("Arvo", M),
        ("Raili", F),
        ("Ilmari", M),
        ("Siiri", F),
        ("Eelis", M),
        ("Vieno", F),
        ("Armas", M),
    ],
    last: &["Testinen", "Esimerkki", "Mallinen", "Keksitty", "Kokeilija", "Näytelä", "Sepite", "Otos", "Kuvitelma"],
};

const SWEDISH: Names = Names {
    first: &[
        ("Greta", F),
        ("Gösta", M),
        ("Ebba", F),
        ("Åke", M),
        ("Solveig", F),
        ("Nils", M),
        ("Märta", F),
        ("Börje", M),
    ],
    last: &["Exempelsson", "Provström", "Påhitt", "Testberg"],
};

const RUSSIAN: Names = Names {
    first: &[("Galina", F), ("Nikolai", M), ("Ljudmila", F), ("Sergei", M), ("Tamara", F), ("Viktor", M)],
    last: &["Primer", "Proba", "Obrazets"],
};

const ENGLISH: Names = Names {
    first: &[("Grace", F), ("Samuel", M), ("Amara", F), ("Joseph", M), ("Mercy", F), ("Daniel", M)],
    last: &["Example", "Sampleton", "Placeholder"],
};

/// The n-th name of a language community; volunteers and seekers count on from different ends and never meet.
pub(super) fn name(language: &str, nth: usize) -> (String, Sex) {
    let names = match language {
        "sv" => SWEDISH,
        "ru" => RUSSIAN,
        "en" => ENGLISH,
        _ => FINNISH,
    };
    let (first, sex) = names.first[nth % names.first.len()];
    let round = nth / names.first.len();
    let last = names.last[(nth + round) % names.last.len()];
    let again = round / names.last.len();
    let initial = if again == 0 { String::new() } else { format!(" {}.", char::from(b'A' + (again - 1) as u8 % 26)) };
    (format!("{first}{initial} {last}"), sex)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_do_not_repeat() {
        for (language, count) in [("fi", 216), ("sv", 32), ("ru", 18), ("en", 18)] {
            let names: BTreeSet<String> = (0..count).map(|nth| name(language, nth).0).collect();
            assert_eq!(names.len(), count, "{language}");
        }
    }
}
