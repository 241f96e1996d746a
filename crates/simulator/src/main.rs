//! `simulator [--seeds N] [--first-seed N] [--days N] [--policies LIST] [--answer-minutes N]`: the results as tab-separated lines on standard output. `cargo xtask
//! simulate` sets them as tables and pictures.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "its output is its purpose")]

use std::process::ExitCode;

use simulator::{policy::Policy, report::Results, setting::Setting};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match simulate(&words) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn simulate(words: &[String]) -> Result<String, String> {
    let (mut seeds, mut first, mut setting, mut policies) = (30, 1, Setting::default(), Policy::ALL.to_vec());
    for pair in words.chunks(2) {
        let [option, value] = pair else { return Err(format!("`{}` needs a value", pair[0])) };
        let number = || value.parse::<usize>().ok().filter(|number| *number > 0).ok_or(format!("no number: {value}"));
        match option.as_str() {
            "--seeds" => seeds = number()?,
            "--first-seed" => first = number()?,
            "--days" => setting.days = number()?,
            "--answer-minutes" => setting.answer_median_min = number()? as f64,
            "--policies" => {
                let named = value.split(',').map(|code| Policy::of(code).ok_or(format!("no policy: {code}")));
                policies = named.collect::<Result<_, _>>()?;
            }
            other => return Err(format!("unknown option: {other}")),
        }
    }
    let seeds: Vec<u64> = (first as u64..(first + seeds) as u64).collect();
    Ok(Results::of(setting, &seeds, &policies).lines())
}
