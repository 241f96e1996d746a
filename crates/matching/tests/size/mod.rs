//! How much is tried: few cases as a rule, many with `KEIKKA_TEST_SIZE=full`.

/// One of two numbers.
pub(crate) fn pick(small: u64, full: u64) -> u64 {
    if std::env::var("KEIKKA_TEST_SIZE").is_ok_and(|size| size == "full") { full } else { small }
}
