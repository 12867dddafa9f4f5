//! regopy (rego-cpp) as a second opinion: its answers to our questions stand in a file, as hashes. `make second-opinion`
//! asks it anew: it names the interpreter of Python in `COUNTERSIGN_REGOPY`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::json;
use countersign_rego::value::Value;

const SCRIPT: &str = include_str!("ask_regopy.py");

/// Something to ask, and what we say.
pub struct Question {
    /// Its answers share one line of the file.
    pub group: String,
    /// What a list of differences calls it, one for each of the answers.
    pub names: Vec<String>,
    /// As `ask_regopy.py` reads it: one line of JSON.
    pub text: String,
    /// What we say.
    pub ours: Vec<Answer>,
}

/// A value as JSON, or nothing; or an error: each engine words them in its own way.
pub type Answer = Result<Option<Value>, ()>;

/// What is said in a way that does not depend on who said it: sets are arrays, and arrays are in order.
fn plain(answer: &Answer) -> String {
    fn write(value: &Value, text: &mut String) {
        match value {
            Value::Array(array) => of(array.items().iter(), text),
            Value::Set(set) => of(set.elements().iter(), text),
            Value::Object(object) => {
                let member = |(key, value): &(Value, Value)| {
                    // A key that is no string is its JSON.
                    let mut text = key.as_str().map_or_else(|| json::write(key), str::to_owned) + ":";
                    write(value, &mut text);
                    text
                };
                let mut members: Vec<String> = object.members().iter().map(member).collect();
                members.sort();
                text.push_str(&format!("{{{}}}", members.join(",")));
            }
            // OPA keeps more digits than a double has.
            Value::Number(number) if number.as_i64().is_none() => match number.as_f64() {
                Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => text.push_str(&format!("{float}")),
                Some(float) => text.push_str(&format!("{float:.9e}")),
                None => text.push_str(&number.text()),
            },
            scalar => text.push_str(&json::write(scalar)),
        }
    }
    fn of<'v>(items: impl Iterator<Item = &'v Value>, text: &mut String) {
        let item = |item: &Value| {
            let mut text = String::new();
            write(item, &mut text);
            text
        };
        let mut items: Vec<String> = items.map(item).collect();
        items.sort();
        text.push_str(&format!("[{}]", items.join(",")));
    }
    match answer {
        Ok(None) => "nothing".to_owned(),
        Err(()) => "an error".to_owned(),
        Ok(Some(value)) => {
            let mut text = String::new();
            write(value, &mut text);
            text
        }
    }
}

/// FNV-1a, of which 24 bits are written: two answers that differ look the same once in 16 million times.
fn hash(texts: &[&str]) -> String {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{:06x}", hash >> 40)
}

/// What came of comparing.
pub struct Compared {
    pub version: String,
    pub answers: usize,
    /// What it was never asked for: the policies or inputs are new.
    pub unasked: BTreeSet<String>,
    /// What differs, by name: both texts, or ours where only the hash of the other is known.
    pub differ: BTreeMap<String, String>,
}

/// Compares our answers with those in the file, which is written anew if regopy is there to be asked.
pub fn compare(file: &Path, questions: &[Question]) -> Compared {
    let mut groups: BTreeMap<&str, Vec<&Question>> = BTreeMap::new();
    for question in questions {
        groups.entry(&question.group).or_default().push(question);
    }
    match std::env::var("COUNTERSIGN_REGOPY") {
        Ok(python) => asked(&python, file, &groups),
        Err(_) => kept(file, &groups),
    }
}

type Groups<'q> = BTreeMap<&'q str, Vec<&'q Question>>;

fn hash_of(questions: &[&Question]) -> String {
    hash(&questions.iter().map(|question| question.text.as_str()).collect::<Vec<_>>())
}

/// Names and our answers, in order.
fn ours<'q>(questions: &[&'q Question]) -> impl Iterator<Item = (&'q String, String)> {
    let all = questions.iter().flat_map(|question| question.names.iter().zip(&question.ours)).collect::<Vec<_>>();
    all.into_iter().map(|(name, answer)| (name, plain(answer)))
}

/// What stands in the file: the version, and for each group the hash of its questions and the hashes of the answers.
struct Kept<'t> {
    version: &'t str,
    groups: BTreeMap<&'t str, (&'t str, &'t str)>,
}

impl<'t> Kept<'t> {
    fn read(text: &'t str) -> Kept<'t> {
        let mut lines = text.lines();
        let version = lines.next().unwrap().rsplit(' ').next().unwrap();
        let groups = lines
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(group, said)| Some((group, said.split_once('\t')?)))
            .collect();
        Kept { version, groups }
    }

    /// The hashes of its answers to these questions, if it was asked them, and whether each is that of our answer.
    fn answers<'q>(&self, group: &str, questions: &[&'q Question]) -> Option<Vec<(&'q String, String, bool)>> {
        let (_, answers) = self.groups.get(group).filter(|(asked, _)| *asked == hash_of(questions))?;
        let answers = answers.split(' ').flat_map(|answer| {
            let (hash, count) = answer.split_once('*').unwrap_or((answer, "1"));
            std::iter::repeat_n(hash, count.parse().unwrap())
        });
        let compared = ours(questions).zip(answers).map(|((name, ours), theirs)| {
            let same = hash(&[&ours]) == theirs;
            (name, ours, same)
        });
        Some(compared.collect())
    }
}

fn kept(file: &Path, groups: &Groups<'_>) -> Compared {
    let text = std::fs::read_to_string(file).unwrap();
    let kept = Kept::read(&text);
    let version = kept.version.to_owned();
    let mut compared = Compared { version, answers: 0, unasked: BTreeSet::new(), differ: BTreeMap::new() };
    for (group, questions) in groups {
        let Some(answers) = kept.answers(group, questions) else {
            compared.unasked.extend(ours(questions).map(|(name, _)| name.clone()));
            continue;
        };
        compared.answers += answers.len();
        for (name, ours, _) in answers.iter().filter(|(_, _, same)| !same) {
            let text = format!("{}; what regopy says, `make second-opinion` shows", short(ours));
            compared.differ.insert((*name).clone(), text);
        }
    }
    compared
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

/// Its answers to a question, in the same words as ours.
fn answers(question: &Question, line: &str) -> Vec<String> {
    let limits = Limits { steps: u64::MAX, bytes: u64::MAX, ..Limits::default() };
    let answer = json::read(line, &mut Budget::new(limits)).unwrap_or_else(|fault| panic!("{fault:?}: {line}"));
    let Value::Array(given) = &answer else { return vec!["an error".to_owned(); question.names.len()] };
    given.items().iter().map(said).collect()
}

/// `"error"`, `[]`, or a value in a list.
fn said(answer: &Value) -> String {
    match answer {
        Value::Array(array) if array.items().is_empty() => plain(&Ok(None)),
        Value::Array(array) => plain(&Ok(array.items().first().cloned())),
        _ => plain(&Err(())),
    }
}

fn asked(python: &str, file: &Path, groups: &Groups<'_>) -> Compared {
    let mut child = Command::new(python)
        .args(["-c", SCRIPT])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python");
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let version = lines.next().expect("the version of regopy");
    let before = std::fs::read_to_string(file).unwrap();
    let before = Kept::read(&before);
    let mut compared = Compared { version, answers: 0, unasked: BTreeSet::new(), differ: BTreeMap::new() };
    let mut text = format!(
        "# What regopy said: a group, the hash of its questions, the hashes of the answers. Version {}\n",
        compared.version
    );
    for (group, questions) in groups {
        // Where it said the same as we do, it need not be asked again.
        let known = before.answers(group, questions).filter(|_| before.version == compared.version);
        if let Some(known) = known.filter(|known| known.iter().all(|(_, _, same)| *same))
            && let Some((hash, answers)) = before.groups.get(group)
        {
            compared.answers += known.len();
            text.push_str(&format!("{group}\t{hash}\t{answers}\n"));
            continue;
        }
        let mut theirs = Vec::new();
        for question in questions {
            writeln!(input, "{}", question.text).unwrap();
            theirs.extend(answers(question, &lines.next().expect("an answer of regopy")));
        }
        for ((name, ours), theirs) in ours(questions).zip(&theirs) {
            compared.answers += 1;
            if ours != *theirs {
                compared.differ.insert(name.clone(), format!("{} but {}", short(&ours), short(theirs)));
            }
        }
        let mut hashes: Vec<(String, usize)> = Vec::new();
        for theirs in &theirs {
            let hash = hash(&[theirs]);
            match hashes.last_mut() {
                Some((last, count)) if *last == hash => *count += 1,
                _ => hashes.push((hash, 1)),
            }
        }
        let hashes = hashes.into_iter().map(|(hash, count)| if count == 1 { hash } else { format!("{hash}*{count}") });
        text.push_str(&format!("{group}\t{}\t{}\n", hash_of(questions), hashes.collect::<Vec<_>>().join(" ")));
    }
    drop(input);
    child.wait().unwrap();
    std::fs::write(file, text).unwrap();
    compared
}
