//! `policies/contract.schema.json` says to an editor what the loader says: the two agree on every
//! contract there is.

use std::collections::BTreeMap;
use std::path::PathBuf;

use countersign::{Check, Gate, Options, Outcome, Registry, Request};
use serde_json::{Value, json};

/// Refused by the loader for more than a schema can say.
const BEYOND_A_SCHEMA: &[&str] = &[
    "contract-file",
    "contract-freshness",
    "contract-replay",
    "contract-request",
    "contract-route",
    "contract-schema",
    "contract-shape",
    "contract-signature",
    "contract-policy",
];

/// A gate that judges documents by a schema of the project.
fn held_to(schema: &str) -> Gate {
    let schema: Value = crate::json_file(schema);
    let contract = json!({ "contract": "documents", "version": 1, "signature": null, "schema": schema });
    Gate::compile(&contract.to_string(), Options::default()).unwrap()
}

/// `policies/verdict.schema.json` is what a verdict looks like.
#[test]
fn every_verdict_holds_to_its_schema() {
    let gate = held_to("policies/verdict.schema.json");
    let verdicts = crate::files_below(&crate::root().join("tests/cases"));
    let of = |path: &PathBuf| path.ends_with("verdict.json") || path.ends_with("outcome.json");
    let verdicts: Vec<_> = verdicts.into_iter().filter(of).collect();
    assert!(verdicts.len() > 100, "only {} verdicts", verdicts.len());
    for path in verdicts {
        let mut body = std::fs::read(&path).unwrap();
        if path.ends_with("outcome.json") {
            body = serde_json::from_slice::<Value>(&body).unwrap()["verdict"].to_string().into_bytes();
        }
        let verdict = gate.check(&Request::new("POST", "/", &[], &body), &Check::default());
        assert_eq!(verdict.verdict, Outcome::Accept, "{}: {}", path.display(), verdict.to_json());
    }
}

#[test]
fn the_schema_agrees_with_the_loader() {
    let gate = held_to("policies/contract.schema.json");
    let mut agreed = 0;
    for folder in ["policies", "tests/cases"] {
        for path in
            crate::files_below(&crate::root().join(folder)).into_iter().filter(|path| path.ends_with("contract.json"))
        {
            let body = std::fs::read(&path).unwrap();
            let verdict = gate.check(&Request::new("POST", "/", &[], &body), &Check::default());
            let error = std::fs::read_to_string(path.with_file_name("error.json")).unwrap_or_default();
            let grammar = error.contains("\"contract-grammar\"");
            let beyond = BEYOND_A_SCHEMA.iter().any(|code| error.contains(code));
            let accepted = verdict.verdict == Outcome::Accept;
            assert!(beyond || accepted != grammar, "{}: {error} {}", path.display(), verdict.to_json());
            agreed += usize::from(!beyond);
        }
    }
    assert!(agreed > 100, "only {agreed} contracts");
}

/// There is one way to write each thing: no list in an object's place, no object in a word's. Every contract is
/// tried with each of its values changed as `change` says: what
/// still loads holds to the schema.
#[test]
fn nothing_loads_that_the_schema_refuses() {
    let gate = held_to("policies/contract.schema.json");
    let mut seen = std::collections::BTreeSet::new();
    let mut refused = 0;
    for path in crate::files_below(&crate::root().join("tests/cases")) {
        if !path.ends_with("contract.json") || path.with_file_name("error.json").exists() {
            continue;
        }
        let contract: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let files = crate::cases::files_beside(&path);
        let mut changed = Vec::new();
        change(&contract, "", &mut |at, other| {
            let mut whole = contract.clone();
            *whole.pointer_mut(at).unwrap() = other;
            changed.push((at.to_owned(), whole.to_string()));
        });
        for (at, text) in changed.into_iter().filter(|(_, text)| seen.insert(text.clone())) {
            let holds = || gate.check(&Request::new("POST", "/", &[], text.as_bytes()), &Check::default());
            match crate::mutants::compile(&serde_json::from_str(&text).unwrap(), &files) {
                Err(error) if error.code == "contract-grammar" => refused += 1,
                Err(error) if BEYOND_A_SCHEMA.contains(&error.code.as_str()) => {}
                _ => assert_eq!(holds().verdict, Outcome::Accept, "{} {at}: {text}", path.display()),
            }
        }
    }
    assert!(refused > 1_000, "only {refused} were refused");
}

/// Each value as null, every object as a list, every word as an object, every list without its items and with its
/// first item once more, but below what is free to be anything.
fn change(value: &Value, at: &str, each: &mut impl FnMut(&str, Value)) {
    each(at, Value::Null);
    let free = ["/schema", "/schemas", "/default"].iter().any(|free| at.ends_with(free));
    match value {
        _ if free => {}
        Value::Object(members) => {
            each(at, Value::Array(members.values().cloned().collect()));
            for (name, member) in members {
                change(member, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), each);
            }
        }
        Value::Array(items) => {
            each(at, json!([]));
            each(at, items.first().into_iter().chain(items).cloned().collect());
            items.iter().enumerate().for_each(|(index, item)| change(item, &format!("{at}/{index}"), each));
        }
        Value::String(word) => each(at, json!({ word: null })),
        _ => {}
    }
}

/// So does `policies/registry.schema.json` for every `hooks.json` there is, and for each with one value changed.
#[test]
fn the_registry_schema_agrees_with_the_loader() {
    let gate = held_to("policies/registry.schema.json");
    let holds = |text: &[u8]| gate.check(&Request::new("POST", "/", &[], text), &Check::default()).verdict;
    let mut documents: Vec<String> = Vec::new();
    for path in crate::files_below(&crate::root().join("tests/cases/registry")) {
        if path.ends_with("hooks.json") {
            documents.push(std::fs::read_to_string(path).unwrap());
        }
    }
    assert!(documents.len() > 40, "only {} registries", documents.len());
    let seed: Value = crate::json_file("tests/cases/registry/design/hooks.json");
    change(&seed, "", &mut |at, other| {
        let mut whole = seed.clone();
        *whole.pointer_mut(at).unwrap() = other;
        documents.push(whole.to_string());
    });
    let (mut accepted, mut refused) = (0, 0);
    for text in documents {
        // Without contracts: a document of the language is refused for them alone.
        let source = format!("{{\"registry\":{text}}}");
        match Registry::from_json(&source).map(drop).map_err(|error| error.code.as_str()) {
            Err("contract-registry") => {}
            Err("contract-grammar") => {
                assert_eq!(holds(text.as_bytes()), Outcome::Reject, "{text}");
                refused += 1;
            }
            Ok(()) | Err(_) => {
                assert_eq!(holds(text.as_bytes()), Outcome::Accept, "{text}");
                accepted += 1;
            }
        }
    }
    assert!(accepted > 5 && refused > 20, "{accepted} accepted, {refused} refused");
}

/// Refused for what no schema can say: one part of the document does not fit another. A closed list of codes and of
/// words of their messages.
const MEANING: &[(&str, &str)] = &[
    ("contract-file", "is not beside the contract"),
    ("contract-freshness", "and `signature` does not ask the sender for it"),
    ("contract-freshness", "has no time format"),
    ("contract-freshness", "is never optional"),
    ("contract-freshness", "is the same in every message"),
    ("contract-freshness", "a form or query is flat"),
    ("contract-freshness", "deeper than `payload.maxDepth`"),
    ("contract-freshness", "so there is no document to read it from"),
    ("contract-freshness", "there is no field `"),
    ("contract-freshness", "an answer has no query"),
    ("contract-policy", ""),
    ("contract-replay", "and `signature` does not ask the sender for it"),
    ("contract-replay", "is declared nowhere"),
    ("contract-replay", "nothing in the key tells one message from the next"),
    ("contract-request", "an `answer` is for replying to requests"),
    ("contract-request", "an answer has no query"),
    ("contract-request", "not an origin as browsers write it"),
    ("contract-request", "` stands twice"),
    ("contract-request", "no other request is accepted"),
    ("contract-route", "always holds, so those after it are never reached"),
    ("contract-route", "is declared nowhere"),
    ("contract-schema", ""),
    ("contract-shape", "is declared nowhere"),
    ("contract-shape", "the default is not of the member's own `format`"),
    ("contract-shape", "there is no HMAC key to make it with"),
    ("contract-signature", "` stands twice"),
    ("contract-signature", "`equals` can never hold: a header's value"),
    ("contract-signature", "`equals` can never hold: the literal is not"),
    ("contract-signature", "`equals` can never hold: the literal holds the separator"),
    ("contract-signature", "a form or query is flat"),
    ("contract-signature", "deeper than `payload.maxDepth`"),
    ("contract-signature", "an optional group without an optional field never goes"),
    ("contract-signature", "has `bs` beside `sf` or `key`"),
    ("contract-signature", "has `key`, and is no dictionary"),
    ("contract-signature", "is a part of answers, and this is a request"),
    ("contract-signature", "is a part of requests, and"),
    ("contract-signature", "has `sf` or `key`, and is no field whose structure is known"),
    ("contract-signature", "has a parameter that is not understood"),
    ("contract-signature", "has one parameter, `name`"),
    ("contract-signature", "is no component that is known"),
    ("contract-signature", "is read from there already"),
    ("contract-signature", "is taken as a signature and read as a field"),
    ("contract-signature", "must exclude the signature's own"),
    ("contract-signature", "of the scopes in `scopes`"),
    ("contract-signature", "needs `name`"),
    ("contract-signature", "no pair is named"),
    ("contract-signature", "pairs are read from a header, and the signature stands elsewhere"),
    ("contract-signature", "so there is no document to read it from"),
    ("contract-signature", "stands outside an optional group"),
    ("contract-signature", "the URL stands twice"),
    ("contract-signature", "the secret itself is a segment of a plain digest alone"),
    ("contract-signature", "the signature cannot stand in a"),
    ("contract-signature", "the signature itself stands there"),
    ("contract-signature", "the signature stands in the body"),
    ("contract-signature", "there is no field `"),
    ("contract-signature", "what is signed is the same in every message"),
];

/// `MUTANTS` and `SEED` try others.
#[test]
fn mutants_of_contracts_are_judged_alike() {
    let validator = schema_of("policies/contract.schema.json");
    let seeds = crate::mutants::seeds();
    let mut next = crate::random_from(number("SEED", 0));
    let (mut accepted, mut refused, mut wrong) = (0, 0, BTreeMap::new());
    for _ in 0..number("MUTANTS", 8_000) {
        let seed = &seeds[next(seeds.len())];
        let mutant = crate::mutants::mutant(&seeds, seed, &mut next);
        let holds = validator.is_valid(&mutant.contract);
        let loaded = crate::mutants::compile(&mutant.contract, &seed.files).map(drop);
        let meaning =
            |code: &str, message: &str| MEANING.iter().any(|(known, words)| *known == code && message.contains(words));
        let said = match (holds, &loaded) {
            (true, Ok(())) => {
                accepted += 1;
                continue;
            }
            (false, Err(_)) => {
                refused += 1;
                continue;
            }
            (true, Err(error)) if meaning(error.code.as_str(), &error.message) => continue,
            (true, Err(error)) => format!("the schema takes it: {} {} at {}", error.code, error.message, error.at),
            (false, Ok(())) => format!("the core takes it: {}", refusal(&validator, &mutant.contract)),
        };
        wrong.entry(said).or_insert_with(|| format!("{} {}", seed.path.display(), mutant.change));
    }
    assert_alike(&wrong);
    assert!(accepted > 500 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

/// So too of `hooks.json`. Without contracts beside it, a document of the language is refused for them alone; what no
/// schema can say has a code of its own.
#[test]
fn mutants_of_registries_are_judged_alike() {
    let validator = schema_of("policies/registry.schema.json");
    let seeds = crate::mutants::registries();
    let mut next = crate::random_from(number("SEED", 0));
    let (mut accepted, mut refused, mut wrong) = (0, 0, BTreeMap::new());
    for _ in 0..number("MUTANTS", 4_000) {
        let seed = &seeds[next(seeds.len())];
        let mutant = crate::mutants::mutant(&seeds, seed, &mut next);
        let source = format!("{{\"registry\":{}}}", mutant.contract);
        let said = match (validator.is_valid(&mutant.contract), Registry::from_json(&source)) {
            (true, Err(error)) if error.code == "contract-grammar" => format!("the schema takes it: {error}"),
            (false, Err(error)) if error.code != "contract-grammar" && error.code != "contract-registry" => {
                format!("the core takes it: {}", refusal(&validator, &mutant.contract))
            }
            (false, Ok(_)) => format!("the core takes it: {}", refusal(&validator, &mutant.contract)),
            (true, _) => {
                accepted += 1;
                continue;
            }
            (false, Err(_)) => {
                refused += 1;
                continue;
            }
        };
        wrong.entry(said).or_insert_with(|| format!("{} {}", seed.path.display(), mutant.change));
    }
    assert_alike(&wrong);
    assert!(accepted > 500 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

fn schema_of(path: &str) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(&crate::json_file(path)).unwrap()
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

fn refusal(validator: &jsonschema::Validator, document: &Value) -> String {
    let error = validator.iter_errors(document).next().unwrap();
    let said: String = error.to_string().chars().take(200).collect();
    format!("{said} at {} by {}", error.instance_path(), error.schema_path())
}

fn assert_alike(wrong: &BTreeMap<String, String>) {
    let list: Vec<String> = wrong.iter().map(|(said, mutant)| format!("{said}\n    {mutant}")).collect();
    assert!(list.is_empty(), "{} kinds of disagreement\n{}", list.len(), list.join("\n"));
}
