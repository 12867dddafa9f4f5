//! Binds in a rule's body what its head computes. In Rego, an undefined element, key or value is left out and the
//! others stay. The evaluator loses all of them at such a head, so a denial could vanish. Written as `deny contains h
//! if { …; h := item.name }`, the rule means the same and loses nothing. Line numbers do not change.

use super::scan::{Token, scan};
use crate::error::PolicyError;

const ELEMENT: &str = "countersign_element";
const KEY: &str = "countersign_key";
const VALUE: &str = "countersign_value";

/// A position in the text, the number of bytes to remove there, and what to insert.
type Edit = (usize, usize, String);

/// The module with every such head bound.
pub(super) fn bind(file: &str, text: &str) -> Result<String, PolicyError> {
    let tokens: Vec<Token<'_>> = scan(text).collect();
    let mut edits = Vec::new();
    let mut rest = tokens.as_slice();
    while !rest.is_empty() {
        let (rule, after) = rest.split_at(rule_length(rest));
        rest = after;
        bind_rule(text, rule, &mut edits).map_err(|token| {
            let message = "a key that is computed stands before another: name it in the body, `key := …`".to_owned();
            PolicyError::at(file, token.line, token.column, message)
        })?;
    }
    let mut bound = String::with_capacity(text.len() + 64 * edits.len());
    let mut copied = 0;
    for (at, gone, new) in edits {
        bound.push_str(text.get(copied..at).unwrap_or_default());
        bound.push_str(&new);
        copied = at + gone;
    }
    bound.push_str(text.get(copied..).unwrap_or_default());
    Ok(bound)
}

/// The length up to the next word at the beginning of a line that nothing before it needs.
fn rule_length(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    let mut before = "";
    for (index, token) in tokens.iter().enumerate() {
        let named = tokens.get(index + 1).is_some_and(|next| matches!(next.text, "." | "("));
        let starts = token.new_line && depth == 0 && (begins(token) || named) && !continues(before);
        if starts && index > 0 {
            return index;
        }
        depth = match token.text {
            "[" | "{" | "(" => depth + 1,
            "]" | "}" | ")" => depth.saturating_sub(1),
            _ => depth,
        };
        before = token.text;
    }
    tokens.len()
}

fn begins(token: &Token<'_>) -> bool {
    let word = token.text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    word && !matches!(token.text, "if" | "else" | "contains" | "with" | "as" | "in")
}

/// Whether an expression or a rule cannot end with this token.
fn continues(text: &str) -> bool {
    let word = text.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    match word {
        true => matches!(
            text,
            "if" | "else"
                | "contains"
                | "with"
                | "as"
                | "in"
                | "not"
                | "some"
                | "every"
                | "default"
                | "import"
                | "package"
        ),
        false => !matches!(text, "" | "\"" | "]" | "}" | ")"),
    }
}

/// Every token outside brackets, and the brackets themselves.
fn outside<'t, 'a>(tokens: &'t [Token<'a>]) -> impl Iterator<Item = (usize, &'t Token<'a>)> {
    let mut depth = 0_usize;
    tokens.iter().enumerate().filter(move |(_, token)| {
        let closes = matches!(token.text, "]" | "}" | ")");
        depth = if closes { depth.saturating_sub(1) } else { depth };
        let shown = depth == 0;
        depth += usize::from(matches!(token.text, "[" | "{" | "("));
        shown
    })
}

fn bind_rule<'t, 'a>(text: &str, rule: &'t [Token<'a>], edits: &mut Vec<Edit>) -> Result<(), &'t Token<'a>> {
    // After a dot, a keyword is a name.
    let find = |tokens: &[Token<'_>], words: &[&str]| {
        let is_name = |at: usize| tokens.get(at.wrapping_sub(1)).is_some_and(|before| before.text == ".");
        outside(tokens).skip(1).find(|(at, token)| words.contains(&token.text) && !is_name(*at)).map(|(at, _)| at)
    };
    let Some(body) = find(rule, &["if"]).filter(|_| find(rule, &["else"]).is_none()) else {
        return Ok(());
    };
    let head = rule.get(..body).unwrap_or_default();
    let mut bindings = Vec::new();
    let mut take = |name: &str, expression: &[Token<'_>]| {
        if let [first, .., last] = expression {
            let (from, to) = (first.at, last.at + last.length);
            let lines = text.get(from..to).unwrap_or_default().matches('\n').count();
            edits.push((from, to - from, format!("{name}{}", "\n".repeat(lines))));
            bindings.push(format!("{name} := {}", in_one_line(text, expression)));
        }
    };
    if let Some(contains) = find(head, &["contains"]) {
        take(ELEMENT, head.get(contains + 1..).unwrap_or_default());
    } else {
        let assign = find(head, &[":=", "="]).unwrap_or(head.len());
        let name = head.get(..assign).unwrap_or_default();
        let opens = outside(name).filter(|(_, token)| token.text == "[");
        let mut keys: Vec<_> = opens.map(|(at, _)| key(name, at)).collect();
        let Some(last) = keys.pop() else {
            return Ok(());
        };
        if let Some(computed) = keys.into_iter().find(|key| key.len() > 1).and_then(<[_]>::first) {
            return Err(computed);
        }
        take(KEY, last);
        take(VALUE, head.get(assign + 1..).unwrap_or_default());
    }
    if !bindings.is_empty() {
        close_body(rule, body, &bindings.join("; "), edits);
    }
    Ok(())
}

/// The expression without its comments, with its tokens spaced as they were.
fn in_one_line(text: &str, expression: &[Token<'_>]) -> String {
    let mut line = String::new();
    let mut end = expression.first().map_or(0, |first| first.at);
    for token in expression {
        if token.at > end {
            line.push(' ');
        }
        end = token.at + token.length;
        line.push_str(text.get(token.at..end).unwrap_or_default());
    }
    line
}

/// Adds the bindings to the end of the body, which may have no braces.
fn close_body(rule: &[Token<'_>], body: usize, bindings: &str, edits: &mut Vec<Edit>) {
    let (Some(first), Some(last)) = (rule.get(body + 1), rule.last()) else { return };
    if first.text != "{" {
        edits.push((first.at, 0, "{ ".into()));
        edits.push((last.at + last.length, 0, format!("; {bindings} }}")));
    } else if last.text == "}" {
        let before =
            if last.new_line || rule.iter().rev().nth(1).is_some_and(|before| before.text == ";") { "" } else { "; " };
        edits.push((last.at, 0, format!("{before}{bindings} ")));
    }
}

/// What is in the bracket that opens there.
fn key<'t, 'a>(name: &'t [Token<'a>], open: usize) -> &'t [Token<'a>] {
    let inside = name.get(open + 1..).unwrap_or_default();
    let mut depth = 1_usize;
    let closes = |token: &Token<'_>| {
        match token.text {
            "[" | "{" | "(" => depth += 1,
            "]" | "}" | ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    };
    let close = inside.iter().position(closes).unwrap_or(inside.len());
    inside.get(..close).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]
mod tests {
    use std::path::{Path, PathBuf};

    use regorus::Engine;
    use serde_json::{Value, json};

    use super::{ELEMENT, KEY, VALUE, bind};

    fn bound(rule: &str) -> String {
        let text = bind("a.rego", rule).unwrap();
        [(ELEMENT, "E"), (KEY, "K"), (VALUE, "V")].iter().fold(text, |text, (name, short)| text.replace(name, short))
    }

    #[test]
    fn only_what_is_computed_is_bound_and_lines_stay() {
        for (rule, text) in [
            ("s contains x if { x := 1 }", "s contains x if { x := 1 }"),
            ("s contains \"a\" if input.a", "s contains \"a\" if input.a"),
            ("s contains input.a", "s contains input.a"),
            ("deny if contains(input.a, \"b\")", "deny if contains(input.a, \"b\")"),
            ("f(x) := x.a if x.b", "f(x) := x.a if x.b"),
            ("s contains x.a if { some x in input }", "s contains E if { some x in input ; E := x.a }"),
            (
                "s contains x.a if some x in input # b\nt := 1",
                "s contains E if { some x in input; E := x.a } # b\nt := 1",
            ),
            (
                "o[x.a] := x[b [0]] if {\n\tsome x in input;\n}",
                "o[K] := V if {\n\tsome x in input;\nK := x.a; V := x[b [0]] }",
            ),
            ("o[k] := x.a if k := 1", "o[k] := V if { k := 1; V := x.a }"),
            (
                "s contains {\n\"a\": x.a, # b\n} if {\n\ttrue\n}",
                "s contains E\n\n if {\n\ttrue\nE := { \"a\": x.a, } }",
            ),
        ] {
            assert_eq!(bound(rule), text);
        }
        assert!(bind("a.rego", "o[x.a][x.b] := 1 if some x in input").is_err());
    }

    fn evaluate(modules: &[String], case: &Value) -> Option<Value> {
        let mut engine = Engine::new();
        engine.set_strict_builtin_errors(true);
        for (index, module) in modules.iter().enumerate() {
            engine.add_policy(format!("{index}.rego"), module.clone()).ok()?;
        }
        if case["data"].is_object() {
            engine.add_data(regorus::Value::from_json_str(&case["data"].to_string()).ok()?).ok()?;
        }
        if !case["input"].is_null() {
            engine.set_input(regorus::Value::from_json_str(&case["input"].to_string()).ok()?);
        }
        let path = case["query"].as_str()?.strip_suffix(" = x")?;
        let value = engine.eval_rule(path.to_owned()).ok()?;
        Some(serde_json::to_value(value).unwrap_or_default())
    }

    /// The text is unchanged, or is what the suite expects.
    #[test]
    fn the_published_suite_loses_nothing() {
        let base = std::env::var_os("COUNTERSIGN_DATA")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
        let (mut tried, mut changed) = (0, Vec::new());
        let folder = base.join("rego/opa-testdata/v1");
        if !folder.is_dir() {
            // Not `eprintln!`, which the test runner swallows if the test passes.
            let notice = b"\n*** skipped: no data (rego); set COUNTERSIGN_DATA to the folder that holds it ***\n";
            return std::io::Write::write_all(&mut std::io::stderr(), notice).unwrap();
        }
        for file in std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        {
            let suite: Value = serde_json::from_str(&std::fs::read_to_string(file.unwrap().path()).unwrap()).unwrap();
            for case in suite["cases"].as_array().into_iter().flatten() {
                let modules: Vec<String> = case["modules"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|text| text.as_str().unwrap().to_owned())
                    .collect();
                let Ok(bound) = modules.iter().map(|text| bind("a.rego", text)).collect::<Result<Vec<_>, _>>() else {
                    continue;
                };
                if bound == modules {
                    continue;
                }
                tried += 1;
                let (before, after) = (evaluate(&modules, case), evaluate(&bound, case));
                if before != after {
                    changed.push(format!(
                        "{}: {before:?} -> {after:?}, wanted {}",
                        case["note"],
                        json!(case["want_result"])
                    ));
                }
            }
        }
        assert!(tried > 30, "only {tried} cases have such heads");
        assert!(changed.is_empty(), "{}", changed.join("\n"));
    }
}
