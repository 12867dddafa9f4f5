//! Packages and imports, and the order of a module.

use super::{ALL_SOFT, Failed, Parsed, Parser, hard, soft};
use crate::ast::{Import, Module, Name, Rule, Version};
use crate::lex::{Comment, Kind, MOST_PROBLEMS, Token};
use crate::problem::Problem;

/// What METADATA may stand above.
#[derive(Clone, Copy)]
pub(super) enum About {
    Package,
    Import,
    /// The rule with this number.
    Rule(usize),
}

impl Parser<'_> {
    /// The whole module. After a problem, reading goes on at the next rule.
    pub(super) fn module(mut self, comments: &[Comment]) -> Result<Module, Vec<Problem>> {
        let column = self.column(self.peek());
        // Where the package, the imports and the rules begin, for what METADATA is about.
        let mut places = vec![(self.peek().start, About::Package)];
        let package = self.package().unwrap_or_else(|Failed| {
            self.recover(column, 0);
            Vec::new()
        });
        let mut imports = Vec::new();
        let mut rules: Vec<Rule> = Vec::new();
        while !self.is(Kind::End) && self.problems.len() < MOST_PROBLEMS {
            let (at, first) = (self.at, self.peek());
            let read = if self.is_word("import") {
                places.push((first.start, About::Import));
                let version = self.version;
                let import = self.import();
                if self.version != version && !rules.is_empty() {
                    // As OPA: what stands before it is to be version 1, too.
                    let help = "write the rules before it as version 1 does, or move the import above them";
                    self.problem(self.span(first), "`rego.v1` is imported below a rule of version 0", help);
                }
                import.map(|import| imports.push(import))
            } else if self.is_word("package") {
                let help = "put this package in a file of its own";
                Err(self.fail(self.span(first), "a module has one package, at its beginning", help))
            } else {
                places.push((first.start, About::Rule(rules.len())));
                self.rule(&mut rules)
            };
            if read.is_err() {
                self.recover(column, at + 1);
            }
        }
        let metadata = self.metadata(comments, &places);
        if self.problems.is_empty() {
            let (file, version, future) = (self.file, self.version, self.future);
            return Ok(Module { file, version, future, package, imports, rules, metadata });
        }
        self.problems.sort_by_key(|problem| problem.span.start);
        Err(self.problems)
    }

    fn column(&self, token: Token) -> usize {
        let before = self.text.get(..usize::try_from(token.start).unwrap_or(0)).unwrap_or_default();
        before.len() - before.rfind('\n').map_or(0, |at| at + 1)
    }

    /// Goes on at the next line that begins with a word in this column, at the earliest with this token.
    fn recover(&mut self, column: usize, earliest: usize) {
        self.depth = 0;
        self.at = self.at.max(earliest);
        while !self.is(Kind::End) {
            let token = self.peek();
            if token.line && token.kind == Kind::Name && self.column(token) <= column {
                break;
            }
            self.next();
        }
    }

    fn package(&mut self) -> Parsed<Vec<Name>> {
        if !self.is_word("package") {
            let message = "a module begins with its package";
            let help = match self.meant(self.word_at(self.at)) {
                Some("package") => "did you mean `package`?",
                _ => "write `package`, a space and its name first",
            };
            self.problem(self.span(self.peek()), message, help);
            return Err(Failed);
        }
        self.next();
        self.path("the name of the package")
    }

    /// Names with dots between them, or in brackets.
    fn path(&mut self, wanted: &str) -> Parsed<Vec<Name>> {
        let first = self.expect(Kind::Name, wanted)?;
        let mut path = vec![Name { text: self.written(first).into(), span: self.span(first) }];
        loop {
            if self.touches(Kind::Dot) {
                self.next();
                if !self.touches(Kind::Name) {
                    return Err(self.unexpected("a name after the dot"));
                }
                let token = self.next();
                path.push(Name { text: self.written(token).into(), span: self.span(token) });
            } else if self.touches(Kind::LeftBracket) {
                self.next();
                if !matches!(self.peek().kind, Kind::String | Kind::RawString) {
                    return Err(self.unexpected("a string in the brackets"));
                }
                let span = self.span(self.peek());
                path.push(Name { text: self.string(), span });
                self.expect(Kind::RightBracket, "`]`")?;
            } else {
                return Ok(path);
            }
        }
    }

    fn import(&mut self) -> Parsed<Import> {
        let first = self.next();
        let path = self.path("the path of what is imported")?;
        let alias = match self.eat_word("as") {
            true => {
                let (text, span) = self.plain_name("a name after `as`")?;
                Some(Name { text, span })
            }
            false => None,
        };
        let import = Import { path, alias, span: self.since(first) };
        let parts: Vec<&str> = import.path.iter().map(|name| &*name.text).collect();
        match parts.as_slice() {
            ["rego", "v1"] | ["future", "keywords"] | ["future", "keywords", _] if import.alias.is_some() => {
                Err(self.fail(import.span, "this import cannot have another name", "remove `as` and what follows it"))
            }
            ["rego", "v1"] => {
                self.version = Version::V1;
                self.soft = ALL_SOFT;
                Ok(import)
            }
            ["rego", ..] => Err(self.fail(import.span, "an unknown import", "below `rego` there is only `rego.v1`")),
            ["future", "keywords"] => {
                self.soft = ALL_SOFT;
                (self.future.and, self.future.or, self.future.not) = (true, true, true);
                Ok(import)
            }
            ["future", "keywords", word] if self.import_keyword(word) => Ok(import),
            ["future", ..] => {
                let help =
                    "there are `future.keywords` and below it `and`, `contains`, `every`, `if`, `in`, `not`, `or`";
                Err(self.fail(import.span, "an unknown import", help))
            }
            ["data" | "input", ..] => self.imported_name(import),
            [other, ..] => {
                let help = format!("imports begin with `data`, `input`, `future` or `rego`: `import data.{other}`?");
                Err(self.fail(import.span, "an unknown import", help))
            }
            [] => Ok(import),
        }
    }

    fn import_keyword(&mut self, word: &str) -> bool {
        match word {
            "and" => self.future.and = true,
            "or" => self.future.or = true,
            "not" => self.future.not = true,
            _ => self.soft |= soft(word),
        }
        soft(word) != 0 || ["and", "or", "not"].contains(&word)
    }

    /// What is imported has a name that can be written.
    fn imported_name(&mut self, import: Import) -> Parsed<Import> {
        let last = import.path.last().filter(|_| import.alias.is_none());
        let keyword = |word: &str| hard(word) || (self.version == Version::V1 && soft(word) != 0);
        match last.filter(|name| keyword(&name.text)) {
            Some(name) => {
                let message = format!("an import cannot be named `{}`, which is a keyword", name.text);
                Err(self.fail(name.span, message, "give it another name with `as`"))
            }
            None => Ok(import),
        }
    }
}
