//! The label sets of others, each as questions with answers. A table of what is decided is printed, and the figures that
//! were reached are held; a wrong answer is a failure, and labels that are wrong are listed beside the sets.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr, reason = "a test")]

mod support;

use std::collections::{BTreeMap, HashSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use countersign_drift::{Draft, Options, Schema, Verdict, contains};
use serde_json::{Value, json};
use support::{Second, data, on_a_small_stack, read};

struct Question {
    name: String,
    draft: Draft,
    formats: bool,
    old: Value,
    new: Value,
    contained: bool,
}

/// What came out of a set.
#[derive(Default)]
struct Tally {
    compatible: usize,
    breaking: usize,
    wrong: Vec<String>,
    reasons: BTreeMap<String, Vec<String>>,
    micros: Vec<u128>,
}

impl Tally {
    fn undecided(&self) -> usize {
        self.reasons.values().map(Vec::len).sum()
    }

    /// In hundredths of a percent.
    fn decided(&self) -> usize {
        let decided = self.compatible + self.breaking;
        decided * 10_000 / (decided + self.undecided()).max(1)
    }

    fn at(&self, percent: usize) -> f64 {
        let index = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        self.micros.get(index).map_or(0.0, |micros| *micros as f64 / 1000.0)
    }

    fn row(&mut self, set: &str) -> String {
        self.micros.sort_unstable();
        let decided = self.decided();
        let mut row = format!(
            "\n| {set} | {} | {}.{:02} % | {} / {} | {} wrong | {:.2} / {:.2} / {:.1} ms |",
            self.micros.len(),
            decided / 100,
            decided % 100,
            self.compatible,
            self.breaking,
            self.wrong.len(),
            self.at(50),
            self.at(95),
            self.at(100),
        );
        for (reason, names) in &self.reasons {
            row.push_str(&format!("\n    {} times: {reason}, as in {}", names.len(), names[0]));
        }
        row.push('\n');
        row
    }
}

fn schema(document: &Value, draft: Draft) -> Schema<'_> {
    Schema { document, draft }
}

fn asked(questions: Vec<Question>, remotes: Option<PathBuf>) -> Tally {
    on_a_small_stack(move || {
        let validator = Second { remotes };
        let mut tally = Tally::default();
        for question in questions {
            let options = Options { formats: question.formats, ..Options::default() };
            let (old, new) = (schema(&question.old, question.draft), schema(&question.new, question.draft));
            let start = Instant::now();
            let answer = contains(old, new, &options, Some(&validator));
            tally.micros.push(start.elapsed().as_micros());
            let contained = match answer.verdict {
                Verdict::Compatible => {
                    tally.compatible += 1;
                    true
                }
                Verdict::Breaking { .. } => {
                    tally.breaking += 1;
                    false
                }
                Verdict::Undecided { reason, pointer } => {
                    let name = format!("{} at {pointer:?}", question.name);
                    tally.reasons.entry(reason.to_string()).or_default().push(name);
                    continue;
                }
            };
            if contained != question.contained {
                tally.wrong.push(format!("{}: {} within {}", question.name, question.old, question.new));
            }
        }
        tally
    })
}

/// Prints the row of a set, and holds what was reached.
fn held(set: &str, mut tally: Tally, decided: usize) {
    let row = tally.row(set);
    std::io::stderr().write_all(row.as_bytes()).unwrap();
    assert!(tally.wrong.is_empty(), "{set}: {:#?}", tally.wrong);
    assert!(tally.decided() >= decided, "{set}: less is decided than was");
}

/// The questions whose label is wrong, by what they ask.
fn disputed(folder: &Path, name: &str) -> HashSet<String> {
    lines(&folder.join(name)).iter().map(|line| key(&line["draft"], &line["a"], &line["b"])).collect()
}

fn key(draft: &Value, old: &Value, new: &Value) -> String {
    format!("{draft} {old} {new}")
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn named(draft: &str) -> Draft {
    match draft {
        "draft4" => Draft::Draft4,
        "draft6" => Draft::Draft6,
        "draft7" => Draft::Draft7,
        "draft2019-09" => Draft::Draft201909,
        "draft2020-12" => Draft::Draft202012,
        other => panic!("a draft that is not known: {other}"),
    }
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            found.extend(json_files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "json") {
            found.push(entry);
        }
    }
    found
}

/// The official suite, recast: a document is valid if the schema that lists it alone is contained.
#[test]
fn the_official_suite() {
    let Some(folder) = data("schema") else { return };
    let disputed = disputed(&folder.join("diff"), "disputed-official.jsonl");
    let tests = folder.join("JSON-Schema-Test-Suite/tests");
    let mut questions = Vec::new();
    for draft in ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"] {
        for file in json_files(&tests.join(draft)) {
            let name = file.strip_prefix(&tests).unwrap().display().to_string();
            let formats = name.contains("/optional/format/");
            if name.contains("/optional/") && !formats {
                continue;
            }
            for (index, group) in read(&file).as_array().unwrap().iter().enumerate() {
                for (test, case) in group["tests"].as_array().unwrap().iter().enumerate() {
                    let old = json!({ "enum": [case["data"]] });
                    if disputed.contains(&key(&draft.into(), &old, &group["schema"])) {
                        continue;
                    }
                    questions.push(Question {
                        name: format!("{name}#{index}.{test}"),
                        draft: named(draft),
                        formats,
                        old,
                        new: group["schema"].clone(),
                        contained: case["valid"].as_bool().unwrap(),
                    });
                }
            }
        }
    }
    held("official suite", asked(questions, Some(folder.join("JSON-Schema-Test-Suite/remotes"))), 10_000);
}

#[test]
fn ibm() {
    let Some(folder) = data("schema/diff") else { return };
    let disputed = disputed(&folder, "disputed-ibm.jsonl");
    let questions = lines(&folder.join("ibm-jsonsubschema-pairs.jsonl"));
    let questions = questions.iter().filter(|line| !disputed.contains(&key(&line["draft"], &line["a"], &line["b"])));
    let questions = questions.map(|line| Question {
        name: line["id"].as_str().unwrap().to_owned(),
        draft: named(line["draft"].as_str().unwrap()),
        formats: false,
        old: line["a"].clone(),
        new: line["b"].clone(),
        contained: line["sub"].as_bool().unwrap(),
    });
    held("IBM", asked(questions.collect(), None), 10_000);
}

#[test]
fn containment() {
    let Some(folder) = data("schema/diff") else { return };
    let disputed = disputed(&folder, "disputed-containment.jsonl");
    let by_name: HashSet<Value> =
        lines(&folder.join("containment-disputed-labels.jsonl")).iter().map(|line| line["id"].clone()).collect();
    let tests = folder.join("containment-testsuite/tests");
    let mut questions = Vec::new();
    for draft in ["draft6", "draft7", "draft2019-09", "draft2020-12"] {
        for file in json_files(&tests.join(draft)) {
            let name = file.strip_prefix(&tests).unwrap().display().to_string();
            for (index, case) in read(&file).as_array().unwrap().iter().enumerate() {
                for (test, label) in case["tests"].as_object().unwrap() {
                    let forth = test == "s1SubsetEqOfs2";
                    let (old, new) = if forth { ("schema1", "schema2") } else { ("schema2", "schema1") };
                    let id = format!("{name}#{index}:{test}");
                    let wrong = disputed.contains(&key(&draft.into(), &case[old], &case[new]));
                    if wrong || by_name.contains(&Value::from(id.as_str())) {
                        continue;
                    }
                    questions.push(Question {
                        name: id,
                        draft: named(draft),
                        formats: name.contains("/optional/format/") || name.ends_with("/optional/content.json"),
                        old: case[old].clone(),
                        new: case[new].clone(),
                        contained: label.as_bool().unwrap(),
                    });
                }
            }
        }
    }
    let remotes = folder.join("../JSON-Schema-Test-Suite/remotes");
    held("containment, draft 6 to 2020-12", asked(questions, Some(remotes)), 9_960);
}
