//! The mail server that letters are tested against: aiosmtpd, three small wheels.

use std::path::PathBuf;

use anyhow::Result;

use super::wheels::Wheels;

/// The variable through which tests learn where aiosmtpd is: a folder for `PYTHONPATH`.
pub(crate) const VARIABLE: &str = "KEIKKA_MAIL_MODULES";

const WHEELS: Wheels = Wheels {
    name: "aiosmtpd",
    folder: "mail",
    requirements: include_str!("mail.requirements.txt"),
    witness: "aiosmtpd",
};

/// The folder of the modules.
pub(crate) fn path() -> PathBuf {
    WHEELS.path()
}

/// Fetches the modules unless they are here.
pub(super) fn provide() -> Result<()> {
    WHEELS.provide()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_wheel_is_pinned_by_content() {
        assert!(super::WHEELS.are_pinned());
    }
}
