//! Statements, and what they are made of. `not` binds tighter than `and`, that tighter than `or`, that tighter than
//! `with`.

use super::term::COMPARISON;
use super::{Failed, Parsed, Parser};
use crate::ast::{Body, Name, Operand, Statement, StatementKind, Term, TermKind, With};
use crate::lex::{Kind, Token};
use crate::source::Span;

impl Parser<'_> {
    /// Statements up to what closes them, which is not read.
    pub(super) fn statements(&mut self, close: Kind) -> Parsed<Body> {
        if self.is(close) {
            let help = "write a statement; `true` always holds";
            return Err(self.fail(self.span(self.peek()), "an empty body", help));
        }
        let first = self.statement()?;
        self.statements_after(first, close)
    }

    #[allow(clippy::boxed_local, reason = "it keeps the frames of the parser small")]
    pub(super) fn statements_after(&mut self, first: Box<Statement>, close: Kind) -> Parsed<Body> {
        let mut body = vec![*first];
        loop {
            if !self.eat(Kind::Semicolon) {
                if self.is(close) {
                    return Ok(body);
                }
                if !self.peek().line {
                    return Err(self.unexpected("an operator, `;` or a new line"));
                }
            }
            body.push(*self.statement()?);
        }
    }

    /// `{`, statements, `}`.
    pub(super) fn body(&mut self) -> Parsed<Body> {
        self.expect(Kind::LeftBrace, "`{`")?;
        self.enter()?;
        let body = self.statements(Kind::RightBrace)?;
        self.leave();
        self.expect(Kind::RightBrace, "`;`, a new line or `}`")?;
        Ok(body)
    }

    /// One statement: in a box, so that the frames of what reads it stay small.
    pub(super) fn statement(&mut self) -> Parsed<Box<Statement>> {
        let first = self.peek();
        let word = self.word_at(self.at);
        let taken = self.is_word(word) && !["true", "false", "null"].contains(&word);
        if taken && matches!(self.token(self.at + 1).kind, Kind::Assign | Kind::Unify) {
            return Err(self.fail(self.span(first), format!("`{word}` is a keyword"), "choose another name"));
        }
        let mut statement = if self.is_word("some") {
            self.some(first)?
        } else if self.is_word("every") {
            self.every(first)?
        } else {
            self.logical()?
        };
        if self.is_word("with") {
            statement.with.append(&mut self.with()?);
            statement.span = self.since(first);
            if self.is_word("and") || self.is_word("or") {
                let word = self.word_at(self.at);
                let message = format!("`with` cannot stand before `{word}`");
                let help = format!("put it after all of the `{word}`, or the operand in parentheses with it");
                return Err(self.fail(self.span(self.peek()), message, help));
            }
        }
        Ok(statement)
    }

    /// Operands with `and` and `or` between them: a statement without `some`, `every` and `with`.
    fn logical(&mut self) -> Parsed<Box<Statement>> {
        let first = self.peek();
        let mut alternatives: Vec<Operand> = Vec::new();
        let mut together: Vec<Operand> = Vec::new();
        let mut begin = first;
        loop {
            // Braces are a body after such a word, and before it.
            let after = !(alternatives.is_empty() && together.is_empty());
            if let Some(parentheses) = self.braces_within().filter(|_| after || self.is_operand()) {
                together.push(Operand { body: self.body_within(parentheses)?, braces: true });
            } else {
                let statement = self.operand()?;
                if !after && !self.is_word("and") && !self.is_word("or") {
                    return Ok(statement);
                }
                together.push(Operand { body: vec![*statement], braces: false });
            }
            if self.eat_word("and") {
                continue;
            }
            let operands = std::mem::take(&mut together);
            alternatives.push(joined(operands, StatementKind::And, self.since(begin)));
            if !self.eat_word("or") {
                break;
            }
            begin = self.peek();
        }
        let Operand { mut body, .. } = joined(alternatives, StatementKind::Or, self.since(first));
        // There is one: braces stand only beside another operand.
        body.pop().map(Box::new).ok_or(Failed)
    }

    /// Whether the group that stands here is an operand of `and` or `or`, the first.
    pub(super) fn is_operand(&self) -> bool {
        let next = self.peek().pair + 1;
        self.is_word_at(next, "and") || self.is_word_at(next, "or")
    }

    /// How many parentheses stand around the braces that begin here, and around nothing else.
    fn braces_within(&self) -> Option<usize> {
        let mut at = self.at;
        while self.token(at).kind == Kind::LeftParenthesis && self.token(at + 1).pair + 1 == self.token(at).pair {
            at += 1;
        }
        (self.token(at).kind == Kind::LeftBrace).then_some(at - self.at)
    }

    fn body_within(&mut self, parentheses: usize) -> Parsed<Body> {
        self.at += parentheses;
        let body = self.body()?;
        self.at += parentheses;
        Ok(body)
    }

    /// What stands between `and` and `or`, without braces.
    fn operand(&mut self) -> Parsed<Box<Statement>> {
        let first = self.peek();
        if !self.eat_word("not") {
            return if self.is_group() { self.group() } else { self.plain() };
        }
        for word in ["some", "every", "not"] {
            if self.is_word(word) {
                let help = match word {
                    "some" => "negate a rule or a comprehension that has the `some` in it",
                    "every" => "say what one of them lacks: `some x in xs` and on its own line `not ...`",
                    _ => "leave out both, or negate a rule that has one of them",
                };
                return Err(self.fail(self.span(self.peek()), format!("`not` cannot stand before `{word}`"), help));
            }
        }
        let braces = self.braces_within().filter(|_| self.future.not && !self.goes_on_after_group());
        let body = if let Some(parentheses) = braces {
            self.body_within(parentheses)?
        } else if self.is_group() {
            vec![*self.group()?]
        } else {
            vec![*self.plain()?]
        };
        Ok(self.boxed(StatementKind::Not(Operand { body, braces: braces.is_some() }), first))
    }

    fn boxed(&self, kind: StatementKind, first: Token) -> Box<Statement> {
        Box::new(Statement { kind, with: Vec::new(), span: self.since(first) })
    }

    fn group(&mut self) -> Parsed<Box<Statement>> {
        let first = self.next();
        self.enter()?;
        let mut statement = self.logical()?;
        statement.with.append(&mut self.with()?);
        self.leave();
        self.expect(Kind::RightParenthesis, "`)`")?;
        statement.span = self.since(first);
        Ok(statement)
    }

    /// `( ... )` with `and`, `or`, `not` or `with` inside is a group of statements; else it is a term.
    fn is_group(&self) -> bool {
        if !self.is(Kind::LeftParenthesis) || !(self.future.and || self.future.or || self.future.not) {
            return false;
        }
        let close = self.peek().pair;
        let mut at = self.at + 1;
        while at < close {
            let token = self.token(at);
            let after_dot = self.token(at - 1).kind == Kind::Dot;
            let word = self.word_at(at);
            if ["and", "or", "not", "with"].contains(&word)
                && self.is_keyword(word)
                && !after_dot
                && !self.begins_reference(at)
                && !(word != "not" && self.token(at + 1).kind == Kind::LeftParenthesis && !self.token(at + 1).space)
            {
                return true;
            }
            // Groups of groups are looked into; arguments, brackets and braces are not.
            let argument = token.kind == Kind::LeftParenthesis && !token.space && self.token(at - 1).kind == Kind::Name;
            at = if token.kind == Kind::LeftParenthesis && !argument { at + 1 } else { self.after(at) };
        }
        false
    }

    /// A term, `a = b` or `a := b`.
    fn plain(&mut self) -> Parsed<Box<Statement>> {
        let first = self.peek();
        let left = self.expression()?;
        let kind = if self.eat(Kind::Unify) {
            StatementKind::Unify(left, self.expression()?)
        } else if self.eat(Kind::Assign) {
            StatementKind::Assign(left, self.expression()?)
        } else {
            StatementKind::Term(left)
        };
        Ok(self.boxed(kind, first))
    }

    fn with(&mut self) -> Parsed<Vec<With>> {
        let mut modifiers = Vec::new();
        loop {
            let first = self.peek();
            if !self.eat_word("with") {
                return Ok(modifiers);
            }
            let target = self.term()?;
            if !matches!(target.kind, TermKind::Variable(_) | TermKind::Reference(..)) {
                let help = "write a path below `input` or `data`, or the name of a function";
                return Err(self.fail(target.span, "this cannot be replaced by `with`", help));
            }
            if !self.eat_word("as") {
                return Err(self.unexpected("`as`"));
            }
            let value = self.expression()?;
            modifiers.push(With { target, value, span: self.since(first) });
        }
    }

    /// `some x, y` or `some k, v in xs`.
    fn some(&mut self, first: Token) -> Parsed<Box<Statement>> {
        self.next();
        let mut names = Vec::new();
        let back = self.at;
        while self.is(Kind::Name) && !self.is_keyword(self.word_at(self.at)) {
            let token = self.next();
            names.push(Name { text: self.written(token).into(), span: self.span(token) });
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        let declared = !names.is_empty() && self.token(self.at - 1).kind == Kind::Name && !self.is_word("in");
        let ends =
            !matches!(self.peek().kind, Kind::Dot | Kind::LeftBracket | Kind::LeftParenthesis) || self.peek().space;
        if declared && ends && self.operator(self.at).is_none() {
            return Ok(self.boxed(StatementKind::Some(names), first));
        }
        self.at = back;
        let (key, value, domain) = self.members()?;
        Ok(self.boxed(StatementKind::SomeIn { key, value, domain }, first))
    }

    /// `k, v in xs`.
    fn members(&mut self) -> Parsed<(Option<Term>, Term, Term)> {
        let mut value = self.operators(COMPARISON)?;
        let mut key = None;
        if self.eat(Kind::Comma) {
            key = Some(std::mem::replace(&mut value, self.operators(COMPARISON)?));
        }
        if !self.eat_word("in") {
            return Err(self.unexpected("`in`"));
        }
        Ok((key, value, self.operators(COMPARISON)?))
    }

    fn every(&mut self, first: Token) -> Parsed<Box<Statement>> {
        self.next();
        let (key, value, domain) = self.members()?;
        for term in key.iter().chain([&value]) {
            if !matches!(term.kind, TermKind::Variable(_) | TermKind::Wildcard) {
                let help = "give it a name, and take it apart in the body";
                return Err(self.fail(term.span, "`every` takes variables", help));
            }
        }
        if !self.is(Kind::LeftBrace) {
            return Err(self.unexpected("`{`, the body of `every`"));
        }
        let body = self.body()?;
        Ok(self.boxed(StatementKind::Every { key, value, domain, body }, first))
    }
}

/// One operand as it is; several as one statement.
fn joined(mut operands: Vec<Operand>, kind: fn(Vec<Operand>) -> StatementKind, span: Span) -> Operand {
    match (operands.len(), operands.pop()) {
        (1, Some(operand)) => operand,
        (_, last) => {
            operands.extend(last);
            let statement = Statement { kind: kind(operands), with: Vec::new(), span };
            Operand { body: vec![statement], braces: false }
        }
    }
}
