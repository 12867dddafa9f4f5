//! Rules: heads, bodies, `else`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{CONTAINS_IS_MISSING, Failed, IF_IS_MISSING, Parsed, Parser};
use crate::ast::{Body, Else, Head, Name, Piece, Rule, Term, TermKind, Version};
use crate::lex::{Kind, shorten};
use crate::problem::{Problem, ProblemCode};
use crate::source::Span;

impl Parser<'_> {
    /// A rule; each body that is chained to it is a rule of its own.
    pub(super) fn rule(&mut self, rules: &mut Vec<Rule>) -> Parsed<()> {
        let first = self.peek();
        let default = self.eat_word("default");
        let mut head = self.head()?;
        if default {
            self.default(&head)?;
            rules.push(Rule { default, head, body: Vec::new(), otherwise: Vec::new(), span: self.since(first) });
            return Ok(());
        }
        let has_if = self.is_word("if");
        if !has_if && head.contains.is_none() && head.parameters.is_none() && head.value.is_none() {
            self.old_set(&mut head);
        }
        let body = if has_if {
            self.next();
            self.body_after_if()?
        } else if self.is(Kind::LeftBrace) {
            self.if_is_missing();
            self.body()?
        } else {
            self.bodiless(&head)?;
            rules.push(Rule { default, head, body: Vec::new(), otherwise: Vec::new(), span: self.since(first) });
            return Ok(());
        };
        let mut otherwise = Vec::new();
        while self.is_word("else") {
            if otherwise.is_empty() {
                self.may_have_else(&head)?;
            }
            otherwise.push(self.otherwise()?);
        }
        rules.push(Rule { default, head: head.clone(), body, otherwise, span: self.since(first) });
        self.chained(rules, &head)
    }

    /// More bodies, each with the head of the first.
    fn chained(&mut self, rules: &mut Vec<Rule>, head: &Head) -> Parsed<()> {
        let mut copied = 0;
        while self.is(Kind::LeftBrace) {
            let first = self.peek();
            if rules.last().is_some_and(|rule| !rule.otherwise.is_empty()) {
                return Err(self.unexpected("`else`, or a new rule"));
            }
            copied += self.written_at(head.span).len();
            if copied > self.limits.bytes {
                let message = format!("the heads of chained bodies have more than {} bytes in all", self.limits.bytes);
                let problem = Problem::new(ProblemCode::Limit("policy-bytes"), self.span(first), message);
                self.problems.push(problem.help("write the value of the head as a rule of its own"));
                return Err(Failed);
            }
            let body = self.body()?;
            let span = self.since(first);
            rules.push(Rule { default: false, head: head.clone(), body, otherwise: Vec::new(), span });
        }
        Ok(())
    }

    fn head(&mut self) -> Parsed<Head> {
        let first = self.peek();
        let word = self.word_at(self.at);
        if word.is_empty() {
            return Err(self.unexpected("a rule"));
        }
        if self.is_keyword(word) && !self.begins_reference(self.at) {
            let help = "choose another name, or begin a reference with it: `x.y`";
            return Err(self.fail(
                self.span(first),
                format!("a rule cannot be named `{word}`, which is a keyword"),
                help,
            ));
        }
        self.next();
        let name = Name { text: Arc::from(word), span: self.span(first) };
        let mut head =
            Head { name, keys: Vec::new(), parameters: None, contains: None, value: None, span: self.span(first) };
        // Only before the first a space may stand.
        while head.keys.is_empty() || !self.peek().space {
            match self.peek().kind {
                Kind::Dot | Kind::LeftBracket => head.keys.push(self.key()?),
                Kind::LeftParenthesis => {
                    head.parameters = self.parameters()?;
                    break;
                }
                _ => break,
            }
        }
        if self.is_word("contains") {
            if head.parameters.is_some() {
                let help = "give the function a value with `:=`";
                return Err(self.fail(self.span(self.peek()), "a function cannot add to a set", help));
            }
            self.next();
            head.contains = Some(self.expression()?);
        } else if self.eat(Kind::Assign) || self.eat(Kind::Unify) {
            head.value = Some(self.expression()?);
        }
        head.span = self.since(first);
        Ok(head)
    }

    /// The parameters of a function. `f() := x` is a rule that is called `f` and `f()`.
    fn parameters(&mut self) -> Parsed<Option<Vec<Term>>> {
        self.next();
        let parameters = self.list(Kind::RightParenthesis)?;
        self.expect(Kind::RightParenthesis, "`,` or `)`")?;
        Ok(Some(parameters).filter(|parameters| !parameters.is_empty()))
    }

    /// `p[x]` without a value or `if`: version 0 writes rules of a set so.
    fn old_set(&mut self, head: &mut Head) {
        if head.keys.len() > 1 {
            return;
        }
        let Some(key) = head.keys.pop() else { return };
        if self.version == Version::V1 {
            let written = shorten(self.written_at(key.span));
            let dot = self.written_at(head.span).contains(&format!(".{written}"));
            let element = if dot { format!("\"{written}\"") } else { written };
            let help = format!("write `{} contains {element}`", head.name.text);
            self.problem(head.span, CONTAINS_IS_MISSING, help);
        }
        head.contains = Some(key);
    }

    fn if_is_missing(&mut self) {
        if self.version == Version::V1 {
            let help =
                "write `if {`; a module that is written in Rego v0 throughout loads as it is, or with `--rego v0`";
            self.problem(self.span(self.peek()), IF_IS_MISSING, help);
        }
    }

    /// After `if`: statements in braces, or one statement. A set is no statement, so `{ x }` is a body; an object or
    /// a comprehension is one.
    fn body_after_if(&mut self) -> Parsed<Body> {
        if self.is(Kind::LeftBrace) && !self.goes_on_after_group() && !self.is_operand() && !self.is_collection() {
            return self.body();
        }
        Ok(vec![*self.statement()?])
    }

    /// Whether what stands in braces here is an object, or a comprehension of a set or an object.
    fn is_collection(&self) -> bool {
        let close = self.peek().pair;
        let mut at = self.at + 1;
        if at == close {
            return true;
        }
        let mut first = true;
        while at < close {
            let token = self.token(at);
            match token.kind {
                Kind::Colon => return true,
                Kind::Bar if first => return true,
                // The first term goes on.
                Kind::Dot | Kind::LeftBracket | Kind::LeftParenthesis if !token.space => {}
                Kind::Name if self.token(at - 1).kind == Kind::Dot => {}
                _ => first = at == self.at + 1 || (first && self.token(at - 1).kind == Kind::Minus),
            }
            at = self.after(at);
        }
        false
    }

    fn otherwise(&mut self) -> Parsed<Else> {
        let first = self.next();
        let value = match self.eat(Kind::Assign) || self.eat(Kind::Unify) {
            true => Some(self.expression()?),
            false => None,
        };
        let body = if self.eat_word("if") {
            if self.is(Kind::LeftBrace) && !self.is_operand() { self.body()? } else { vec![*self.statement()?] }
        } else if self.is(Kind::LeftBrace) {
            self.if_is_missing();
            self.body()?
        } else if value.is_none() {
            return Err(self.unexpected("a value or a body after `else`"));
        } else {
            Vec::new()
        };
        Ok(Else { value, body, span: self.since(first) })
    }

    fn may_have_else(&mut self, head: &Head) -> Parsed<()> {
        if head.contains.is_some() {
            let help = "write a rule for each element instead";
            return Err(self.fail(self.span(self.peek()), "a rule that adds to a set has no `else`", help));
        }
        if head.keys.iter().any(|key| !is_constant(key)) {
            let help = "write a function, or a rule whose path is constant";
            return Err(self.fail(self.span(self.peek()), "a rule with variables in its head has no `else`", help));
        }
        Ok(())
    }

    /// A rule without a body says something by its head alone.
    fn bodiless(&mut self, head: &Head) -> Parsed<()> {
        let enough = head.value.is_some()
            || head.contains.is_some()
            || head.parameters.is_some()
            || (self.version == Version::V0 && !head.keys.is_empty());
        if enough {
            return Ok(());
        }
        if !self.peek().line {
            return Err(self.unexpected(match self.version {
                Version::V1 => "`:=`, `contains` or `if` after the head of a rule",
                Version::V0 => "`=`, `:=` or a body after the head of a rule",
            }));
        }
        let written = self.written_at(head.span);
        let help = format!("give it a value, `{written} := ...`, or a body, `{written} if {{ ... }}`");
        self.problem(head.span, "a name alone is no rule", help);
        Ok(())
    }

    fn default(&mut self, head: &Head) -> Parsed<()> {
        if self.is(Kind::LeftBrace) || self.is_word("if") {
            let help = "it holds where no other rule of this name does; remove the body";
            return Err(self.fail(self.span(self.peek()), "a default rule has no body", help));
        }
        let Some(value) = &head.value else {
            return Err(self.unexpected("`:=` and the value of the default rule"));
        };
        if let Some(span) = not_constant(value) {
            let help = "only constants and comprehensions stand here";
            return Err(self.fail(span, "the value of a default rule cannot depend on anything", help));
        }
        let parameters = head.parameters.as_deref().unwrap_or_default();
        let mut names = BTreeSet::new();
        for parameter in parameters {
            match &parameter.kind {
                TermKind::Wildcard => {}
                TermKind::Variable(name) if names.insert(name) => {}
                _ => {
                    let message = "the parameters of a default function must be different variables";
                    return Err(self.fail(parameter.span, message, "write `_` for each"));
                }
            }
        }
        Ok(())
    }
}

fn is_constant(term: &Term) -> bool {
    not_constant(term).is_none()
}

/// Where a term depends on something; what stands in comprehensions does not count.
fn not_constant(term: &Term) -> Option<Span> {
    match &term.kind {
        TermKind::Null | TermKind::Boolean(_) | TermKind::Number(_) | TermKind::String(_) => None,
        TermKind::ArrayOf(..) | TermKind::SetOf(..) | TermKind::ObjectOf(..) => None,
        TermKind::Array(terms) | TermKind::Set(terms) => terms.iter().find_map(not_constant),
        TermKind::Object(members) => {
            members.iter().find_map(|(key, value)| not_constant(key).or_else(|| not_constant(value)))
        }
        TermKind::Template(pieces) => pieces.iter().find_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Value(term, _) => not_constant(term),
        }),
        TermKind::Variable(_) | TermKind::Wildcard | TermKind::Reference(..) | TermKind::Call(..) => Some(term.span),
    }
}
