//! An attack: random pairs with recursion, `unevaluated*` and small changes, judged by the plain validator alone. Every
//! "compatible" is tried with documents that are made for the pair; every witness is validated on both sides. What fails
//! is shrunk. `COUNTERSIGN_PAIRS` is how many, `COUNTERSIGN_SEED` where they begin.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr, reason = "a test")]

#[path = "attack/generate.rs"]
mod generate;
mod support;

use std::collections::BTreeMap;
use std::io::Write as _;

use countersign_drift::{Check, Draft, Options, Schema, Validator as _, Verdict, contains};
use generate::Random;
use serde_json::Value;
use support::{Second, on_a_small_stack};

/// How many documents are tried on each "compatible".
const DOCUMENTS: usize = 150;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

fn compiled(schema: &Value) -> Option<Check> {
    Second { remotes: None }.compile(schema, Draft::Draft202012, false)
}

fn verdict(old: &Value, new: &Value) -> Verdict {
    let schema = |document| Schema { document, draft: Draft::Draft202012 };
    let options = Options { fuel: 200_000, ..Options::default() };
    contains(schema(old), schema(new), &options, Some(&Second { remotes: None })).verdict
}

/// What is wrong with the answer for a pair, if anything is.
fn fault(old: &Value, new: &Value, seed: u64) -> Result<Verdict, String> {
    let verdict = verdict(old, new);
    let (Some(takes), Some(refuses)) = (compiled(old), compiled(new)) else { return Ok(verdict) };
    match &verdict {
        Verdict::Compatible => {
            let mut random = Random::new(seed);
            for _ in 0..DOCUMENTS {
                let document = generate::document(&mut random, old, new);
                if takes(&document) && !refuses(&document) {
                    return Err(format!("compatible, but {document} breaks"));
                }
            }
        }
        Verdict::Breaking { witness } if !takes(witness) || refuses(witness) => {
            return Err(format!("{witness} is no witness"));
        }
        _ => {}
    }
    Ok(verdict)
}

/// The smallest pair, by leaving out one part after another, that is still answered wrongly.
fn shrunk(mut old: Value, mut new: Value, seed: u64) -> (Value, Value, String) {
    let mut told = fault(&old, &new, seed).unwrap_err();
    'again: loop {
        for (smaller_old, smaller_new) in generate::smaller(&old, &new) {
            if compiled(&smaller_old).is_some()
                && compiled(&smaller_new).is_some()
                && let Err(fault) = fault(&smaller_old, &smaller_new, seed)
            {
                (old, new, told) = (smaller_old, smaller_new, fault);
                continue 'again;
            }
        }
        return (old, new, told);
    }
}

#[test]
fn no_random_pair_is_answered_wrongly() {
    let (first, pairs) = (number("COUNTERSIGN_SEED", 1), number("COUNTERSIGN_PAIRS", 2_000));
    let (counts, wrong) = on_a_small_stack(move || {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut wrong = Vec::new();
        for seed in first..first + pairs {
            let (old, new) = generate::pair(&mut Random::new(seed));
            if compiled(&old).is_none() || compiled(&new).is_none() {
                *counts.entry("no schema".to_owned()).or_default() += 1;
                continue;
            }
            let outcome = match fault(&old, &new, seed) {
                Ok(Verdict::Compatible) => "compatible".to_owned(),
                Ok(Verdict::Breaking { .. }) => "breaking".to_owned(),
                Ok(Verdict::Undecided { reason, .. }) => format!("undecided: {reason}"),
                Err(_) => {
                    let (old, new, told) = shrunk(old, new, seed);
                    wrong.push(format!("seed {seed}: {told}\n  old {old}\n  new {new}"));
                    "wrong".to_owned()
                }
            };
            *counts.entry(outcome).or_default() += 1;
        }
        (counts, wrong)
    });
    std::io::stderr().write_all(format!("\nrandom pairs: {counts:#?}\n").as_bytes()).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let decided = counts.get("compatible").unwrap_or(&0) + counts.get("breaking").unwrap_or(&0);
    let valid = counts.values().sum::<usize>() - counts.get("no schema").unwrap_or(&0);
    assert!(decided * 100 >= valid * 95, "fewer than 95 % are decided: {decided} of {valid}");
    assert!(counts.contains_key("compatible") && counts.contains_key("breaking"), "both answers were given");
}
