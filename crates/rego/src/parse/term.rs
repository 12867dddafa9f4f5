//! Terms: literals, references, calls, comprehensions, operators.

use std::sync::Arc;

use super::{A_VALUE, Failed, Parsed, Parser};
use crate::ast::{Body, Callee, Operator, Piece, StatementKind, Term, TermKind};
use crate::lex::{Kind, Token, unescape};
use crate::number::Number;
use crate::source::Span;

/// The operators bind by level: `in`, comparisons, `|`, `&`, `+ -`, `* / %`.
const IN: u8 = 1;
pub(super) const COMPARISON: u8 = 2;

impl Parser<'_> {
    /// A term with operators, where `k, v in xs` may stand too.
    pub(super) fn expression(&mut self) -> Parsed<Term> {
        let outer = std::mem::replace(&mut self.deepest, self.depth);
        let first = self.operators(COMPARISON)?;
        let comma = self.at;
        let left = if self.is(Kind::Comma) && self.is_keyword("in") {
            self.next();
            let second = self.operators(COMPARISON)?;
            if self.eat_word("in") {
                self.wrap()?;
                let domain = self.right(COMPARISON)?;
                let span = first.span.to(domain.span);
                let arguments = vec![first, second, domain];
                Term { kind: TermKind::Call(Callee::Operator(Operator::In), arguments), span }
            } else {
                self.at = comma;
                first
            }
        } else {
            first
        };
        let term = self.operators_after(left, IN)?;
        self.deepest = self.deepest.max(outer);
        Ok(term)
    }

    /// A term with operators of at least this level.
    pub(super) fn operators(&mut self, level: u8) -> Parsed<Term> {
        let outer = std::mem::replace(&mut self.deepest, self.depth);
        let first = self.term()?;
        let term = self.operators_after(first, level)?;
        self.deepest = self.deepest.max(outer);
        Ok(term)
    }

    /// The operators after a term, all of which bind to the left.
    fn operators_after(&mut self, mut left: Term, lowest: u8) -> Parsed<Term> {
        while let Some((operator, level)) = self.operator(self.at).filter(|(_, level)| *level >= lowest) {
            self.next();
            self.wrap()?;
            let right = self.right(level + 1)?;
            let span = left.span.to(right.span);
            left = Term { kind: TermKind::Call(Callee::Operator(operator), vec![left, right]), span };
        }
        Ok(left)
    }

    fn right(&mut self, level: u8) -> Parsed<Term> {
        self.enter()?;
        let term = if level > 6 { self.term()? } else { self.operators(level)? };
        self.leave();
        Ok(term)
    }

    pub(super) fn operator(&self, at: usize) -> Option<(Operator, u8)> {
        Some(match self.token(at).kind {
            Kind::Name if self.word_at(at) == "in" && self.is_keyword("in") && !self.begins_reference(at) => {
                (Operator::In, IN)
            }
            Kind::Equal => (Operator::Equal, COMPARISON),
            Kind::NotEqual => (Operator::NotEqual, COMPARISON),
            Kind::Less => (Operator::Less, COMPARISON),
            Kind::LessOrEqual => (Operator::LessOrEqual, COMPARISON),
            Kind::Greater => (Operator::Greater, COMPARISON),
            Kind::GreaterOrEqual => (Operator::GreaterOrEqual, COMPARISON),
            Kind::Bar => (Operator::Union, 3),
            Kind::Ampersand => (Operator::Intersection, 4),
            Kind::Plus => (Operator::Plus, 5),
            Kind::Minus => (Operator::Minus, 5),
            Kind::Star => (Operator::Multiply, 6),
            Kind::Slash => (Operator::Divide, 6),
            Kind::Percent => (Operator::Remainder, 6),
            _ => return None,
        })
    }

    /// Whether the group that opens here is only the beginning of an expression.
    pub(super) fn goes_on_after_group(&self) -> bool {
        let close = self.peek().pair;
        let next = self.token(close + 1).kind;
        self.begins_reference(close) || self.operator(close + 1).is_some() || matches!(next, Kind::Assign | Kind::Unify)
    }

    /// A term without operators around it.
    pub(super) fn term(&mut self) -> Parsed<Term> {
        let outer = std::mem::replace(&mut self.deepest, self.depth);
        let first = self.peek();
        let kind = match first.kind {
            Kind::Name => self.name()?,
            Kind::Number | Kind::Minus | Kind::Dot => self.number()?,
            Kind::String | Kind::RawString => TermKind::String(self.string()),
            Kind::Template { first: true, .. } => self.template()?,
            Kind::LeftBracket => self.array()?,
            Kind::LeftBrace => self.braces()?,
            Kind::LeftParenthesis => {
                self.next();
                self.enter()?;
                let inner = self.expression()?;
                self.leave();
                self.expect(Kind::RightParenthesis, "`)`")?;
                inner.kind
            }
            _ => return Err(self.unexpected(A_VALUE)),
        };
        let term = self.reference(first, kind)?;
        self.deepest = self.deepest.max(outer);
        Ok(term)
    }

    fn name(&mut self) -> Parsed<TermKind> {
        let word = self.word_at(self.at);
        let next = self.token(self.at + 1);
        let called = next.kind == Kind::LeftParenthesis && !next.space;
        // `and` and `or` are functions as well, and `contains` is a keyword only in heads.
        let name = match word {
            "and" | "or" => called,
            "contains" => true,
            _ => false,
        };
        let kind = match word {
            "_" => TermKind::Wildcard,
            _ if name || !self.is_keyword(word) || self.begins_reference(self.at) => {
                TermKind::Variable(Arc::from(word))
            }
            "null" => TermKind::Null,
            "true" => TermKind::Boolean(true),
            "false" => TermKind::Boolean(false),
            _ => return Err(self.unexpected(A_VALUE)),
        };
        self.next();
        Ok(kind)
    }

    fn number(&mut self) -> Parsed<TermKind> {
        let first = self.peek();
        let mut text = String::new();
        if self.eat(Kind::Minus) {
            text.push('-');
        }
        if self.eat(Kind::Dot) {
            text.push_str("0.");
        }
        if !self.is(Kind::Number) {
            let failed = self.unexpected("a number");
            if let (Kind::Minus, Some(problem)) = (first.kind, self.problems.last_mut()) {
                problem.help = Some("only numbers have a sign: write `0 - x`".to_owned());
            }
            return Err(failed);
        }
        let written = self.next();
        text.push_str(self.written(written));
        match Number::parse(&text) {
            Some(number) => Ok(TermKind::Number(number)),
            None => Err(self.fail(self.since(first), "this number is too large", "write a smaller one")),
        }
    }

    pub(super) fn string(&mut self) -> Arc<str> {
        let token = self.next();
        let written = self.written(token);
        Arc::from(unescape(written.get(1..written.len().saturating_sub(1)).unwrap_or_default(), token.kind))
    }

    fn template(&mut self) -> Parsed<TermKind> {
        let mut pieces = Vec::new();
        loop {
            let token = self.peek();
            let Kind::Template { first, last, .. } = token.kind else {
                return Err(self.unexpected("`}` at the end of a value in a template string"));
            };
            self.next();
            let written = self.written(token);
            let begin = if first { 2 } else { 1 };
            let text = unescape(written.get(begin..written.len().saturating_sub(1)).unwrap_or_default(), token.kind);
            if !text.is_empty() {
                pieces.push(Piece::Text(Arc::from(text)));
            }
            if last {
                return Ok(TermKind::Template(pieces));
            }
            self.enter()?;
            let statement = self.statement()?;
            self.leave();
            match statement.kind {
                StatementKind::Term(term) => pieces.push(Piece::Value(term, statement.with)),
                _ => {
                    let help = "give it a name by a statement before, and write the name here";
                    return Err(self.fail(statement.span, "only a value may stand in a template string", help));
                }
            }
        }
    }

    /// What follows a term without a space: `.name`, `[key]`, `(arguments)`.
    fn reference(&mut self, first: Token, kind: TermKind) -> Parsed<Term> {
        let mut term = Term { kind, span: self.since(first) };
        loop {
            let mut keys = Vec::new();
            while self.touches(Kind::Dot) || self.touches(Kind::LeftBracket) {
                keys.push(self.key()?);
            }
            if !keys.is_empty() {
                self.wrap()?;
                self.can_be_referred_to(&term)?;
                let span = self.since(first);
                let kind = match term.kind {
                    TermKind::Reference(base, mut before) => {
                        before.append(&mut keys);
                        TermKind::Reference(base, before)
                    }
                    kind => TermKind::Reference(Box::new(Term { kind, span: term.span }), keys),
                };
                term = Term { kind, span };
            }
            if !self.touches(Kind::LeftParenthesis) {
                return Ok(term);
            }
            self.wrap()?;
            term = self.call(first, term)?;
            if self.touches(Kind::LeftParenthesis) {
                let help = "only a name can be called";
                return Err(self.fail(self.since(first), "the result of a call cannot be called", help));
            }
        }
    }

    /// `.name` or `[key]`.
    pub(super) fn key(&mut self) -> Parsed<Term> {
        if self.next().kind == Kind::Dot {
            if !self.touches(Kind::Name) {
                let failed = self.unexpected("a name after the dot");
                if let Some(problem) = self.problems.last_mut() {
                    problem.help.get_or_insert("other keys stand in brackets: `x[\"a-b\"]`, `x[0]`".to_owned());
                }
                return Err(failed);
            }
            let token = self.next();
            return Ok(Term { kind: TermKind::String(Arc::from(self.written(token))), span: self.span(token) });
        }
        self.enter()?;
        let term = self.expression()?;
        self.leave();
        self.expect(Kind::RightBracket, "`]`")?;
        Ok(term)
    }

    fn can_be_referred_to(&mut self, term: &Term) -> Parsed<()> {
        let what = match term.kind {
            TermKind::Null | TermKind::Boolean(_) => "a constant",
            TermKind::Number(_) => "a number",
            TermKind::String(_) | TermKind::Template(_) => "a string",
            _ => return Ok(()),
        };
        Err(self.fail(term.span, format!("{what} has no members"), "refer to members of a variable or a collection"))
    }

    fn call(&mut self, first: Token, callee: Term) -> Parsed<Term> {
        let named = match &callee.kind {
            TermKind::Variable(_) => true,
            TermKind::Reference(base, _) => matches!(base.kind, TermKind::Variable(_)),
            _ => false,
        };
        if !named {
            return Err(self.fail(callee.span, "this cannot be called", "only a name can be called"));
        }
        self.next();
        let arguments = self.list(Kind::RightParenthesis)?;
        self.expect(Kind::RightParenthesis, "`,` or `)`")?;
        let kind = match &callee.kind {
            TermKind::Variable(name) if **name == *"set" && arguments.is_empty() => TermKind::Set(Vec::new()),
            _ => TermKind::Call(Callee::Named(Box::new(callee)), arguments),
        };
        Ok(Term { kind, span: self.since(first) })
    }

    /// Terms with commas between them; one may stand after the last.
    pub(super) fn list(&mut self, close: Kind) -> Parsed<Vec<Term>> {
        self.enter()?;
        let mut terms = Vec::new();
        while !self.is(close) {
            terms.push(self.operators(IN)?);
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.leave();
        Ok(terms)
    }

    fn array(&mut self) -> Parsed<TermKind> {
        self.next();
        self.enter()?;
        let leading = self.eat(Kind::Comma);
        let kind = if self.is(Kind::RightBracket) && !leading {
            TermKind::Array(Vec::new())
        } else {
            let head = self.term()?;
            match self.comprehension(Kind::RightBracket, leading)? {
                Some(body) => TermKind::ArrayOf(Box::new(head), body),
                None => TermKind::Array(self.elements(head, Kind::RightBracket)?),
            }
        };
        self.leave();
        self.expect(Kind::RightBracket, "`,` or `]`")?;
        Ok(kind)
    }

    /// An object, a set or a comprehension.
    fn braces(&mut self) -> Parsed<TermKind> {
        self.next();
        self.enter()?;
        let leading = self.eat(Kind::Comma);
        let kind = if self.is(Kind::RightBrace) && !leading {
            TermKind::Object(Vec::new())
        } else {
            let head = self.term()?;
            match self.comprehension(Kind::RightBrace, leading)? {
                Some(body) => TermKind::SetOf(Box::new(head), body),
                None => {
                    let head = self.operators_after(head, IN)?;
                    if self.eat(Kind::Colon) { self.object(head, leading)? } else { self.set(head)? }
                }
            }
        };
        self.leave();
        self.expect(Kind::RightBrace, "`,` or `}`")?;
        Ok(kind)
    }

    fn set(&mut self, head: Term) -> Parsed<TermKind> {
        Ok(TermKind::Set(self.elements(head, Kind::RightBrace)?))
    }

    /// The elements of a list whose first term, perhaps the beginning of an element, is read.
    fn elements(&mut self, head: Term, close: Kind) -> Parsed<Vec<Term>> {
        let mut terms = vec![self.operators_after(head, IN)?];
        while self.eat(Kind::Comma) && !self.is(close) {
            terms.push(self.operators(IN)?);
        }
        Ok(terms)
    }

    /// The rest of an object, after its first key and `:`.
    fn object(&mut self, key: Term, leading: bool) -> Parsed<TermKind> {
        let value = self.term()?;
        if let Some(body) = self.comprehension(Kind::RightBrace, leading)? {
            return Ok(TermKind::ObjectOf(Box::new((key, value)), body));
        }
        let mut members = vec![(key, self.operators_after(value, IN)?)];
        while self.eat(Kind::Comma) && !self.is(Kind::RightBrace) {
            let key = self.operators(IN)?;
            self.expect(Kind::Colon, "`:` after the key of an object")?;
            members.push((key, self.operators(IN)?));
        }
        Ok(TermKind::Object(members))
    }

    /// The body of a comprehension, if one stands here. `[a | b, c]` is none, but the union of `a` and `b`, and `c`.
    fn comprehension(&mut self, close: Kind, leading: bool) -> Parsed<Option<Body>> {
        let bar = self.at;
        if !self.is(Kind::Bar) || leading || self.unions.contains(&bar) {
            return Ok(None);
        }
        self.next();
        let first = self.statement()?;
        if self.is(Kind::Comma) && matches!(first.kind, StatementKind::Term(_)) && first.with.is_empty() {
            self.unions.insert(bar);
            self.at = bar;
            return Ok(None);
        }
        self.statements_after(first, close).map(Some)
    }

    /// A name that is no keyword here.
    pub(super) fn plain_name(&mut self, wanted: &str) -> Parsed<(Arc<str>, Span)> {
        let word = self.word_at(self.at);
        if word.is_empty() || self.is_keyword(word) {
            let failed: Failed = self.unexpected(wanted);
            if let (true, Some(problem)) = (!word.is_empty(), self.problems.last_mut()) {
                problem.help = Some(format!("`{word}` is a keyword: choose another name"));
            }
            return Err(failed);
        }
        let token = self.next();
        Ok((Arc::from(word), self.span(token)))
    }
}
