//! Deciding and reporting say the same, of thousands of messages that are the same in every run. `DECIDE_RUNS=5000000
//! DECIDE_SEED=7 cargo test --release decide_` for more and others.

use crate::fuzz_corpus::fuzz::decide;
use crate::random_from;

#[test]
fn deciding_and_reporting_say_the_same() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |text| text.parse::<usize>().unwrap());
    let runs = number("DECIDE_RUNS", 4000);
    let mut next = random_from(number("DECIDE_SEED", 1));
    let mut passed = 0;
    for run in 1..=runs {
        passed += usize::from(decide::once(&mut next));
        if run % 100_000 == 0 {
            eprintln!("{run} messages, {passed} passed");
        }
    }
    assert!(passed * 8 > runs, "only {passed} of {runs} messages passed: is anything tried behind the signature?");
}
