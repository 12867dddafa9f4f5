//! Findings about rules that judged nothing, and conftest's exceptions.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::expect_used, missing_docs)]

use countersign::policy::{Pack, PolicyLimits};
use serde_json::{Value, json};

use crate::policy::NOW;

fn pack(text: &str) -> Pack {
    Pack::load(&crate::policy::one(&format!("package p\n\n{text}\n")), &PolicyLimits::default()).unwrap()
}

/// `code rule: message` of all findings that are not of policies.
fn lints(text: &str, documents: &Value, data: Value) -> Vec<String> {
    let report = pack(text).check(documents.as_array().unwrap().clone(), data, Value::Null, NOW).unwrap();
    let lint = |one: &countersign::policy::PackFinding| {
        let help = one.help.as_deref().unwrap_or_default();
        format!("{} {}: {} | {help}", one.code, one.rule, one.message)
    };
    let of_policies = |code: &str| code.starts_with("policy-");
    report.findings.iter().filter(|one| !of_policies(&one.code.to_string())).map(lint).collect()
}

fn pods() -> Value {
    json!([{ "kind": "Pod", "spec": { "x": 1 } }, { "kind": "ConfigMap", "data": {} }])
}

#[track_caller]
fn gives(text: &str, wanted: &[&str]) {
    let got = lints(text, &pods(), json!({ "team": { "names": ["a"] }, "flat": 1 }));
    assert_eq!(got.len(), wanted.len(), "{text}\n{got:#?}");
    for (got, wanted) in got.iter().zip(wanted) {
        assert!(got.starts_with(wanted), "{text}\n{got}");
    }
}

#[test]
fn a_rule_that_asks_for_what_no_document_has_is_seen() {
    const NOTHING: &[&str] = &[];
    for (line, body, root) in [
        (4, "input.review.object.spec.hostPID", "review"),
        (4, "object := input.review.object\n\tobject.spec.x == 1", "review"),
        (4, "some x in input.request.objects\n\tx.y", "request"),
        (4, "input[\"contents\"][_].kind == \"Pod\"", "contents"),
        (4, "startswith(input.kindd, \"P\")", "kindd"),
        (4, "every x in input.items { x == 1 }", "items"),
        (4, "input.kindd == \"Pod\"\n\tinput.spec.x == 1", "kindd"),
        (4, "count(input.items) > 1", "items"),
        (5, "not input.kind == \"Service\"\n\tinput.items", "items"),
    ] {
        let wanted =
            format!("rule-unmet p.deny: no document has `{root}`, so `p.deny` judged nothing at policy.rego:{line} ");
        gives(&format!("deny contains \"x\" if {{\n\t{body}\n}}"), &[&wanted]);
    }
    for body in [
        // A document has it, or the rule stops before.
        "input.spec.y == 1",
        "input.data.y == 1",
        "input.kind == \"Pod\"\n\tinput.items == 1",
        // It may do without.
        "not input.items\n\tfalse",
        "count([x | some x in input.items]) > 1",
        "object.get(input, \"items\", 0) == 1",
        "input.items == 1 with input as {\"items\": 2}",
    ] {
        gives(&format!("deny contains \"x\" if {{\n\t{body}\n}}"), NOTHING);
    }
}

#[test]
fn helpers_are_followed() {
    let unmet = |line: usize| {
        format!("rule-unmet p.deny: no document has `kindd`, so `p.deny` judged nothing at policy.rego:{line} ")
    };
    for helper in [
        "is_pod if input.kindd == \"Pod\"",
        "is_pod if within\n\nwithin if {\n\tsome x in input.kindd\n\tx == \"P\"\n}",
        "is_pod if input.kindd == \"Pod\"\n\nis_pod if startswith(input.kindd, \"x\")",
        "is_pod if of_kind(\"Pod\")\n\nof_kind(wanted) if input.kindd == wanted",
    ] {
        gives(&format!("deny contains \"x\" if is_pod\n\n{helper}"), &[&unmet(3)]);
    }
    gives("deny contains \"x\" if of_kind(\"Pod\")\n\nof_kind(wanted) if input.kindd == wanted", &[&unmet(3)]);
    // A body of the helper stops at something else.
    gives("deny contains \"x\" if is_pod\n\nis_pod if input.kindd == \"Pod\"\n\nis_pod if input.kind == \"Node\"", &[]);
}

#[test]
fn a_not_that_always_holds_is_seen() {
    for (inside, whole, meant) in [
        ("input.kindd == \"Pod\"", "kindd", "kind"),
        ("input.spce.x == 1", "spce", "spec"),
        ("input.spec.names1.a", "spec.names1", "names"),
    ] {
        let documents = json!([{ "kind": "Pod", "spec": { "x": 1, "names": [] } }, { "kind": "ConfigMap" }]);
        let got =
            lints(&format!("deny contains \"x\" if {{\n\tinput.kind\n\tnot {inside}\n}}"), &documents, Value::Null);
        let wanted = format!(
            "rule-not p.deny: no document has `{whole}`, so `not {inside}` at policy.rego:5 always holds | did you mean `{meant}`?"
        );
        assert_eq!(got, [wanted]);
    }
    gives("deny contains \"x\" if {\n\tinput.kind\n\tnot input.spec.owner\n}", &[]);
}

#[test]
fn bodies_count_for_themselves() {
    let text = "deny contains \"a\" if input.kind == \"Pod\"\n\ndeny contains \"b\" if input.review.x\n\n\
                deny contains \"c\" if input.review.y";
    gives(
        text,
        &["rule-unmet p.deny: no document has `review`, so `p.deny` judged nothing at policy.rego:5, policy.rego:7 "],
    );
}

#[test]
fn no_document_and_a_rule_about_the_set_are_no_reason() {
    assert_eq!(lints("deny contains \"x\" if input.items", &json!([]), Value::Null), Vec::<String>::new());
    let about_set = "# METADATA\n# custom:\n#   subject: set\ndeny contains \"x\" if input.items";
    gives(about_set, &[]);
}

#[test]
fn the_work_is_bounded() {
    let bodies: String = (0..200).map(|number| format!("deny contains \"{number}\" if input.a{number}\n\n")).collect();
    let many: Vec<Value> = (0..500).map(|number| json!({ "kind": "Pod", "name": number })).collect();
    assert_eq!(lints(&bodies, &Value::Array(many), Value::Null).len(), 50);
}

#[test]
fn data_that_nothing_provides_is_seen() {
    let deny = |body: &str| format!("deny contains \"x\" if {{\n\t{body}\n\tinput.spec.z\n}}");
    for (body, path, help) in [
        ("data.lib.k8s.pods[_].name == input.name", "lib", "give it as data, or add the module that defines it"),
        ("data.teem.names[_] == 1", "teem", "did you mean `team`?"),
        ("data.team.nmes[_] == 1", "team.nmes", "did you mean `names`?"),
        ("some x in data.lib.names\n\tx == 1", "lib", "give it"),
    ] {
        let wanted = format!(
            "rule-data-missing p.deny: nothing provides `data.{path}`, which `p.deny` reads at policy.rego:4 | {help}"
        );
        gives(&deny(body), &[&wanted]);
    }
    for body in [
        "data.team.names[_] == 1",
        "data.flat == 1",
        "data.flat.x == 1",
        "data.params.any.thing == 1",
        "data.documents[_].x == 1",
        "data.now > 1",
    ] {
        gives(&deny(body), &[]);
    }
    gives("default most := 3\n\nmost := data.lib.most\n\ndeny contains \"x\" if input.spec.x > most", &[]);
}

#[test]
fn a_name_that_nearly_judges_is_seen() {
    let beside = "deny contains \"x\" if input.spec.z\n\n";
    for (name, meant) in [
        ("denny", "deny"),
        ("Deny", "deny"),
        ("denies", "deny"),
        ("dney_root", "deny"),
        ("denyRoot", "deny"),
        ("violations", "violation"),
        ("violaton", "violation"),
        ("warnings", "warn"),
        ("Warn", "warn"),
    ] {
        let wanted = format!("rule-name p.{name}: `p.{name}` at policy.rego:5 judges nothing: ");
        let text = format!("{beside}{name} contains \"x\" if input.spec.x");
        gives(&text, &[&wanted]);
        let help = lints(&text, &pods(), Value::Null).remove(0);
        assert!(help.ends_with(&format!("did you mean `{meant}`?")), "{help}");
    }
    for other in [
        "deny_root contains \"x\" if input.spec.y",
        "allow if input.spec.x",
        "denied(x) if x == 1",
        "warnings contains \"x\" if input.spec.x\n\nwarn contains x if some x in warnings",
        "warnings contains \"x\" if input.spec.x\n\nwarn contains x if some x in data.p.warnings",
        "warnings contains \"x\" if input.spec.x\n\nwarn contains \"x\" if count([x | some x in data.p[\"warnings\"]]) > 1",
        "any contains \"x\" if input.spec.x",
    ] {
        gives(&format!("{beside}{other}"), &[]);
    }
}

#[test]
fn a_not_of_what_is_undefined_is_seen() {
    for (body, not, inner) in [
        ("not startswith(input.spec.name, \"x\")", "not startswith(input.spec.name, \"x\")", "input.spec.name"),
        (
            "input.kind == \"Pod\"\n\tnot input.spec.names[input.spec.first]",
            "not input.spec.names[input.spec.first]",
            "input.spec.first",
        ),
    ] {
        let line = 3 + body.lines().count();
        let wanted = format!(
            "rule-not p.deny: `p.deny` stops at `{not}`, policy.rego:{line}, where `{inner}` is undefined: there it does not hold"
        );
        gives(&format!("deny contains \"x\" if {{\n\t{body}\n}}"), &[&wanted]);
    }
    gives(
        "deny contains \"x\" if alone\n\nalone if not startswith(input.spec.name, \"x\")",
        &["rule-not p.alone: `p.alone` stops at "],
    );
    for text in [
        // It never comes there, or all in it has a value.
        "deny contains \"x\" if {\n\tinput.spec.y\n\tnot startswith(input.spec.name, \"x\")\n}",
        "deny contains \"x\" if {\n\tinput.spec.x == 2\n\tnot startswith(input.kind, \"x\")\n}",
        "deny contains \"x\" if {\n\tinput.spec.x == 1\n\tnot input.spec.names.a.b\n\tfalse\n}",
        // The import gives it the other meaning.
        "import future.keywords.not\n\ndeny contains \"x\" if {\n\tfalse\n\tnot startswith(input.spec.name, \"x\")\n}",
        // It is only asked where it has a value.
        "deny contains \"x\" if other with input.spec.name as \"x\"\n\nother if not startswith(input.spec.name, \"x\")",
    ] {
        gives(text, &[]);
    }
}

/// A template of Gatekeeper is asked why, followed, and listed, by the kind of its constraints.
#[test]
fn a_template_is_known_by_its_kind() {
    let rego = "package need\n\nviolation[{\"msg\": msg}] {\n\tinput.review.object.spec.x == input.parameters.x\n\tmsg := \"bad\"\n}\n";
    let template = json!({
        "kind": "ConstraintTemplate",
        "metadata": { "name": "needx", "annotations": { "metadata.gatekeeper.sh/title": "Need X", "description": "why" } },
        "spec": { "crd": { "spec": { "names": { "kind": "NeedX" } } }, "targets": [{ "rego": rego }] },
    });
    let constraint = |name: &str, x: i64| {
        let matches = json!({ "kinds": [{ "apiGroups": [""], "kinds": ["Pod"] }] });
        json!({ "kind": "NeedX", "metadata": { "name": name }, "spec": { "match": matches, "parameters": { "x": x } } })
    };
    let templates = json!([template, constraint("one", 1), constraint("two", 2)]);
    let pack = Pack::from_json(&json!({ "files": {}, "templates": templates }).to_string()).unwrap();
    let facts = serde_json::to_value(pack.rules()).unwrap();
    assert_eq!(
        [&facts[0]["path"], &facts[0]["line"], &facts[0]["severity"]],
        [&json!("NeedX"), &json!(3), &json!("error")]
    );
    let annotation = json!({ "id": "need-x", "title": "Need X", "description": "why", "file": "NeedX.rego", "line": 3, "column": 1 });
    assert_eq!(facts[0]["annotations"], json!([annotation]));
    let asked = |rule: &str, document: usize| {
        let documents = json!([{ "apiVersion": "v1", "kind": "Service" }, { "apiVersion": "v1", "kind": "Pod", "spec": { "x": 1 } }]);
        json!({ "rule": rule, "document": document, "documents": documents, "now": NOW }).to_string()
    };
    for name in ["NeedX", "policy-need-x"] {
        let why = pack.why_json(&asked(name, 0)).unwrap();
        assert_eq!((why.rule.as_str(), why.documents, why.holds), ("NeedX", 2, 1), "{name}");
        assert_eq!(why.stops[0].text, "input.review.object.spec.x == input.parameters.x");
        assert_eq!(pack.trace_json(&asked(name, 1)).unwrap().value.as_deref(), Some("[{\"msg\":\"bad\"}]"));
        assert!(pack.trace_json(&asked(name, 0)).unwrap_err().message.contains("`NeedX` is not about it"));
    }
    assert_eq!(pack.why_json(&asked("NeedY", 0)).unwrap_err().help.as_deref(), Some("did you mean `NeedX`?"));
    // What a check reaches of it: the other document is not one that its constraints are about.
    let covered = |documents: serde_json::Value| {
        let asked = json!({ "documents": documents, "now": NOW }).to_string();
        serde_json::to_value(pack.coverage_json(&asked).unwrap()).unwrap()
    };
    let pod = |x: i64| json!({ "apiVersion": "v1", "kind": "Pod", "spec": { "x": x } });
    let reached = covered(json!([pod(1)]));
    assert_eq!((&reached["percent"], &reached["files"][0]["file"]), (&json!(100.0), &json!("NeedX.rego")), "{reached}");
    let reached = covered(json!([pod(3)]));
    assert_eq!(reached["files"][0]["notCovered"], json!([[5, 5]]), "{reached}");
    let reached = covered(json!([{ "apiVersion": "v1", "kind": "Service" }]));
    assert_eq!((&reached["percent"], &reached["files"][0]["covered"]), (&json!(0.0), &json!([])), "{reached}");
}

/// `rule severity message` on a document that is excepted, and on another.
fn excepted(exception: &str, name: &str) -> Vec<String> {
    let text = format!("{name} contains \"x\" if input.kind == \"Pod\"\n\n{exception}");
    let documents = vec![json!({ "kind": "Pod", "name": "a" }), json!({ "kind": "Pod", "name": "b" })];
    let report = pack(&text).check(documents, Value::Null, Value::Null, NOW).unwrap();
    report.findings.iter().map(|one| format!("{} {:?} {}", one.rule, one.severity, one.message)).collect()
}

#[test]
fn an_exception_makes_findings_of_a_document_notes() {
    let of = |rules: &str| format!("exception contains rules if {{\n\tinput.name == \"a\"\n\trules := {rules}\n}}");
    for (rules, name, holds) in [
        ("[\"root\"]", "deny_root", true),
        ("[\"root\"]", "violation_root", true),
        ("[\"x\", \"root\"]", "deny_root", true),
        ("[\"run_as_root\"]", "deny_run_as_root", true),
        ("[\"\"]", "deny", true),
        ("[\"\"]", "deny_root", false),
        ("[\"deny\"]", "deny", false),
        ("[\"deny_root\"]", "deny_root", false),
        ("[\"roo\"]", "deny_root", false),
        ("\"root\"", "deny_root", false),
    ] {
        let first = if holds { "Info excepted: x" } else { "Error x" };
        let wanted = [format!("p.{name} {first}"), format!("p.{name} Error x")];
        assert_eq!(excepted(&of(rules), name), wanted, "{rules} {name}");
    }
    assert_eq!(excepted(&of("[\"root\"]"), "warn_root"), ["p.warn_root Info excepted: x", "p.warn_root Warning x"]);
}

#[test]
fn what_is_excepted_says_by_which_exception() {
    let text =
        "exception contains [\"root\"] if input.name == \"a\"\n\ndeny_root contains \"x\" if input.kind == \"Pod\"";
    let documents = vec![json!({ "kind": "Pod", "name": "a" })];
    let report = pack(text).check(documents, Value::Null, Value::Null, NOW).unwrap();
    let help = report.findings[0].help.as_deref();
    assert_eq!(help, Some("`p.exception` at policy.rego:3 names `root` for this document"));
}

#[test]
fn an_exception_that_fails_excepts_nothing_and_is_seen() {
    let failing = "exception contains rules if {\n\tinput.name == \"a\"\n\trules := [numbers.range(1, 1000000000)]\n}";
    let found = excepted(failing, "deny_root");
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().any(|one| one.starts_with("p.exception Error the rule `p.exception` ")), "{found:#?}");
    assert_eq!(found.iter().filter(|one| *one == "p.deny_root Error x").count(), 2, "{found:#?}");
}

#[test]
fn modules_in_v0_are_named() {
    let files = json!({ "a.rego": "package a\n\ndeny[\"x\"] { input.x }", "b.rego": "package b\n\nwarn contains \"y\" if input.y" });
    let modules = |source: Value| {
        let pack = Pack::from_json(&source.to_string()).unwrap();
        let report = pack.check_json(&json!({ "documents": [{ "x": 1 }], "now": NOW }).to_string()).unwrap();
        serde_json::to_value(report).unwrap().get("modules").cloned()
    };
    assert_eq!(modules(json!({ "files": files })), Some(json!([{ "file": "a.rego", "version": "v0" }])));
    assert_eq!(modules(json!({ "files": { "b.rego": files["b.rego"] } })), None);
}
