//! Every format against the official suite, and against `jsonschema`, which decided before: a second opinion.

// As at the end of another file: what follows is no part of the core.
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod tables;
#[cfg(test)]
mod unicode;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Draft, Format};
use mutants::Mutants;

const DRAFTS: [(Draft, &str, jsonschema::Draft); 5] = [
    (Draft::Four, "draft4", jsonschema::Draft::Draft4),
    (Draft::Six, "draft6", jsonschema::Draft::Draft6),
    (Draft::Seven, "draft7", jsonschema::Draft::Draft7),
    (Draft::Nineteen, "draft2019-09", jsonschema::Draft::Draft201909),
    (Draft::Twenty, "draft2020-12", jsonschema::Draft::Draft202012),
];

/// Without `regex`, which the reader of patterns decides.
const NAMES: [&str; 18] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Where we differ from `jsonschema`, and why.
const DIFFERENCES: &[(&str, &str, &str)] = &[];

/// Strings by format: what a test begins from.
type Seeds = BTreeMap<String, Vec<String>>;

fn own_seeds() -> Seeds {
    let texts = [include_str!("tests/seeds.json"), include_str!("../../../tests/it/schema_formats.json")];
    let mut seeds = Seeds::new();
    for text in texts {
        let formats: BTreeMap<String, BTreeMap<String, Vec<String>>> = serde_json::from_str(text).unwrap();
        for (name, lists) in formats {
            seeds.entry(name).or_default().extend(lists.into_values().flatten());
        }
    }
    seeds
}

/// The official suite beside the project, if it is there.
fn suite() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let base = std::env::var_os("COUNTERSIGN_DATA").map_or_else(beside, PathBuf::from);
    let folder = Some(base.join("schema/JSON-Schema-Test-Suite/tests")).filter(|path| path.is_dir());
    if folder.is_none() {
        std::io::stderr()
            .write_all(b"\n*** skipped: no data (schema); set COUNTERSIGN_DATA to its folder ***\n")
            .unwrap();
    }
    folder
}

/// The groups of a draft's tests of formats, with the name of the format.
fn groups(draft: &str) -> Vec<(String, Value)> {
    let Some(suite) = suite() else { return Vec::new() };
    let below = std::fs::read_dir(suite.join(draft).join("optional/format")).unwrap();
    let mut files: Vec<PathBuf> = below.map(|entry| entry.unwrap().path()).collect();
    files.push(suite.join(draft).join("format.json"));
    let groups = files
        .iter()
        .flat_map(|file| serde_json::from_str::<Vec<Value>>(&std::fs::read_to_string(file).unwrap()).unwrap());
    groups.filter_map(|group| Some((group["schema"]["format"].as_str()?.to_owned(), group))).collect()
}

fn strings(group: &Value) -> impl Iterator<Item = (&str, bool)> {
    let tests = group["tests"].as_array().unwrap().iter();
    tests.filter_map(|test| Some((test["data"].as_str()?, test["valid"].as_bool()?)))
}

#[test]
fn the_official_suite_holds() {
    let (mut wrong, mut passed) = (Vec::new(), BTreeMap::new());
    for (draft, folder, _) in DRAFTS {
        for (name, group) in groups(folder).iter().filter(|(_, group)| !only_annotates(group)) {
            let format = Format::named(name, draft);
            for (text, valid) in strings(group) {
                match format.is_none_or(|format| format.holds(text)) == valid {
                    true => *passed.entry(folder).or_insert(0) += 1,
                    false => wrong.push(format!("{folder} {name} {text:?} is not {valid}")),
                }
            }
        }
    }
    println!("passed: {passed:?}");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(suite().is_none() || passed.values().sum::<usize>() > 1000, "{passed:?}");
}

/// The suite's `format.json` has formats annotate alone; here they are asserted.
fn only_annotates(group: &Value) -> bool {
    let mut tests = group["tests"].as_array().unwrap().iter();
    tests.any(|test| test["description"].as_str().unwrap().contains("only an annotation by default"))
}

/// One format of one draft, from both.
struct Pair {
    name: &'static str,
    folder: &'static str,
    ours: Option<Format>,
    theirs: jsonschema::Validator,
}

impl Pair {
    fn all() -> Vec<Pair> {
        let pair = |(draft, folder, theirs): (Draft, _, _), name: &'static str| Pair {
            name,
            folder,
            ours: Format::named(name, draft),
            theirs: (jsonschema::options().with_draft(theirs).should_validate_formats(true))
                .build(&json!({ "format": name }))
                .unwrap(),
        };
        DRAFTS.iter().flat_map(|draft| NAMES.map(|name| pair(*draft, name))).collect()
    }

    /// What we say, if they say something else, and no reason is listed.
    fn difference(&self, text: &str) -> Option<String> {
        let ours = self.ours.is_none_or(|format| format.holds(text));
        let listed = || DIFFERENCES.iter().any(|(name, different, _)| *name == self.name && *different == text);
        let differs = ours != self.theirs.is_valid(&json!(text)) && !listed();
        differs.then(|| format!("{} {} {text:?} holds for us: {ours}", self.folder, self.name))
    }
}

/// Every string of the suite and of our own lists, in every format of every draft.
#[test]
fn a_second_opinion_agrees() {
    let pairs = Pair::all();
    let suite: Vec<(String, Value)> = DRAFTS.iter().flat_map(|(_, folder, _)| groups(folder)).collect();
    let mut texts: Vec<String> =
        suite.iter().flat_map(|(_, group)| strings(group)).map(|(text, _)| text.to_owned()).collect();
    texts.extend(own_seeds().into_values().flatten());
    texts.sort();
    texts.dedup();
    let differences: Vec<String> =
        texts.iter().flat_map(|text| pairs.iter().filter_map(|pair| pair.difference(text))).collect();
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
}

/// `FORMAT_MUTANTS=1000000 FORMAT_SEED=7 cargo test second_opinion` tries others.
#[test]
fn a_second_opinion_agrees_on_mutants() {
    let (count, seed) = (setting("FORMAT_MUTANTS", 20_000), setting("FORMAT_SEED", 1));
    let pairs: Vec<Pair> = Pair::all().into_iter().filter(|pair| pair.ours.is_some()).collect();
    let mut seeds = own_seeds();
    for (name, group) in groups("draft2020-12") {
        seeds.entry(name).or_default().extend(strings(&group).map(|(text, _)| text.to_owned()));
    }
    let mut mutants = Mutants::new(seed, &seeds);
    let (mut differences, mut holds) = (BTreeMap::<&str, Vec<String>>::new(), BTreeMap::<&str, [u64; 2]>::new());
    for _ in 0..count {
        let pair = &pairs[mutants.below(pairs.len())];
        let text = mutants.next(pair.name);
        holds.entry(pair.name).or_default()[usize::from(pair.ours.unwrap().holds(&text))] += 1;
        if let Some(difference) = pair.difference(&text) {
            differences.entry(pair.name).or_default().push(difference);
        }
    }
    println!("refused and held: {holds:?}");
    let some: Vec<&str> = differences.values().flat_map(|list| list.iter().take(12).map(String::as_str)).collect();
    assert!(some.is_empty(), "{}:\n{}", differences.values().map(Vec::len).sum::<usize>(), some.join("\n"));
    // The mutants reach both answers of each format.
    let both = holds.values().all(|[refused, held]| refused.min(held) * 50 >= refused + held);
    assert!(both || count < 10_000, "{holds:?}");
}

/// Any string at all is answered.
#[test]
fn nothing_panics() {
    let seeds = own_seeds();
    let mut mutants = Mutants::new(3, &seeds);
    let formats: Vec<Format> = NAMES.iter().filter_map(|name| Format::named(name, Draft::Twenty)).collect();
    for _ in 0..20_000 {
        let text = mutants.noise();
        let held = formats.iter().filter(|format| format.holds(&text)).count();
        assert!(held < formats.len());
    }
}

/// Characters, each beside some of what the rules of its neighbours ask about: `FORMAT_MUTANTS=1000000` asks for all.
#[test]
fn a_second_opinion_agrees_on_each_character_of_a_name() {
    const PLACES: &str = "_ a_ _a l_l α_β א_ _א א_1 ب_\u{200c}ب ب\u{200c}_ب _\u{200d} e_\u{323} _\u{301} ァ_ _ーあ 각_ \
                          _\u{11a8} כ.a_ \u{915}_\u{93c} a_\u{300}\u{327}\u{345} a_-.\u{5d0} a_1.\u{5d0}";
    let places: Vec<&str> = PLACES.split(' ').collect();
    let many = usize::try_from(setting("FORMAT_MUTANTS", 20_000) / 20_000).unwrap();
    let pairs = Pair::all();
    let newest = |pair: &&Pair| pair.folder == "draft2020-12" && pair.name == "idn-hostname";
    let pair = pairs.iter().find(newest).unwrap();
    // Without the large blocks that are all letters, and those that have none.
    let characters = ('\u{80}'..='\u{33ff}').chain('\u{a000}'..='\u{abff}').chain('\u{f900}'..='\u{16fff}');
    let characters = characters.chain('\u{1b000}'..='\u{1ffff}').chain('\u{2f800}'..='\u{2fa1f}');
    let mut differences = Vec::new();
    for one in characters.chain('\u{e0000}'..='\u{e01ff}') {
        for place in places.iter().cycle().skip(one as usize % places.len()).take(many.clamp(1, places.len())) {
            differences.extend(pair.difference(&place.replace('_', one.encode_utf8(&mut [0; 4]))));
        }
    }
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Compares a table with the file that holds it, or writes the file.
fn same(name: &str, bytes: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/format").join(name);
    if std::env::var_os("UPDATE_UNICODE").is_some() {
        std::fs::write(&path, bytes).unwrap();
    }
    let kept = std::fs::read(&path).unwrap();
    assert!(kept == bytes, "{name} is not what Unicode's data says: UPDATE_UNICODE=1 cargo test unicode");
}
