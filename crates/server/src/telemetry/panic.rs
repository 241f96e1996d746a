//! A panic is counted, and has a line in the log: where it was, and its words only if they are fixed in the source, since others may hold a person's data.

use std::sync::Once;

/// Replaces the process's panic output, once.
pub(crate) fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let words = info.payload().downcast_ref::<&'static str>().copied().unwrap_or("(text withheld)");
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            metrics::counter!("keikka_panics_total").increment(1);
            tracing::error!(place, words, "panic");
        }));
    });
}
