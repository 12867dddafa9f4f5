//! The fuzz targets over their corpus, without a fuzzer: what was found once stays mended.

#[path = "../../fuzz/src/lib.rs"]
pub mod fuzz;

use crate::{files_below, root};

#[test]
fn make_fuzz_runs_every_target() {
    let names = fuzz::TARGETS.map(|(name, _)| name).join(" ");
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    assert!(makefile.contains(&format!("FUZZ_TARGETS := {names}\n")), "{names}");
}

#[test]
fn every_seed_holds() {
    let mut wrong = Vec::new();
    for (name, run) in fuzz::TARGETS {
        let seeds = files_below(&root().join("fuzz/corpus").join(name));
        assert!(seeds.len() >= 3, "{name} has {} seeds", seeds.len());
        for seed in seeds {
            let bytes = std::fs::read(&seed).unwrap();
            assert!(bytes.len() <= 4096, "{} is no small seed", seed.display());
            if std::panic::catch_unwind(|| run(&bytes)).is_err() {
                wrong.push(seed.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    assert!(wrong.is_empty(), "these do not hold, each for the reason above: {wrong:?}");
}

/// Policies made of choices that come out the same every time. `MADE_UP=1000000` makes so many.
#[test]
fn made_up_policies_hold() {
    let count = std::env::var("MADE_UP").map_or(500, |count| count.parse().unwrap());
    let mut state = 1_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    for number in 0_u64..count {
        let bytes: Vec<u8> = (0..300).map(|_| byte()).collect();
        let held = std::panic::catch_unwind(|| fuzz::rego_eval::run(&bytes)).is_ok();
        assert!(held, "the policy {number} does not hold, for the reason above");
    }
}
