//! From bytes to text: UTF-8 or UTF-16 by byte order mark, else UTF-8 if it is, else Windows-1252, the encoding of older Finnish programs.

use encoding_rs::{Encoding, WINDOWS_1252};

/// A text with more control characters than one in so many is no text.
const CONTROLS_ONE_IN: usize = 100;

/// The text of a file.
///
/// # Errors
/// A sentence if the bytes are no text.
pub(super) fn decode(bytes: &[u8]) -> Result<String, &'static str> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
        },
    };
    let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    if text.contains('\0') || controls * CONTROLS_ONE_IN > text.len() {
        Err("is not a text file: export the list as CSV or .xlsx")
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finnish_letters_survive_every_encoding() {
        let utf16: Vec<u8> = "\u{feff}Hämäläinen".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in
            ["Hämäläinen".as_bytes(), b"\xef\xbb\xbfH\xc3\xa4m\xc3\xa4l\xc3\xa4inen", b"H\xe4m\xe4l\xe4inen", &utf16]
        {
            assert_eq!(decode(bytes).as_deref(), Ok("Hämäläinen"));
        }
        assert_eq!(decode(b"10 \x80").as_deref(), Ok("10 €"));
    }
}
