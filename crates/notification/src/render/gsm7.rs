//! The alphabet of text messages (3GPP TS 23.038): what fits, how many segments it takes, and letters that stand for those that do not.

/// Septets of one message that travels alone.
const ALONE: usize = 160;
/// Septets of each part of a longer one.
const JOINED: usize = 153;

/// The basic alphabet, the escape apart.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
abcdefghijklmnopqrstuvwxyzäöñüà";
/// Characters that take two septets.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// Septets that a character takes; none if the alphabet lacks it.
#[must_use]
pub fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// How many segments a text takes; none if the alphabet lacks one of its characters.
#[must_use]
pub fn segments(text: &str) -> Option<usize> {
    let sizes: Vec<usize> = text.chars().map(septets).collect::<Option<_>>()?;
    if sizes.iter().sum::<usize>() <= ALONE {
        return Some(1);
    }
    // A character of two septets is not cut in two.
    let (mut count, mut used) = (1, 0);
    for size in sizes {
        if used + size > JOINED {
            count += 1;
            used = 0;
        }
        used += size;
    }
    Some(count)
}

/// The text in letters of the alphabet: spaces of all kinds become spaces, foreign letters the nearest ones, the rest goes.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if septets(c).is_some() {
            folded.push(c);
        } else {
            folded.push_str(nearest(c));
        }
    }
    folded
}

fn nearest(c: char) -> &'static str {
    match c {
        '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\t' => " ",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '‘' | '’' | '‚' | '´' | '`' => "'",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '…' => "...",
        '•' | '·' => "-",
        'á' | 'â' | 'ã' | 'ā' | 'ă' | 'ą' => "a",
        'Á' | 'À' | 'Â' | 'Ã' | 'Ā' => "A",
        'ç' | 'č' | 'ć' => "c",
        'Č' | 'Ć' => "C",
        'ð' | 'đ' | 'ď' => "d",
        'Đ' | 'Ð' => "D",
        'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'È' | 'Ê' | 'Ë' | 'Ē' => "E",
        'í' | 'î' | 'ï' | 'ī' => "i",
        'Í' | 'Ì' | 'Î' | 'Ï' => "I",
        'ł' => "l",
        'Ł' => "L",
        'ń' | 'ň' | 'ŋ' => "n",
        'ó' | 'ô' | 'õ' | 'ō' | 'ő' => "o",
        'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ő' => "O",
        'ř' => "r",
        'š' | 'ś' => "s",
        'Š' | 'Ś' => "S",
        'ť' | 'ŧ' | 'þ' => "t",
        'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'Ú' | 'Ù' | 'Û' | 'Ū' => "U",
        'ý' | 'ÿ' => "y",
        'Ý' => "Y",
        'ž' | 'ź' | 'ż' => "z",
        'Ž' | 'Ź' | 'Ż' => "Z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_counted_as_networks_do() {
        for (length, wanted) in [(0, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)] {
            assert_eq!(segments(&"ä".repeat(length)), Some(wanted), "{length}");
        }
        assert_eq!(segments(&"€".repeat(80)), Some(1));
        assert_eq!(segments(&"€".repeat(81)), Some(2));
        // 152 septets, then one of two: it moves to the next part.
        assert_eq!(segments(&format!("{}€{}", "a".repeat(152), "a".repeat(151))), Some(2));
        assert_eq!(segments(&format!("{}€{}", "a".repeat(152), "a".repeat(152))), Some(3));
        assert_eq!(segments("hei\u{a0}sinä"), None);
        assert_eq!(segments("😀"), None);
    }

    #[test]
    fn what_does_not_fit_is_folded() {
        assert_eq!(fold("Šakki\u{a0}– ‘ilta’ 😀 åäö"), "Sakki - 'ilta'  åäö");
        for text in ["\u{2068}x\u{2069}", "Žižka", "Ελλάς", "привет", "12\u{202f}€"] {
            assert!(segments(&fold(text)).is_some(), "{text}");
        }
    }
}
