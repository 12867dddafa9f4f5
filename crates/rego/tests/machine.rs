//! The cases of `tests/machine`, each a file of sections: `rego` (any number of modules), `data`, `input`, and what they
//! come to: `wanted` is the value of `data.t`, `error` the code and message of a failure, `printed` what is printed,
//! `stuck` why rules gave nothing, `coverage` what was never entered or never held, `trace` the first events,
//! `reads` what a result rests on (`rule`, or `rule element`, then pointers; those with a `!` are absent).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use std::path::Path;
use std::sync::Arc;

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::standard;
use countersign_rego::machine::{Covered, Event, Machine, Reason, Settings};
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

    fn machine(&self, print: bool) -> (Machine, Sources) {
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
        let mut settings = Settings { print, strict: self.all("strict").next().is_some(), ..Settings::default() };
        for (name, count) in self.all("limits").flat_map(str::lines).filter_map(|line| line.split_once(' ')) {
            let limits = &mut settings.limits;
            match name {
                "steps" => limits.steps = count.parse().unwrap(),
                "bytes" => limits.bytes = count.parse().unwrap(),
                "depth" => limits.depth = count.parse().unwrap(),
                "calls" => limits.calls = count.parse().unwrap(),
                other => panic!("no limit {other}"),
            }
        }
        let mut machine = Machine::new(Arc::new(Program::new(&resolved, &registry)), settings);
        if let Some(data) = self.all("data").next() {
            machine.set_data(read(data)).unwrap();
        }
        machine.set_input(self.all("input").next().map(read)).unwrap();
        (machine, sources)
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
        let pointers = pointers.map(|read| {
            format!(
                " {}{}{}{}",
                if read.absent { "!" } else { "" },
                if read.vain { "~" } else { "" },
                if read.data { "data" } else { "" },
                read.pointer
            )
        });
        text.push_str(&format!("{asked}:{}\n", pointers.collect::<String>()));
    }
    text
}

fn reason(reason: &Reason) -> String {
    let text = json::write;
    match reason {
        Reason::Missing { of, key } => format!("{} has no {}", of.type_name(), text(key)),
        Reason::Undefined => "undefined".to_owned(),
        Reason::False => "false".to_owned(),
        Reason::Compared(left, right) => format!("{} and {}", text(left), text(right)),
        Reason::Nothing(value) => format!("nothing in {}", text(value)),
        Reason::Shape(value) => format!("another shape: {}", text(value)),
        Reason::Other => "other".to_owned(),
    }
}

/// Why rules gave nothing, as a case has it.
fn stuck(machine: &mut Machine, sources: &Sources, lines: &str) -> String {
    machine.watch(0);
    let mut text = String::new();
    for rule in lines.lines().filter_map(|line| line.strip_suffix(':')) {
        let document = machine.program().document(&["t", rule]).unwrap();
        machine.document(document).unwrap();
        text.push_str(&format!("{rule}:\n"));
        for stuck in machine.stuck(document) {
            let values = stuck.values.iter().map(|(name, value)| format!("; {name} = {}", json::write(value)));
            text.push_str(&format!(
                "  {} | {}: {}{}\n",
                sources.text(stuck.statement),
                sources.text(stuck.span),
                reason(&stuck.reason),
                values.collect::<String>()
            ));
        }
    }
    text
}

fn coverage(machine: &mut Machine, sources: &Sources) -> String {
    machine.watch(0);
    machine.rule(&["t"]).unwrap();
    let line = |covered: &Covered| {
        let place = sources.place(covered.span).line;
        let text = sources.text(covered.span).lines().next().unwrap_or_default().to_owned();
        let how = if covered.entered { "never held" } else { "never entered" };
        format!("{place} {:?} {how}: {text}\n", covered.part)
    };
    machine.coverage().iter().filter(|covered| !covered.held).map(line).collect()
}

fn trace(machine: &mut Machine, sources: &Sources, events: usize) -> String {
    machine.watch(events);
    machine.rule(&["t"]).unwrap();
    let line = |event: &Event| {
        let text = sources.text(event.span).lines().next().unwrap_or_default();
        format!("{} {:?} {text}\n", event.depth, event.kind)
    };
    machine.events().iter().map(line).collect()
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
        let (mut machine, sources) = case.machine(true);
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
            assert_eq!(machine.take_printed().join("\n").trim(), wanted.trim(), "{name}");
        }
        let (mut again, _) = case.machine(true);
        assert_eq!((again.rule(&["t"]), again.steps()), (result.clone(), steps), "{name}: not the same again");
        // What is kept from one input to the next makes nothing cheaper.
        machine.set_input(None).unwrap();
        _ = machine.rule(&["t"]);
        machine.set_input(case.all("input").next().map(read)).unwrap();
        assert_eq!(
            (machine.rule(&["t"]), machine.steps()),
            (result.clone(), steps),
            "{name}: not the same after another input"
        );
        if let Some(wanted) = case.all("stuck").next() {
            assert_eq!(stuck(&mut machine, &sources, wanted), wanted, "{name}");
        }
        if let Some(wanted) = case.all("coverage").next() {
            assert_eq!(coverage(&mut machine, &sources), wanted, "{name}");
        }
        if let Some(wanted) = case.all("trace").next() {
            assert_eq!(trace(&mut machine, &sources, wanted.lines().count()), wanted, "{name}");
        }
        if let Some(wanted) = case.all("reads").next() {
            assert_eq!(reads(&mut machine, wanted), wanted, "{name}");
            machine.note_reads(true);
            assert_eq!((machine.rule(&["t"]), machine.steps()), (result, steps), "{name}: not the same with reads");
        }
    }
}

/// What was given without notes is there again after them, but not for another input or other data.
#[test]
fn noting_reads_changes_no_result() {
    let rego = "package t\n\nshared := count(data.d)\n\nf(x) := x + shared\n\np := f(input.x)\n".to_owned();
    let case = Case { name: "notes".to_owned(), sections: vec![("rego", rego)] };
    let (mut machine, _) = case.machine(false);
    let ask = |machine: &mut Machine| {
        let document = machine.program().document(&["t", "p"]).unwrap();
        json::write(&machine.document(document).unwrap().unwrap())
    };
    machine.set_data(read(r#"{"d": [1]}"#)).unwrap();
    machine.set_input(Some(read(r#"{"x": 10}"#))).unwrap();
    assert_eq!(ask(&mut machine), "11");
    let steps = machine.steps();
    machine.note_reads(true);
    assert_eq!(ask(&mut machine), "11");
    assert_eq!(machine.reads(machine.program().document(&["t", "p"]).unwrap(), None).len(), 2);
    machine.note_reads(false);
    assert_eq!(ask(&mut machine), "11");
    assert!(machine.steps() < steps, "it was kept");
    machine.note_reads(true);
    machine.set_input(Some(read(r#"{"x": 20}"#))).unwrap();
    machine.note_reads(false);
    assert_eq!(ask(&mut machine), "21");
    machine.note_reads(true);
    machine.set_data(read(r#"{"d": [1, 2]}"#)).unwrap();
    machine.note_reads(false);
    assert_eq!(ask(&mut machine), "22");
}
