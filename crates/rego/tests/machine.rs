//! The cases of `tests/machine`, each a file of sections: `rego` (any number of modules), `data`, `input`, and what they
//! come to: `wanted` is the value of `data.t`, `error` the code and message of a failure, `printed` what is printed,
//! `reads` what a result rests on (`rule`, or `rule element`, then pointers; those with a `!` are absent).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::path::Path;
use std::sync::Arc;

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::standard;
use countersign_rego::machine::{Machine, Settings};
use countersign_rego::plan::Program;
use countersign_rego::source::Sources;
use countersign_rego::value::Value;
use countersign_rego::{check, json, parse};

fn read(text: &str) -> Value {
    json::read(text, &mut Budget::new(Limits::default())).unwrap_or_else(|fault| panic!("{fault:?}: {text}"))
}

struct Case<'a> {
    name: String,
    sections: Vec<(&'a str, String)>,
}

impl Case<'_> {
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.sections.iter().filter(move |(other, _)| *other == name).map(|(_, text)| text.as_str())
    }

    fn machine(&self, print: bool) -> Machine {
        let registry = standard();
        let mut sources = Sources::default();
        let limits = parse::Limits::default();
        let modules: Vec<_> = self
            .all("rego")
            .enumerate()
            .map(|(number, text)| {
                let file = sources.add(format!("{number}.rego"), text);
                parse::module(&sources, file, None, &limits).unwrap_or_else(|found| panic!("{}: {found:?}", self.name))
            })
            .collect();
        let resolved = check::modules(modules, &registry).unwrap_or_else(|found| panic!("{}: {found:?}", self.name));
        let settings = Settings { print, strict: self.all("strict").next().is_some(), ..Settings::default() };
        let mut machine = Machine::new(Arc::new(Program::new(&resolved, &registry)), settings);
        if let Some(data) = self.all("data").next() {
            machine.set_data(read(data)).unwrap();
        }
        machine.set_input(self.all("input").next().map(read)).unwrap();
        machine
    }
}

/// What the results rest on, as a case has it.
fn reads(machine: &mut Machine, lines: &str) -> String {
    machine.note_reads(true);
    let mut text = String::new();
    for line in lines.lines() {
        let (asked, _) = line.split_once(':').unwrap();
        let (rule, element) =
            asked.split_once(' ').map_or((asked, None), |(rule, element)| (rule, Some(read(element))));
        let document = machine.program().document(&["t", rule]).unwrap();
        machine.document(document).unwrap();
        let pointers = machine.reads(document, element.as_ref()).into_iter();
        let pointers = pointers.map(|read| format!(" {}{}", if read.absent { "!" } else { "" }, read.pointer));
        text.push_str(&format!("{asked}:{}\n", pointers.collect::<String>()));
    }
    text
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut sections: Vec<(&str, String)> = Vec::new();
        for line in text.lines() {
            match line.strip_prefix("--- ") {
                Some(section) => sections.push((section, String::new())),
                None => sections.last_mut().unwrap().1.push_str(&format!("{line}\n")),
            }
        }
        let case = Case { name: name.clone(), sections };
        let mut machine = case.machine(true);
        let result = machine.rule(&["t"]);
        let steps = machine.steps();
        if let Some(wanted) = case.all("wanted").next() {
            let value = result.clone().unwrap_or_else(|failure| panic!("{name}: {failure:?}")).unwrap();
            assert_eq!(json::write(&read(&json::write(&value))), json::write(&read(wanted)), "{name}");
        }
        if let Some(wanted) = case.all("error").next() {
            let failure = result.clone().unwrap_err();
            assert_eq!(format!("{}: {}", failure.code.name(), failure.message), wanted.trim(), "{name}");
        }
        if let Some(wanted) = case.all("printed").next() {
            assert_eq!(machine.take_printed().join("\n"), wanted.trim(), "{name}");
        }
        let mut again = case.machine(true);
        assert_eq!((again.rule(&["t"]), again.steps()), (result.clone(), steps), "{name}: not the same again");
        if let Some(wanted) = case.all("reads").next() {
            assert_eq!(reads(&mut machine, wanted), wanted, "{name}");
            assert_eq!(machine.rule(&["t"]), result, "{name}: another result with reads");
        }
    }
}
