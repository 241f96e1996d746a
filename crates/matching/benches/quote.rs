//! A quote over 5,000, 100,000 and 1,000,000 volunteers: criterion's medians, and the percentiles of single questions.
//!
//! `cargo bench -p matching --bench quote`; with `KEIKKA_BENCH_VOLUNTEERS=5000` for one size only.

#![expect(clippy::print_stdout, reason = "a benchmark reports on standard output")]
#![expect(clippy::disallowed_methods, reason = "a benchmark is a stopwatch")]

#[allow(dead_code)]
mod nation;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion};
use matching::roster::Ask;

const SEED: u64 = 1;
/// Questions of each sort.
const QUESTIONS: usize = 1_000;
/// How often each is asked; the fastest time counts, so that what else the machine does is left out.
const TIMES: usize = 3;

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

/// How long this thread has been on a processor: what a busy machine does not change.
fn on_processor() -> Option<Duration> {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    said.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn quotes(criterion: &mut Criterion) {
    let only = std::env::var("KEIKKA_BENCH_VOLUNTEERS").ok().and_then(|text| text.parse::<usize>().ok());
    for size in [5_000, 100_000, 1_000_000].into_iter().filter(|size| only.is_none_or(|only| only == *size)) {
        let begun = Instant::now();
        let (roster, nation, mut dice) = nation::roster(SEED, size);
        println!("{size} volunteers: made in {:.1?}, {} bytes each", begun.elapsed(), roster.bytes() / size);
        let asks: Vec<Ask> = (0..QUESTIONS * 3).map(|n| nation::ask(nation::gig(&mut dice, &nation, n))).collect();
        let (calls, placed): (Vec<Ask>, Vec<Ask>) = asks.into_iter().partition(|ask| ask.gig.place.is_none());
        let (pairs, single): (Vec<Ask>, Vec<Ask>) = placed.into_iter().partition(|ask| ask.gig.slots.len() > 1);
        for (sort, asks) in [("place", &single), ("two helpers", &pairs), ("call", &calls)] {
            let asks = &asks[..asks.len().min(if sort == "call" && size > 100_000 { 50 } else { QUESTIONS })];
            let mut able = 0;
            let busy_before = on_processor();
            let mut times: Vec<Duration> = asks
                .iter()
                .map(|ask| {
                    able += roster.quote(ask).expect("sound").expect("within the horizon").able;
                    let once = || {
                        let begun = Instant::now();
                        black_box(roster.quote(ask)).expect("sound");
                        begun.elapsed()
                    };
                    (0..TIMES).map(|_| once()).min().expect("several times")
                })
                .collect();
            let asked = (asks.len() * (TIMES + 1)) as u32;
            let busy = busy_before.zip(on_processor()).map_or(Duration::ZERO, |(a, b)| b.saturating_sub(a) / asked);
            times.sort_unstable();
            println!(
                "{size} {sort}: p50 {:.1?}, p90 {:.1?}, p99 {:.1?}, worst {:.1?}; on the processor {busy:.1?} on average; {} able on average of {} questions",
                percentile(&times, 50),
                percentile(&times, 90),
                percentile(&times, 99),
                percentile(&times, 100),
                able / asks.len(),
                asks.len(),
            );
        }
        let mut next = single.iter().cycle();
        criterion.bench_function(&format!("quote/place/{size}"), |bencher| {
            bencher.iter(|| black_box(roster.quote(next.next().expect("a cycle"))));
        });
        let member = nation::member(&mut dice, &nation, size);
        criterion.bench_function(&format!("quote/change/{size}"), |bencher| {
            bencher.iter_batched(
                || member.clone(),
                |member| {
                    let mut next = roster.clone();
                    next.insert(member);
                    next
                },
                BatchSize::SmallInput,
            );
        });
    }
}

fn main() {
    let settings = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    let mut criterion = settings.configure_from_args();
    quotes(&mut criterion);
    criterion.final_summary();
}
