//! Where the server is and who calls: address, key, deadlines.

use std::path::PathBuf;
use std::time::Duration;

use tonic::metadata::{Ascii, MetadataValue};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files;

/// The address that is called when none is given.
pub(crate) const DEFAULT_SERVER: &str = "http://127.0.0.1:7207";
/// Longest wait for a connection.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How to reach the server.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    /// The address, with its scheme.
    pub(crate) server: String,
    /// The file with the key, if any.
    pub(crate) key_file: Option<PathBuf>,
    /// The deadline of one call.
    pub(crate) timeout: Duration,
}

impl Connection {
    /// The `authorization` value for the key file, if there is one.
    pub(crate) fn credentials(&self) -> Result<Option<MetadataValue<Ascii>>, Failure> {
        let Some(path) = &self.key_file else { return Ok(None) };
        let refused = |why: String| {
            Failure::new(Exit::NotAllowed, format!("cannot use the key file {}", path.display()))
                .because(why)
                .next("keikka help admin key")
        };
        let text = files::read_key(path).map_err(|failure| refused(failure.why.unwrap_or(failure.what)))?;
        let key = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let key = key.ok_or_else(|| refused("it holds no key".to_owned()))?;
        // What is no key never leaves this machine, be it another file's secret.
        if !key.starts_with("kk_") || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            return Err(refused("it holds no key: one begins with kk_".to_owned()));
        }
        let mut value: MetadataValue<Ascii> =
            format!("Bearer {key}").parse().map_err(|_| refused("it holds more than a key".to_owned()))?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

/// The language in which the server should word its messages, from the usual environment variables.
pub(crate) fn language() -> &'static str {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
    match locale.get(..2) {
        Some("fi") => "fi",
        Some("sv") => "sv",
        _ => "en",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_key(text: &str) -> Result<Option<MetadataValue<Ascii>>, Failure> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        std::fs::write(&path, text).expect("a file");
        let connection =
            Connection { server: DEFAULT_SERVER.to_owned(), key_file: Some(path), timeout: CONNECT_TIMEOUT };
        connection.credentials()
    }

    #[test]
    fn the_key_is_the_first_line_that_is_no_comment() {
        let value = with_key("# made by keikka dev\nkk_secret\n").expect("a key").expect("some");
        assert_eq!(value.to_str().ok(), Some("Bearer kk_secret"));
        assert!(value.is_sensitive());
    }

    #[test]
    fn what_is_no_key_is_not_sent() {
        for text in ["root:x:0:0:root:/root:/bin/bash\n", "kk_two words\n", "password\n"] {
            let failure = with_key(text).expect_err(text);
            assert_eq!(failure.exit, Exit::NotAllowed);
            assert!(failure.text().contains("kk_"), "{}", failure.text());
        }
        assert!(with_key(&format!("kk_{}", "x".repeat(5000))).is_err(), "no key is that long");
    }

    #[test]
    fn an_empty_key_file_is_not_signed_in() {
        assert_eq!(with_key("\n").map_err(|failure| failure.exit), Err(Exit::NotAllowed));
    }
}
