//! A policy made of choices: a grammar of Rego, in which most policies load.
//!
//! A rule uses only the rules and functions before it, and a term only the locals that are bound where it stands.

/// Gives numbers below a bound.
pub type Next<'n> = &'n mut dyn FnMut(usize) -> usize;

/// Inputs. Those from `PLAIN` on have no objects.
pub const INPUTS: [&str; 6] = [
    r#"{"n": 5, "s": "text", "t": true, "f": false, "z": null, "nums": [1, 2, 3], "words": ["a", "b", "ab"],
        "list": [{"name": "a", "v": 1, "on": true}, {"name": "b", "v": 2, "on": false}, {"name": "c"}],
        "map": {"a": 1, "b": [2], "c": {"d": 3}}}"#,
    r#"{"n": 0, "s": "", "t": false, "f": true, "z": 1, "nums": [], "words": ["a"], "list": [], "map": {}}"#,
    r#"{"n": -1.5, "s": "a", "nums": [3, 3, 1, 0], "words": ["b", "B", "é"], "list": [{"name": "a", "v": [1, 2]},
        {"name": "a", "v": 2, "on": "yes"}], "map": {"a": {"a": {"a": 1}}, "x": null}}"#,
    r#"{"n": "5", "s": ["s"], "t": {}, "nums": {"a": 1, "b": 2}, "words": [1, "a", null], "list": {"x": {"name": "x",
        "v": 7, "on": true}, "y": {"v": 1}}, "map": [[1, 2], [3, 4], ["a", "b"]]}"#,
    r#"{"n": 2, "s": "ab", "t": true, "nums": [1, 2, 3], "words": ["a", "b", "ab"], "list": [["a", 1], ["b", 2], []],
        "map": [1, "a"]}"#,
    r#"{"n": 0, "f": true, "nums": [[1], [2, [3]]], "words": ["a", "a"], "list": "a", "map": [null, true]}"#,
];
pub const PLAIN: usize = 4;
pub const DATA: &str = r#"{"d": {"n": 2, "names": ["a", "c"], "by": {"a": {"v": 1}, "b": {"v": 2}}}}"#;

/// What a term should be. One in sixteen is something else.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Number,
    Text,
    Boolean,
    Array,
    Set,
    Object,
}

const KINDS: [Kind; 6] = [Kind::Number, Kind::Text, Kind::Boolean, Kind::Array, Kind::Set, Kind::Object];
const WITHOUT_OBJECTS: &[Kind] = &[Kind::Number, Kind::Text, Kind::Boolean, Kind::Array, Kind::Set];
const WITHOUT_SETS: &[Kind] = &[Kind::Number, Kind::Text, Kind::Boolean, Kind::Array, Kind::Object];
const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];

/// A rule that was written.
#[derive(Clone)]
pub struct Rule {
    pub name: String,
    /// The number of its parameters, if it is a function.
    pub parameters: Option<usize>,
    pub kind: Kind,
}

pub struct Writer<'n> {
    next: Next<'n>,
    pub rules: Vec<Rule>,
    /// What is bound, and what it may be.
    pub locals: Vec<(String, Kind)>,
    /// How many names were made up.
    names: usize,
    /// How many more terms there may be.
    pub fuel: usize,
    /// Whether sets may be in values, and no objects are there; otherwise sets stand alone. In OPA sets come after
    /// objects, in regorus before them.
    pub sets: bool,
}

/// The text of a policy.
pub fn policy(sets: bool, next: Next<'_>) -> String {
    let mut writer = Writer { next, rules: Vec::new(), locals: Vec::new(), names: 0, fuel: 120, sets };
    let mut text = "package p\n\nimport future.keywords.not\n".to_owned();
    for number in 0..1 + writer.below(5) {
        let rule = writer.rule(number);
        text.push('\n');
        text.push_str(&rule);
    }
    text
}

impl Writer<'_> {
    pub fn below(&mut self, count: usize) -> usize {
        (self.next)(count)
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let at = self.below(of.len());
        of[at]
    }

    /// What may be in values.
    pub fn kind(&mut self) -> Kind {
        self.one(if self.sets { WITHOUT_OBJECTS } else { WITHOUT_SETS })
    }

    pub fn name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    /// What `write` gives; what it binds is forgotten.
    pub fn within<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let bound = self.locals.len();
        let given = write(self);
        self.locals.truncate(bound);
        given
    }

    /// All definitions of a name.
    fn rule(&mut self, number: usize) -> String {
        let kind = self.kind();
        let form = self.below(10);
        let name = format!("{}{number}", if form < 3 { "f" } else { "r" });
        let mut text = String::new();
        let mut parameters = None;
        let mut gives = kind;
        match form {
            0..=2 => {
                let count = 1 + self.below(2);
                parameters = Some(count);
                for _ in 0..1 + self.below(2) {
                    text += &self.within(|writer| writer.function(&name, count, kind));
                }
            }
            3..=5 => {
                if self.below(4) == 0 {
                    text += &format!("default {name} := {}\n\n", self.constant(kind));
                }
                for _ in 0..1 + self.below(4) / 3 {
                    text += &self.within(|writer| writer.complete(&name, kind));
                }
            }
            6..=8 => {
                gives = Kind::Set;
                for _ in 0..1 + self.below(2) {
                    text += &self.within(|writer| {
                        let mut body = writer.body(2);
                        let element = writer.head(kind, &mut body);
                        format!("{name} contains {element} if {{\n{body}}}\n\n")
                    });
                }
            }
            _ => {
                gives = Kind::Object;
                text += &self.within(|writer| {
                    let mut body = writer.body(2);
                    let key = writer.head(Kind::Text, &mut body);
                    let value = writer.head(kind, &mut body);
                    format!("{name}[{key}] := {value} if {{\n{body}}}\n\n")
                });
            }
        }
        self.rules.push(Rule { name, parameters, kind: gives });
        text
    }

    fn function(&mut self, name: &str, count: usize, kind: Kind) -> String {
        let mut parameters = Vec::new();
        for _ in 0..count {
            let parameter = match self.below(6) {
                0 => self.scalar(),
                1 => {
                    let (first, second) = (self.bind(), self.bind());
                    format!("[{first}, {second}]")
                }
                _ => self.bind(),
            };
            parameters.push(parameter);
        }
        let mut body = self.body(2);
        let value = self.head(kind, &mut body);
        format!("{name}({}) := {value} if {{\n{body}}}\n\n", parameters.join(", "))
    }

    fn complete(&mut self, name: &str, kind: Kind) -> String {
        let mut text = self.within(|writer| {
            let mut body = writer.body(2);
            let value = writer.head(kind, &mut body);
            format!("{name} := {value} if {{\n{body}}}")
        });
        if self.below(4) == 0 {
            text += &self.within(|writer| {
                let mut body = writer.body(2);
                let value = writer.head(kind, &mut body);
                format!(" else := {value} if {{\n{body}}}")
            });
        }
        text + "\n\n"
    }

    /// A new local that may be anything.
    fn bind(&mut self) -> String {
        let name = self.name();
        let kind = self.kind();
        self.locals.push((name.clone(), kind));
        name
    }

    /// Statements. What they bind stays bound.
    fn body(&mut self, depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.below(3) {
            let statement = self.statement(depth);
            // On a line of its own it would go on with the line before.
            let lead = if statement.starts_with('-') { "true; " } else { "" };
            text += &format!("\t{lead}{statement}\n");
        }
        text
    }

    /// Statements in one line.
    pub fn short_body(&mut self, depth: usize) -> String {
        let first = self.statement(depth);
        if self.below(2) == 0 { first } else { format!("{first}; {}", self.statement(depth)) }
    }

    fn statement(&mut self, depth: usize) -> String {
        match self.below(14) {
            0 | 1 => {
                let collection = self.collection(depth);
                format!("some {} in {collection}", self.bind())
            }
            2 => {
                let collection = self.collection(depth);
                let (key, value) = (self.bind(), self.bind());
                format!("some {key}, {value} in {collection}")
            }
            3 | 4 => {
                let kind = if self.sets { self.kind() } else { self.one(&KINDS) };
                let value = self.term(kind, depth);
                let name = self.name();
                self.locals.push((name.clone(), kind));
                format!("{name} := {value}")
            }
            5 if depth > 0 => {
                let operand = self.within(|writer| match writer.below(3) {
                    0 => format!("{{ {} }}", writer.short_body(depth - 1)),
                    1 => writer.reference(),
                    _ => writer.comparison(depth - 1),
                });
                // Only in braces may it bind what it goes through.
                let open = operand.contains("[_]") && !operand.starts_with('{');
                if open { format!("not {{ {operand} }}") } else { format!("not {operand}") }
            }
            6 if depth > 0 => {
                let collection = self.collection(depth);
                self.within(|writer| {
                    let value = writer.bind();
                    let body = writer.short_body(depth - 1);
                    // It must be used.
                    format!("every {value} in {collection} {{ {body}; {value} != {} }}", writer.scalar())
                })
            }
            7 => self.reference(),
            8 => {
                let collection = self.term(Kind::Array, depth);
                let (first, second) = (self.bind(), self.bind());
                format!("[{first}, {second}] = {collection}")
            }
            9 => {
                let collection = self.path();
                let key = self.bind();
                let test = format!("{collection}[{key}] == {}", self.scalar());
                format!("some {key}; {test}")
            }
            10 => {
                let item = self.scalar();
                format!("{item} in {}", self.collection(depth))
            }
            11 => {
                let statement = self.comparison(depth);
                let target = self.one(&["input.n", "input.s", "input.nums", "input.map", "input.list", "data.d.n"]);
                let kind = self.kind();
                // Of a rule that the statement needs, too, regorus makes nothing.
                let value = if self.below(2) == 0 { self.scalar() } else { self.local(kind) };
                format!("{statement} with {target} as {value}")
            }
            _ => self.comparison(depth),
        }
    }

    pub fn comparison(&mut self, depth: usize) -> String {
        let kind = if self.sets { self.kind() } else { self.one(&KINDS) };
        let (left, right) = (self.term(kind, depth), self.term(kind, depth));
        let count = if kind == Kind::Set && !self.sets { 2 } else { COMPARISONS.len() };
        format!("{left} {} {right}", self.one(&COMPARISONS[..count]))
    }

    pub fn collection(&mut self, depth: usize) -> String {
        const ALL: [Kind; 3] = [Kind::Array, Kind::Set, Kind::Object];
        let kind = self.one(if self.sets { &ALL[..2] } else { &ALL });
        self.term(kind, depth)
    }
}
