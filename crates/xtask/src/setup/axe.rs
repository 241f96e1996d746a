//! axe-core, which looks over the pages that people open: one script, here out of a wheel that carries it, so that no other package
//! manager is needed. Its Python is not used.

use std::path::PathBuf;

use anyhow::Result;

use super::wheels::Wheels;

/// The variable through which tests learn where axe is.
pub(crate) const VARIABLE: &str = "KEIKKA_AXE";

const WHEELS: Wheels = Wheels {
    name: "axe-core",
    folder: "axe",
    requirements: include_str!("axe.requirements.txt"),
    witness: "axe_playwright_python/axe.min.js",
};

/// The folder of the wheel.
pub(crate) fn path() -> PathBuf {
    WHEELS.path()
}

/// Fetches it unless it is here.
pub(super) fn provide() -> Result<()> {
    WHEELS.provide()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_wheel_is_pinned_by_content() {
        assert!(super::WHEELS.are_pinned());
    }
}
