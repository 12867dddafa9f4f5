//! What rules give: our engine and the crate `regorus` agree, or the difference is of a kind that is listed. Noting
//! reads, watching, and inputs in between change nothing.
//!
//! The input is the choices of the grammar in `rego`: numbers below a bound, a byte each.

use std::collections::BTreeSet;

use countersign_rego::json;
use countersign_rego::machine::{Failure, FailureCode};
use countersign_rego::problem::ProblemCode;
use countersign_rego::value::Value;

use super::rego::machine::{Given, Loaded, is_limit, loaded, parsed, read, show};
use super::rego::peer::Peer;
use super::rego::write::{DATA, INPUTS, PLAIN, policy};

/// What regorus says where OPA has no error: there the part is undefined, so the rules may give something.
const ERRORS: [&str; 17] = [
    "`some .. in collection` expects array/set/object",
    "`every` expects array/set/object",
    "expects numeric argument",
    "expects set argument",
    "incompatible destructuring patterns",
    "mismatch in number of array elements",
    "modulo on floating-point number",
    "not an object",
    "not an array",
    "item cannot be indexed",
    // It cannot put these statements in order.
    "statements not scheduled",
    "divide by zero",
    // It meets `some x` again, for the next value of a wildcard before it.
    "duplicated definition of local variable",
    "could not find function",
    // It takes names of a comprehension for others.
    "is unsafe",
    "loop hoisting table out of bounds",
    "a panic",
];

/// What contradicts itself. Each engine comes upon it in an order of its own, or not at all where something else fails.
const CONFLICTS: [&str; 5] = [
    "generated multiple times",
    "function produced multiple outputs",
    "functions must not produce multiple outputs",
    "rules must not produce multiple outputs",
    "rule conflicts with rule",
];

const REFUSED: [ProblemCode; 2] = [ProblemCode::Type, ProblemCode::Unsafe];

pub fn run(data: &[u8]) {
    let (text, input) = chosen(data);
    let input_value = read(&input).unwrap();
    let peer = Peer::load(&text, DATA, &input);
    let module = parsed(&text).unwrap_or_else(|problems| panic!("the grammar is broken: {problems:?}\n{text}"));
    let policy = match loaded(module, &text) {
        Ok(policy) => policy,
        // regorus looks at no types, and binds variables also where two sides can never be equal, or within `not`.
        Err(problems) if problems.iter().all(|problem| REFUSED.contains(&problem.code)) => return,
        Err(problems) => panic!("the grammar is broken: {problems:?}\n{text}"),
    };
    let values = alike(&text, &policy, &input_value);
    // That takes as long as all else.
    if data.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)) % 4 == 0 {
        rests_on_its_reads(&text, &policy, &input_value);
    }
    let Some(mut peer) = peer else { return };
    for ((path, _), ours) in policy.rules.iter().zip(&values).filter(|(_, ours)| !is_limit(ours)) {
        let theirs = peer.value(path);
        let same = match (ours, &theirs) {
            // It may find that no definition of a set can hold, and then has not even an empty one.
            (Ok(Some(Value::Set(set))), Ok(None)) => set.elements().is_empty(),
            (Ok(ours), Ok(theirs)) => ours == theirs,
            // Each words its errors in its own way.
            (ours, theirs) => ours.is_err() && theirs.is_err(),
        };
        let lists = |list: &[&str], message: &String| list.iter().any(|listed| message.contains(listed));
        let conflict = matches!(ours, Err(Failure { code: FailureCode::Conflict, .. }));
        let listed = |message: &String| lists(&ERRORS, message) || lists(&CONFLICTS, message);
        if !same && !conflict && !theirs.as_ref().is_err_and(listed) {
            let theirs = match theirs {
                Ok(value) => show(&Ok(value)),
                Err(message) => format!("the error {message}"),
            };
            panic!("{path} is {} but {theirs}\n{text}\n---\n{input}", show(ours));
        }
    }
}

fn chosen(data: &[u8]) -> (String, String) {
    let mut bytes = data.iter();
    let mut next = |below: usize| bytes.next().map_or(0, |byte| usize::from(*byte) % below);
    let number = next(INPUTS.len());
    (policy(number >= PLAIN, &mut next), INPUTS[number].to_owned())
}

/// What the rules give, which is the same however the machine was used before and whatever it notes.
fn alike(text: &str, policy: &Loaded, input: &Value) -> Vec<Given> {
    let data = read(DATA).unwrap();
    let mut machine = policy.machine(&data, input);
    let values = policy.values(&mut machine);
    if values.iter().any(is_limit) {
        return values;
    }
    let mut again = |what: &str, change: &mut dyn FnMut(&mut countersign_rego::machine::Machine)| {
        change(&mut machine);
        let others = policy.values(&mut machine);
        for (((path, _), value), other) in policy.rules.iter().zip(&values).zip(&others) {
            let same = is_limit(other) || value == other;
            assert!(same, "{path} is {}, and {what} {}\n{text}", show(value), show(other));
        }
    };
    again("after another input", &mut |machine| {
        machine.set_input(Some(Value::Null)).unwrap();
        policy.values(machine);
        machine.set_input(Some(input.clone())).unwrap();
    });
    again("with reads", &mut |machine| machine.note_reads(true));
    again("watched", &mut |machine| {
        machine.note_reads(false);
        machine.watch(10);
    });
    values
}

/// A value, and each element of a set, stays when a member of the input changes that is not among what it rests on.
fn rests_on_its_reads(text: &str, policy: &Loaded, input: &Value) {
    // Of what an element rests on, only the deepest parts are told: not that it also rests on all of the input.
    let whole = text.match_indices("input").any(|(at, _)| !text[at + 5..].starts_with('.'));
    let Value::Object(members) = input else { return };
    if whole {
        return;
    }
    let mut machine = policy.machine(&read(DATA).unwrap(), input);
    machine.note_reads(true);
    let mut found = Vec::new();
    for (path, document) in &policy.rules {
        let Ok(given) = machine.document(*document) else { continue };
        let elements = match &given {
            Some(Value::Set(set)) => set.elements().iter().map(|element| Some(element.clone())).collect(),
            _ => vec![None],
        };
        for element in elements {
            let reads = machine.reads(*document, element.as_ref()).into_iter().filter(|read| !read.data);
            let first = |pointer: &str| Some(Value::from(pointer.split('/').nth(1)?));
            let rests: BTreeSet<Value> = reads.filter_map(|read| first(&read.pointer)).collect();
            found.push((path, *document, given.clone(), element, rests));
        }
    }
    machine.note_reads(false);
    for (name, _) in members.members() {
        for other in [Value::Null, Value::Boolean(true), Value::from(1_i64), Value::array(vec![Value::from("a")])] {
            let changed = |(key, old): &(Value, Value)| (key.clone(), if key == name { &other } else { old }.clone());
            machine.set_input(Some(Value::object(members.members().iter().map(changed).collect()))).unwrap();
            for (path, document, before, element, rests) in found.iter().filter(|found| !found.4.contains(name)) {
                // Another definition may now contradict what it needs.
                let Ok(given) = machine.document(*document) else { continue };
                let stays = match element {
                    Some(element) => matches!(&given, Some(Value::Set(set)) if set.elements().contains(element)),
                    None => given == *before,
                };
                let (name, element) =
                    (json::write(name), element.as_ref().map_or("as a whole".to_owned(), json::write));
                assert!(stays, "{path} {element} rests on {rests:?}, and {name} made it {}\n{text}", show(&Ok(given)));
            }
        }
    }
}
