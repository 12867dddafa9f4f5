//! What of the modules was reached.

use std::collections::BTreeMap;

use countersign_rego::machine::{Covered, Machine};
use serde::Serialize;

use super::rules::Rules;
use super::why::At;

/// What of the modules was reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Coverage {
    /// Of the lines with a statement, those that were reached, in percent; 100 if there are none.
    pub percent: f64,
    /// By name. Files of tests are not counted.
    pub files: Vec<FileCoverage>,
}

/// What of one module was reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FileCoverage {
    /// Its name.
    pub file: String,
    /// As above.
    pub percent: f64,
    /// Lines that were reached: the first and the last of each run.
    pub covered: Vec<[u32; 2]>,
    /// Lines that were not.
    pub not_covered: Vec<[u32; 2]>,
    /// The bodies that never held, and the statements that were never evaluated or never held.
    pub never: Vec<Never>,
}

/// Something that was never reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Never {
    /// Where it stands.
    #[serde(flatten)]
    pub at: At,
    /// `entered` if it was never evaluated, `held` if it was, and never held.
    pub what: &'static str,
}

/// What was reached since these machines, each of its own rules, began to watch.
pub(super) fn coverage(machines: &[(&Rules, Machine)]) -> Coverage {
    let mut files: BTreeMap<(usize, u32), (&Rules, Vec<Covered>)> = BTreeMap::new();
    for (number, (rules, machine)) in machines.iter().enumerate() {
        for covered in machine.coverage() {
            let file = files.entry((number, covered.span.file)).or_insert_with(|| (*rules, Vec::new()));
            file.1.push(covered);
        }
    }
    let mut all = Coverage { percent: 100.0, files: Vec::new() };
    let mut total = (0, 0);
    for ((_, number), (rules, parts)) in files {
        let Some(source) = rules.sources.file(number).filter(|source| !source.name.ends_with("_test.rego")) else {
            continue;
        };
        let mut lines: BTreeMap<u32, bool> = BTreeMap::new();
        let mut never = Vec::new();
        for part in &parts {
            let at = At::of(&rules.sources, part.span);
            let line = lines.entry(at.line).or_insert(true);
            *line &= part.entered;
            if !part.held {
                never.push(Never { at, what: if part.entered { "held" } else { "entered" } });
            }
        }
        never.sort_by(|one, two| (&one.at, one.what).cmp(&(&two.at, two.what)));
        never.dedup();
        let reached = lines.values().filter(|reached| **reached).count();
        total = (total.0 + reached, total.1 + lines.len());
        let runs = |wanted: bool| runs(lines.iter().filter(|(_, reached)| **reached == wanted).map(|(line, _)| *line));
        all.files.push(FileCoverage {
            file: source.name.clone(),
            percent: percent(reached, lines.len()),
            covered: runs(true),
            not_covered: runs(false),
            never,
        });
    }
    all.files.sort_by(|one, two| one.file.cmp(&two.file));
    all.percent = percent(total.0, total.1);
    all
}

/// Lines that follow each other as one run.
fn runs(lines: impl Iterator<Item = u32>) -> Vec<[u32; 2]> {
    let mut runs: Vec<[u32; 2]> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == line => *last = line,
            _ => runs.push([line, line]),
        }
    }
    runs
}

/// Rounded down to a tenth, so that 100 is all.
fn percent(part: usize, all: usize) -> f64 {
    if all == 0 {
        return 100.0;
    }
    let tenths = part.saturating_mul(1000) / all;
    u32::try_from(tenths).map_or(100.0, f64::from) / 10.0
}
