//! `cargo xtask simulate` on a short fortnight: it runs to its end and writes its block and its pictures. What the policies promise
//! is tested beside the simulator.

use std::fs;
use std::process::Command;

#[test]
fn a_fortnight_is_simulated_and_written_down() {
    let folder = tempfile::tempdir().expect("folder");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut simulate = Command::new(cargo);
    simulate.args(["run", "--quiet", "--package", "xtask", "--", "simulate", "--seeds", "2", "--days", "14", "--out"]);
    let output = simulate.arg(folder.path()).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let document = fs::read_to_string(folder.path().join("benchmarks.md")).expect("the document");
    for part in [
        "<!-- offers: begin -->",
        "| broadcast |",
        "| paced |",
        "Targets, with the whole interval:",
        "<!-- offers: end -->",
    ] {
        assert!(document.contains(part), "`{part}` is not in {document}");
    }
    for picture in ["offers", "pool"] {
        let svg = fs::read_to_string(folder.path().join(format!("benchmarks/{picture}.svg"))).expect("a picture");
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n") && !svg.contains("NaN"), "{picture}: {svg}");
    }
}
