//! The crate `regorus` and regopy as second opinions on Rego: every rule of every shipped policy that judges, over every
//! sample. Where two engines give different values, the rule and the sample are in a list with the reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::{Registry, standard};
use countersign_rego::machine::{Machine, Settings};
use countersign_rego::plan::{DocumentId, Program};
use countersign_rego::source::Sources;
use countersign_rego::value::Value;
use countersign_rego::{check, json, parse, yaml};
use serde_json::json;

use crate::cases::Recording;
use crate::fuzz_corpus::fuzz::regorus_values::{from_regorus, without_import};
use crate::policy::{NOW, modules};
use crate::regopy::{self, Question};
use crate::{files_below, json_file, root};

/// The most files of a folder of others' samples.
const MOST: usize = 4;

/// A value, nothing, or an error.
type Given = Result<Option<Value>, String>;

/// Policies in both engines.
struct Both {
    /// The name of their folder.
    name: String,
    /// The rules that judge.
    rules: Vec<(String, DocumentId)>,
    program: Arc<Program>,
    theirs: regorus::Engine,
    /// Their texts.
    texts: Vec<String>,
}

impl Both {
    fn load(folder: &Path, registry: &Registry) -> Both {
        let mut sources = Sources::default();
        let mut theirs = regorus::Engine::new();
        let mut parsed = Vec::new();
        let mut texts = Vec::new();
        for (name, text) in modules(folder).into_iter().filter(|(name, _)| !name.ends_with("_test.rego")) {
            theirs.add_policy(name.clone(), without_import(&text)).unwrap();
            texts.push(text.clone());
            let file = sources.add(name, text);
            parsed.push(parse::module(&sources, file, None, &parse::Limits::default()).unwrap());
        }
        let resolved = check::modules(parsed, registry).unwrap();
        let program = Program::new(&resolved, registry);
        let judges = |name: &str| ["deny", "violation", "warn"].contains(&name.split('_').next().unwrap());
        let paths: BTreeSet<_> = resolved.rules.iter().map(|rule| &rule.path).collect();
        let rules = paths.into_iter().filter(|path| judges(path.last().unwrap()));
        let rules = rules.map(|path| (path.join("."), program.document(path).unwrap())).collect();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        Both { name, rules, program: Arc::new(program), theirs, texts }
    }

    /// Compares what each rule gives for each input. `group` names the sample as a whole.
    fn compare(
        &self,
        group: &str,
        data: &serde_json::Value,
        inputs: &[Value],
        sample: &dyn Fn(usize) -> String,
        seen: &mut Seen,
    ) {
        let rules: Vec<String> = self.rules.iter().map(|(path, _)| path.replace('.', "/")).collect();
        let written = json::write(&Value::array(inputs.to_vec()));
        let (texts, rules) = (json!(self.texts), json!(rules));
        let mut question = Question {
            group: format!("{} {group}", self.name),
            names: Vec::new(),
            text: format!(r#"{{"modules": {texts}, "data": {data}, "inputs": {written}, "rules": {rules}}}"#),
            ours: Vec::new(),
        };
        let settings = Settings { now: i128::from(NOW) * 1_000_000_000, ..Settings::default() };
        let mut machine = Machine::new(Arc::clone(&self.program), settings);
        machine.set_data(read(&data.to_string())).unwrap();
        let mut theirs = self.theirs.clone();
        theirs.add_data_json(&data.to_string()).unwrap();
        for (number, input) in inputs.iter().enumerate() {
            machine.set_input(Some(input.clone())).unwrap();
            theirs.set_input_json(&json::write(input)).unwrap();
            for (path, document) in &self.rules {
                let left: Given = machine.document(*document).map_err(|failure| failure.message);
                let right = theirs.eval_rule(format!("data.{path}"));
                let right: Given = right.map(|value| from_regorus(&value)).map_err(|error| error.to_string());
                seen.compared += 1;
                let name = format!("{}\t{path}\t{}", self.name, sample(number));
                question.names.push(name.clone());
                question.ours.push(left.clone().map_err(|_| ()));
                let has = |value: &Value| !matches!(value, Value::Set(set) if set.elements().is_empty());
                seen.found += usize::from(matches!(&left, Ok(Some(value)) if has(value)));
                // Each words its errors in its own way.
                if left != right && (left.is_ok() || right.is_ok()) {
                    let show = |given: &Given| match given {
                        Ok(value) => value.as_ref().map_or("nothing".to_owned(), json::write),
                        Err(message) => format!("the error {message}"),
                    };
                    let text = format!("{} but {}", show(&left), show(&right));
                    seen.differ.insert(name, text);
                }
            }
        }
        seen.questions.push(question);
    }
}

#[derive(Default)]
struct Seen {
    compared: usize,
    found: usize,
    differ: BTreeMap<String, String>,
    questions: Vec<Question>,
}

fn read(text: &str) -> Value {
    json::read(text, &mut Budget::new(Limits { steps: u64::MAX, bytes: u64::MAX, ..Limits::default() })).unwrap()
}

/// The documents of a YAML or JSON file; those that neither reader takes are left out.
fn documents(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let reading = yaml::Reading { depth: 100, weight: 1 << 24, strict: false };
    let parts = text.split("\n---").map(|part| part.trim_start_matches("---"));
    parts.filter_map(|part| yaml::parse(part, &reading).ok()).filter(|value| *value != Value::Null).collect()
}

/// Samples of documents: a name, the parameters and the documents.
fn samples(pack: &str) -> Vec<(String, serde_json::Value, Vec<Value>)> {
    let mut found = Vec::new();
    for file in files_below(&root().join("tests/cases").join(pack)).iter().filter(|file| file.ends_with("input.json")) {
        let folder = file.parent().unwrap().strip_prefix(root()).unwrap().to_str().unwrap();
        let case = json_file(&format!("{folder}/case.json"));
        let input = json_file(&format!("{folder}/input.json"));
        let inputs: Vec<Value> = input.as_array().unwrap().iter().map(|document| read(&document.to_string())).collect();
        let mut data = match case["data"].clone() {
            serde_json::Value::Object(members) => serde_json::Value::Object(members),
            _ => json!({}),
        };
        data["params"] = if case["params"].is_null() { json!({}) } else { case["params"].clone() };
        found.push((folder.to_owned(), data, inputs));
    }
    if pack == "kubernetes" {
        for kind in ["bad", "good"] {
            let files = files_below(&root().join("demo/manifests").join(kind));
            let inputs = files.iter().flat_map(|file| documents(file)).collect();
            found.push((format!("demo/manifests/{kind}"), json!({ "params": {} }), inputs));
        }
    }
    found
}

/// Others' samples for Kubernetes, some of each folder.
fn others() -> Vec<(String, serde_json::Value, Vec<Value>)> {
    let Some(folder) = crate::data("k8s") else { return Vec::new() };
    let mut found = Vec::new();
    for name in ["checkov-k8s", "gatekeeper-library", "kyverno-pss", "psa/testdata", "seed-baseline", "trivy-checks"] {
        let files = files_below(&folder.join(name));
        let is_yaml = |file: &&std::path::PathBuf| file.extension().is_some_and(|end| end == "yaml" || end == "yml");
        let files: Vec<_> = files.iter().filter(is_yaml).collect();
        let step = files.len() / MOST + 1;
        // Some files together are one sample: every sample prepares regorus anew.
        for files in files.into_iter().step_by(step).collect::<Vec<_>>().chunks(4) {
            let name = files[0].strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            let inputs = files.iter().flat_map(|file| documents(file)).collect();
            found.push((name, json!({ "params": {} }), inputs));
        }
    }
    found
}

/// What a policy of a webhook sees of the requests of the cases, by the data beside it: names and inputs.
fn requests() -> BTreeMap<String, (Vec<String>, Vec<Value>)> {
    let mut found: BTreeMap<String, (Vec<String>, Vec<Value>)> = BTreeMap::new();
    for file in files_below(&root().join("tests/cases")).iter().filter(|file| file.ends_with("request.http")) {
        let folder = file.parent().unwrap().strip_prefix(root()).unwrap().to_str().unwrap();
        let case = json_file(&format!("{folder}/case.json"));
        let recording = Recording::parse(&std::fs::read(file).unwrap());
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(&recording.body) else { continue };
        let headers: serde_json::Map<_, _> = recording
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), serde_json::Value::from(value.as_str())))
            .collect();
        let request = json!({ "method": recording.method, "path": recording.target, "headers": headers });
        let event = body["event"].clone();
        let input = json!({ "body": body, "event": event, "request": request, "now": NOW });
        let params = if case["params"].is_null() { json!({}) } else { case["params"].clone() };
        // What is nested too deep or too large for a value is refused before a policy sees it.
        let budget = &mut Budget::new(Limits { steps: u64::MAX, bytes: u64::MAX, ..Limits::default() });
        if let Ok(input) = json::read(&input.to_string(), budget) {
            let (names, inputs) = found.entry(json!({ "params": params, "now": NOW }).to_string()).or_default();
            names.push(folder.to_owned());
            inputs.push(input);
        }
    }
    found
}

fn policies(folder: &str) -> Vec<String> {
    let files = files_below(&root().join(folder));
    let rego = files.iter().filter(|file| file.extension().is_some_and(|end| end == "rego"));
    let folders: BTreeSet<_> = rego.map(|file| file.parent().unwrap().file_name().unwrap().to_str().unwrap()).collect();
    folders.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_engines_agree_on_every_shipped_policy_or_the_difference_is_listed() {
    let registry = standard();
    let mut seen = Seen::default();
    for pack in policies("policies/deployment") {
        let both = Both::load(&root().join("policies/deployment").join(&pack), &registry);
        let mut all = samples(&pack);
        if pack == "kubernetes" {
            all.extend(others());
        }
        for (name, mut data, inputs) in all {
            data["now"] = json!(NOW);
            data["documents"] = serde_json::from_str(&json::write(&Value::array(inputs.clone()))).unwrap();
            // A rule of the set sees no document.
            let inputs: Vec<_> = inputs.into_iter().chain([Value::Null]).collect();
            both.compare(&name, &data, &inputs, &|number| format!("{name}#{number}"), &mut seen);
        }
    }
    let requests = requests();
    for policy in policies("policies/webhook") {
        let both = Both::load(&root().join("policies/webhook").join(&policy), &registry);
        for (data, (names, inputs)) in &requests {
            let name = |number: usize| names[number].clone();
            both.compare(&names[0], &serde_json::from_str(data).unwrap(), inputs, &name, &mut seen);
        }
    }
    println!("{} values compared, {} with findings, {} differ", seen.compared, seen.found, seen.differ.len());
    let listed = include_str!("policy_second_opinion.txt");
    let listed: BTreeMap<&str, &str> =
        listed.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once('\t')).collect();
    // What differs for every document of a sample is listed once, without a number.
    let sample = |name: &str| name.rsplit_once('#').map_or(name.to_owned(), |(sample, _)| sample.to_owned());
    let is_listed = |name: &str| listed.contains_key(name) || listed.contains_key(sample(name).as_str());
    let unlisted = seen.differ.iter().filter(|(name, _)| !is_listed(name));
    let mut wrong: Vec<String> = unlisted.map(|(name, values)| format!("{name}: {values}")).collect();
    let differs = |listed: &str| seen.differ.keys().any(|name| name == listed || sample(name) == listed);
    let gone = listed.keys().filter(|name| !differs(name));
    wrong.extend(gone.map(|name| format!("{name}: listed, and does not differ")));
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), seen.compared, wrong.join("\n"));
    assert!(seen.compared > 10_000 && seen.found > 200, "{} {}", seen.compared, seen.found);
    regopy_agrees(&seen.questions);
}

/// Its answers are kept. A rule has one line in the list: for how many samples it gives something else, and why.
fn regopy_agrees(questions: &[Question]) {
    let compared = regopy::compare(&root().join("tests/it/policy_regopy_answers.txt"), questions);
    let regopy::Compared { version, answers, unasked, differ } = &compared;
    let unanswered = unasked.len();
    // Policies and samples change more often than anyone asks: `make second-opinion`.
    println!("regopy {version}: {answers} values compared, {} differ, {unanswered} were never asked for", differ.len());
    let mut rules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, texts) in differ {
        let (rule, sample) = name.rsplit_once('\t').unwrap();
        rules.entry(rule).or_default().push(format!("    {sample}: {texts}"));
    }
    let listed = std::fs::read_to_string(root().join("tests/it/policy_regopy.txt")).unwrap();
    let listed = listed.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once('\t'));
    let listed: BTreeMap<&str, usize> = listed
        .filter_map(|(key, _)| key.rsplit_once('\t'))
        .map(|(rule, count)| (rule, count.parse().unwrap()))
        .collect();
    // Where some were never asked for, fewer are known to differ.
    let expected = |rule: &str, count: usize| match listed.get(rule) {
        Some(most) if unanswered > 0 || crate::data("k8s").is_none() => count <= *most,
        Some(exactly) => count == *exactly,
        None => count == 0,
    };
    let unlisted = rules.iter().filter(|(rule, samples)| !expected(rule, samples.len()));
    let mut wrong: Vec<String> =
        unlisted.map(|(rule, samples)| format!("{rule}\t{}\n{}", samples.len(), samples.join("\n"))).collect();
    let gone = listed.keys().filter(|rule| !rules.contains_key(*rule) && !expected(rule, 0));
    wrong.extend(gone.map(|rule| format!("{rule} is listed, and does not differ")));
    assert!(
        wrong.is_empty(),
        "{} rules differ from regopy in a way that is not listed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
