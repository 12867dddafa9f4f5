//! Every statement and term of a module that can be read by itself.

use countersign_rego::ast::*;
use countersign_rego::source::Span;

use crate::show;

pub fn of(module: &Module) -> Vec<(Span, String)> {
    let mut parts = Parts { found: Vec::new() };
    for rule in &module.rules {
        parts.terms(rule.head.parameters.as_deref().unwrap_or_default());
        parts.terms(rule.head.contains.as_slice());
        parts.terms(rule.head.value.as_slice());
        parts.body(&rule.body);
        for branch in &rule.otherwise {
            parts.terms(branch.value.as_slice());
            parts.body(&branch.body);
        }
    }
    parts.found
}

struct Parts {
    found: Vec<(Span, String)>,
}

impl Parts {
    fn body(&mut self, body: &Body) {
        for statement in body {
            self.found.push((statement.span, format!("  {}\n", show::statement(statement))));
            for with in &statement.with {
                self.terms(std::slice::from_ref(&with.value));
            }
            match &statement.kind {
                StatementKind::Term(term) => self.term(term),
                StatementKind::Unify(left, right) | StatementKind::Assign(left, right) => {
                    self.term(left);
                    self.term(right);
                }
                StatementKind::Some(_) => {}
                StatementKind::SomeIn { key, value, domain } => {
                    self.terms(key.as_slice());
                    self.term(value);
                    self.term(domain);
                }
                StatementKind::Every { domain, body, .. } => {
                    self.term(domain);
                    self.body(body);
                }
                StatementKind::Not(operand) => self.body(&operand.body),
                StatementKind::Or(operands) | StatementKind::And(operands) => {
                    operands.iter().for_each(|operand| self.body(&operand.body));
                }
            }
        }
    }

    fn terms(&mut self, terms: &[Term]) {
        terms.iter().for_each(|term| self.term(term));
    }

    fn term(&mut self, term: &Term) {
        // A key after a dot is a string without quotes; a keyword is a name only where a reference begins with it.
        if !matches!(term.kind, TermKind::String(_) | TermKind::Variable(_)) {
            self.found.push((term.span, format!("  {}\n", show::term(term))));
        }
        match &term.kind {
            TermKind::Reference(base, keys) => {
                self.term(base);
                self.terms(keys);
            }
            TermKind::Array(terms) | TermKind::Set(terms) | TermKind::Call(_, terms) => self.terms(terms),
            TermKind::Object(members) => members.iter().for_each(|(key, value)| {
                self.term(key);
                self.term(value);
            }),
            TermKind::ArrayOf(item, body) | TermKind::SetOf(item, body) => {
                self.term(item);
                self.body(body);
            }
            TermKind::ObjectOf(member, body) => {
                self.term(&member.0);
                self.term(&member.1);
                self.body(body);
            }
            TermKind::Template(pieces) => pieces.iter().for_each(|piece| {
                if let Piece::Value(term, _) = piece {
                    self.term(term);
                }
            }),
            _ => {}
        }
    }
}
