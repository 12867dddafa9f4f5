//! Programs made by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;

use countersign_rego::budget::{Budget, Limits};
use countersign_rego::builtins::standard;
use countersign_rego::json;
use countersign_rego::machine::{Machine, Settings};
use countersign_rego::plan::Program;
use countersign_rego::resolved::*;
use countersign_rego::value::Value;

fn value(text: &str) -> Value {
    json::read(text, &mut Budget::new(Limits::default())).unwrap()
}
fn e(kind: ExprKind) -> Expr {
    Expr { kind, span: Default::default() }
}
fn c(text: &str) -> Expr {
    e(ExprKind::Constant(value(text)))
}
fn l(n: u32) -> Expr {
    e(ExprKind::Local(n))
}
fn input(keys: Vec<Expr>) -> Expr {
    e(ExprKind::Reference(Box::new(e(ExprKind::Input)), keys))
}
fn data(keys: Vec<Expr>) -> Expr {
    e(ExprKind::Reference(Box::new(e(ExprKind::Data)), keys))
}
fn arr(items: Vec<Expr>) -> Expr {
    e(ExprKind::Array(items))
}
fn eq(a: Expr, b: Expr) -> Statement {
    s(StatementKind::Unify(a, b))
}
fn s(kind: StatementKind) -> Statement {
    Statement { kind, span: Default::default() }
}
fn rule(path: &str, keys: Vec<Expr>, kind: RuleKind, locals: usize, branches: Vec<(Block, Expr)>) -> Rule {
    Rule {
        path: path.split('.').map(Arc::from).collect(),
        keys,
        kind,
        default: false,
        branches: branches.into_iter().map(|(body, value)| Branch { body, value, span: Default::default() }).collect(),
        locals: (0..locals).map(|n| Arc::from(format!("v{n}"))).collect(),
        span: Default::default(),
        head: Default::default(),
    }
}
fn resolved(rules: Vec<Rule>) -> Resolved {
    let mut all = Resolved::default();
    for (n, rule) in rules.into_iter().enumerate() {
        let mut at = &mut all.root;
        for name in &rule.path {
            at = at.below.entry(Arc::clone(name)).or_default();
        }
        at.rules.push(n);
        all.rules.push(rule);
    }
    all
}
fn run(rules: Vec<Rule>, input: &str) -> String {
    let program = Program::new(&resolved(rules), &standard());
    let mut machine = Machine::new(Arc::new(program), Settings::default());
    machine.set_input(Some(value(input))).unwrap();
    match machine.rule(&["t"]) {
        Ok(Some(value)) => json::write(&value),
        Ok(None) => "undefined".into(),
        Err(failure) => format!("{} {}", failure.code.name(), failure.message),
    }
}

#[test]
fn runs() {
    // p contains [k, v.a] if { some k, v in input.xs }
    let p = rule(
        "t.p",
        vec![],
        RuleKind::Set,
        3,
        vec![(
            vec![
                s(StatementKind::Each { key: Some(l(0)), value: l(1), domain: input(vec![c("\"xs\"")]) }),
                eq(l(2), e(ExprKind::Reference(Box::new(l(1)), vec![c("\"a\"")]))),
            ],
            arr(vec![l(0), l(2)]),
        )],
    );
    // q[i] := x if data.t.p[[i, x]]
    let q = rule(
        "t.q",
        vec![l(0)],
        RuleKind::Value,
        2,
        vec![(vec![s(StatementKind::Test(data(vec![c("\"t\""), c("\"p\""), arr(vec![l(0), l(1)])])))], l(1))],
    );
    // r := [x | x := data.t.q[_]; x > 1] if not input.no
    let r = rule(
        "t.r",
        vec![],
        RuleKind::Value,
        2,
        vec![(
            vec![s(StatementKind::Not(vec![s(StatementKind::Test(input(vec![c("\"no\"")])))]))],
            e(ExprKind::ArrayOf(
                Box::new(l(0)),
                vec![
                    eq(l(0), data(vec![c("\"t\""), c("\"q\""), l(1)])),
                    s(StatementKind::Test(e(ExprKind::Call(Function::Builtin("gt".into()), vec![l(0), c("1")])))),
                ],
            )),
        )],
    );
    // f(0) := 1; f([x, y]) := x if x == y; s := [f(0), f([2, 2])]; w := r with input as ...
    let f1 = rule("t.f", vec![], RuleKind::Function(vec![c("0")]), 0, vec![(vec![], c("1"))]);
    let f2 = rule(
        "t.f",
        vec![],
        RuleKind::Function(vec![arr(vec![l(0), l(1)])]),
        2,
        vec![(
            vec![s(StatementKind::Test(e(ExprKind::Call(Function::Builtin("equal".into()), vec![l(0), l(1)]))))],
            l(0),
        )],
    );
    let call = |arg| e(ExprKind::Call(Function::Rule(vec!["t".into(), "f".into()]), vec![arg]));
    let sr = rule("t.s", vec![], RuleKind::Value, 0, vec![(vec![], arr(vec![call(c("0")), call(c("[2, 2]"))]))]);
    let w = rule(
        "t.w",
        vec![],
        RuleKind::Value,
        1,
        vec![(
            vec![s(StatementKind::With(
                vec![With {
                    target: Target::Input(vec![value("\"xs\"")]),
                    value: StandIn::Value(c(r#"[{"a": 7}]"#)),
                    span: Default::default(),
                }],
                vec![eq(l(0), data(vec![c("\"t\""), c("\"r\"")]))],
            ))],
            l(0),
        )],
    );
    // every x in input.xs { x.a > 0 } ; else
    let ev = |least: &str| {
        vec![s(StatementKind::Every {
            key: None,
            value: l(0),
            domain: input(vec![c("\"xs\"")]),
            block: vec![s(StatementKind::Test(e(ExprKind::Call(
                Function::Builtin("gt".into()),
                vec![e(ExprKind::Reference(Box::new(l(0)), vec![c("\"a\"")])), c(least)],
            ))))],
        })]
    };
    let v = rule("t.v", vec![], RuleKind::Value, 1, vec![(ev("2"), c("\"big\"")), (ev("0"), c("\"small\""))]);
    // data walk by name: d[k] := data.t[k] is recursive; n contains k if data.u[k][_] ...
    let u1 = rule("u.a.x", vec![], RuleKind::Value, 0, vec![(vec![], c("1"))]);
    let u2 = rule("u.b.y", vec![], RuleKind::Value, 0, vec![(vec![], c("2"))]);
    let u3 = rule("u.b.z", vec![], RuleKind::Value, 0, vec![(vec![s(StatementKind::Test(c("false")))], c("2"))]);
    let n = rule(
        "t.n",
        vec![],
        RuleKind::Set,
        3,
        vec![(vec![eq(l(2), data(vec![c("\"u\""), l(0), l(1)]))], arr(vec![l(0), l(1), l(2)]))],
    );
    let rules = vec![p, q, r, f1, f2, sr, w, v, u1, u2, u3, n];
    assert_eq!(
        run(rules.clone(), r#"{"xs": [{"a": 1}, {"a": 2}, {"b": 3}, {"a": 4}]}"#),
        r#"{"n":[["a","x",1],["b","y",2]],"p":[[0,1],[1,2],[3,4]],"q":{"0":1,"1":2,"3":4},"r":[2,4],"s":[1,2],"w":[7]}"#
    );
    assert_eq!(
        run(rules, r#"{"no": 1, "xs": [{"a": 1}]}"#),
        r#"{"n":[["a","x",1],["b","y",2]],"p":[[0,1]],"q":{"0":1},"s":[1,2],"v":"small"}"#
    );
}
