//! A tree as a text: short, and with every distinction that the tree makes.

use countersign_rego::ast::*;
use countersign_rego::value::Value;

pub fn module(module: &Module) -> String {
    let version = if module.version == Version::V0 { "v0" } else { "v1" };
    let path = |names: &[Name]| names.iter().map(|name| format!("{:?}", name.text)).collect::<Vec<_>>().join(" ");
    let mut out = format!("{version} package {}", path(&module.package));
    for (on, word) in [(module.future.not, "not"), (module.future.and, "and"), (module.future.or, "or")] {
        if on {
            out += &format!(" +{word}");
        }
    }
    out.push('\n');
    for import in &module.imports {
        let alias = import.alias.as_ref().map_or(String::new(), |alias| format!(" as {}", alias.text));
        out += &format!("import {}{alias}\n", path(&import.path));
    }
    for found in &module.rules {
        out += &rule(found);
    }
    for metadata in &module.metadata {
        out += &format!("metadata {:?} {}\n", metadata.scope, value(&metadata.value));
    }
    out
}

fn rule(rule: &Rule) -> String {
    let head = &rule.head;
    let mut out = if rule.default { "default " } else { "rule " }.to_owned() + &head.name.text;
    for key in &head.keys {
        out += &format!(" [{}]", term(key));
    }
    if let Some(parameters) = &head.parameters {
        out += &format!(" ({})", terms(parameters));
    }
    if let Some(element) = &head.contains {
        out += &format!(" contains {}", term(element));
    }
    if let Some(value) = &head.value {
        out += &format!(" := {}", term(value));
    }
    out.push('\n');
    out += &lines(&rule.body);
    for branch in &rule.otherwise {
        out += " else";
        if let Some(value) = &branch.value {
            out += &format!(" := {}", term(value));
        }
        out.push('\n');
        out += &lines(&branch.body);
    }
    out
}

pub fn lines(body: &Body) -> String {
    body.iter().map(|found| format!("  {}\n", statement(found))).collect()
}

fn body(body: &Body) -> String {
    body.iter().map(statement).collect::<Vec<_>>().join("; ")
}

pub fn statement(statement: &Statement) -> String {
    let operand = |operand: &Operand| match operand.braces {
        true => format!("{{{}}}", body(&operand.body)),
        false => body(&operand.body),
    };
    let operands = |operands: &[Operand]| operands.iter().map(operand).collect::<Vec<_>>().join(" ");
    let key = |key: &Option<Term>| key.as_ref().map_or(String::new(), |key| term(key) + " ");
    let mut out = match &statement.kind {
        StatementKind::Term(found) => term(found),
        StatementKind::Unify(left, right) => format!("(= {} {})", term(left), term(right)),
        StatementKind::Assign(left, right) => format!("(:= {} {})", term(left), term(right)),
        StatementKind::Some(names) => {
            format!("(some {})", names.iter().map(|name| &*name.text).collect::<Vec<_>>().join(" "))
        }
        StatementKind::SomeIn { key: name, value, domain } => {
            format!("(some-in {}{} {})", key(name), term(value), term(domain))
        }
        StatementKind::Every { key: name, value, domain, body: inner } => {
            format!("(every {}{} {} {{{}}})", key(name), term(value), term(domain), body(inner))
        }
        StatementKind::Not(negated) => format!("(not {})", operand(negated)),
        StatementKind::Or(found) => format!("(or {})", operands(found)),
        StatementKind::And(found) => format!("(and {})", operands(found)),
    };
    for with in &statement.with {
        out = format!("(with {out} {} {})", term(&with.target), term(&with.value));
    }
    out
}

fn terms(found: &[Term]) -> String {
    found.iter().map(term).collect::<Vec<_>>().join(" ")
}

pub fn term(found: &Term) -> String {
    match &found.kind {
        TermKind::Null => "null".to_owned(),
        TermKind::Boolean(truth) => truth.to_string(),
        TermKind::Number(number) => number.to_string(),
        TermKind::String(text) => format!("{text:?}"),
        TermKind::Template(pieces) => {
            let piece = |piece: &Piece| match piece {
                Piece::Text(text) => format!("{text:?}"),
                Piece::Value(found, with) if with.is_empty() => format!("{{{}}}", term(found)),
                Piece::Value(found, with) => {
                    let with = with.iter().map(|with| format!("{} {}", term(&with.target), term(&with.value)));
                    format!("{{(with {} {})}}", term(found), with.collect::<Vec<_>>().join(" "))
                }
            };
            format!("(template {})", pieces.iter().map(piece).collect::<Vec<_>>().join(" "))
        }
        TermKind::Variable(name) => name.to_string(),
        TermKind::Wildcard => "_".to_owned(),
        TermKind::Reference(base, keys) => format!("(ref {} {})", term(base), terms(keys)),
        TermKind::Array(items) => format!("[{}]", terms(items)),
        TermKind::Set(items) => format!("(set {})", terms(items)),
        TermKind::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{}: {}", term(key), term(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        TermKind::ArrayOf(item, inner) => format!("(array-of {} | {})", term(item), body(inner)),
        TermKind::SetOf(item, inner) => format!("(set-of {} | {})", term(item), body(inner)),
        TermKind::ObjectOf(member, inner) => {
            format!("(object-of {}: {} | {})", term(&member.0), term(&member.1), body(inner))
        }
        TermKind::Call(Callee::Named(name), arguments) => format!("(call {} {})", term(name), terms(arguments)),
        TermKind::Call(Callee::Operator(operator), arguments) => {
            format!("({} {})", operator.name().trim_start_matches("internal."), terms(arguments))
        }
    }
}

fn value(found: &Value) -> String {
    match found {
        Value::Null => "null".to_owned(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("{text:?}"),
        Value::Array(array) => format!("[{}]", array.items().iter().map(value).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => {
            let members = object.members().iter().map(|(key, member)| format!("{}: {}", value(key), value(member)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Set(_) => "a set".to_owned(),
    }
}
