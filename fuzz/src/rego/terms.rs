//! The terms of a policy that is made of choices.

use super::write::{Kind, Rule, Writer};

impl Writer<'_> {
    /// A path that is in some of the inputs, or in none.
    pub fn path(&mut self) -> String {
        const PATHS: [&str; 12] = [
            "input.nums",
            "input.words",
            "input.list",
            "input.map",
            "data.d.names",
            "input.list[_].name",
            "input.map.a",
            "input.list[0]",
            "input.gone",
            "input.s",
            // The rest are objects.
            "data.d.by",
            "input",
        ];
        self.one(if self.sets { &PATHS[..10] } else { &PATHS }).to_owned()
    }

    /// Something that may be undefined.
    pub fn reference(&mut self) -> String {
        let root = match self.below(3) {
            0 if !self.locals.is_empty() => {
                let at = self.below(self.locals.len());
                self.locals[at].0.clone()
            }
            1 => self.of_a_rule(None).unwrap_or_else(|| "input.t".to_owned()),
            _ => return self.path(),
        };
        match self.below(6) {
            0 => format!("{root}.name"),
            1 => format!("{root}[0]"),
            2 => format!("{root}[_]"),
            3 => format!("{root}[{}]", self.scalar()),
            _ => root,
        }
    }

    /// A rule, or a call of a function, that should give this kind.
    fn of_a_rule(&mut self, kind: Option<Kind>) -> Option<String> {
        let fits = |rule: &&Rule| kind.is_none_or(|kind| rule.kind == kind);
        let fitting: Vec<Rule> = self.rules.iter().filter(fits).cloned().collect();
        if fitting.is_empty() {
            return None;
        }
        let at = self.below(fitting.len());
        let Rule { name, parameters, .. } = &fitting[at];
        let Some(count) = parameters else {
            return Some(name.clone());
        };
        let arguments: Vec<String> = (0..*count).map(|_| self.argument()).collect();
        Some(format!("{name}({})", arguments.join(", ")))
    }

    fn argument(&mut self) -> String {
        let kind = self.kind();
        self.term(kind, 0)
    }

    pub fn scalar(&mut self) -> String {
        self.one(&["1", "\"a\"", "true", "2", "null", "0", "\"b\"", "-1", "false", "\"\"", "1.5", "3"]).to_owned()
    }

    pub fn constant(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Number => self.one(&["0", "1", "2", "3", "-1", "1.5", "10", "0.25"]).to_owned(),
            Kind::Text => self.one(&["\"\"", "\"a\"", "\"b\"", "\"ab\"", "`text`", "\"é\"", "\"A\""]).to_owned(),
            Kind::Boolean => self.one(&["true", "false"]).to_owned(),
            Kind::Array => self.one(&["[]", "[1, 2]", "[\"a\", \"b\"]", "[3, 1, 3]", "[[1, 2], [3, 4]]"]).to_owned(),
            Kind::Set => self.one(&["set()", "{1, 2}", "{\"a\", \"b\"}", "{1, \"a\", null}"]).to_owned(),
            Kind::Object => {
                self.one(&["{}", "{\"a\": 1}", "{\"name\": \"a\", \"v\": 2}", "{\"a\": {\"b\": 1}}"]).to_owned()
            }
        }
    }

    pub fn term(&mut self, kind: Kind, depth: usize) -> String {
        self.fuel = self.fuel.saturating_sub(1);
        let kind = if self.below(16) == 0 { self.kind() } else { kind };
        let depth = if self.fuel == 0 { 0 } else { depth };
        match self.below(8) {
            0 | 1 => self.local(kind),
            2 | 3 => self.of_input(kind),
            4 => self.of_a_rule(Some(kind)).unwrap_or_else(|| self.constant(kind)),
            5 => self.constant(kind),
            _ if depth == 0 => self.local(kind),
            _ => self.made(kind, depth - 1),
        }
    }

    /// A term for the head of a rule. Where it may be undefined for some solutions and not for others, it is the last
    /// statement of the body: in regorus one without a head hides all others.
    pub fn head(&mut self, kind: Kind, body: &mut String) -> String {
        let term = self.term(kind, 2);
        if self.locals.is_empty() && !body.contains("[_]") && !term.contains("[_]") {
            return term;
        }
        let name = self.name();
        *body += &format!("\t{name} := {term}\n");
        name
    }

    pub fn local(&mut self, kind: Kind) -> String {
        let fitting: Vec<&(String, Kind)> = self.locals.iter().filter(|(_, other)| *other == kind).collect();
        let names: Vec<String> = fitting.iter().map(|(name, _)| name.clone()).collect();
        if names.is_empty() {
            return self.of_input(kind);
        }
        let at = self.below(names.len());
        names[at].clone()
    }

    fn of_input(&mut self, kind: Kind) -> String {
        let paths: &[&str] = match kind {
            Kind::Number => &["input.n", "input.nums[0]", "input.list[0].v", "data.d.n", "input.map.a"],
            Kind::Text => &["input.s", "input.words[1]", "input.list[0].name", "data.d.names[_]"],
            Kind::Boolean => &["input.t", "input.f", "input.list[_].on"],
            Kind::Array => &["input.nums", "input.words", "input.list", "data.d.names", "input.map.b"],
            Kind::Set => &["{x | some x in input.nums}", "{x | x := input.list[_].name}"],
            Kind::Object => &["input.map", "input.list[0]", "data.d.by", "input", "input.map.c"],
        };
        self.one(paths).to_owned()
    }

    /// A term that is made of others.
    fn made(&mut self, kind: Kind, depth: usize) -> String {
        match kind {
            Kind::Number => self.number(depth),
            Kind::Text => self.text(depth),
            Kind::Boolean => self.boolean(depth),
            Kind::Array => self.array(depth),
            Kind::Set => self.set(depth),
            Kind::Object => self.object(depth),
        }
    }

    fn any(&mut self, depth: usize) -> String {
        let kind = self.kind();
        self.term(kind, depth)
    }

    fn call(&mut self, function: &str, kinds: &[Kind], depth: usize) -> String {
        let arguments: Vec<String> = kinds.iter().map(|kind| self.term(*kind, depth)).collect();
        format!("{function}({})", arguments.join(", "))
    }

    fn number(&mut self, depth: usize) -> String {
        match self.below(8) {
            0 => format!("count({})", self.collection(depth)),
            1 => {
                let function = self.one(&["sum", "max", "min", "product"]);
                self.call(function, &[Kind::Array], depth)
            }
            2 => {
                // Between -1 and 0, `ceil` is 1 in OPA, and `floor` is 0.
                let function = self.one(&["abs", "round", "ceil", "floor"]);
                format!("{function}(abs({}))", self.term(Kind::Number, depth))
            }
            3 => self.call("to_number", &[Kind::Text], depth),
            // Other fractions have more digits in OPA.
            4 => format!("({} / {})", self.term(Kind::Number, depth), self.one(&["2", "4"])),
            _ => {
                let operator = self.one(&["+", "-", "*", "%"]);
                let (left, right) = (self.term(Kind::Number, depth), self.term(Kind::Number, depth));
                format!("({left} {operator} {right})")
            }
        }
    }

    fn text(&mut self, depth: usize) -> String {
        match self.below(7) {
            0 => {
                let function = self.one(&["upper", "lower", "trim_space"]);
                self.call(function, &[Kind::Text], depth)
            }
            1 => self.call("concat", &[Kind::Text, Kind::Array], depth),
            2 => {
                let function = self.one(&["trim_prefix", "trim_suffix", "trim_left"]);
                self.call(function, &[Kind::Text, Kind::Text], depth)
            }
            // With a fraction it is an error, which regorus has not.
            3 => format!("substring({}, {}, {})", self.term(Kind::Text, depth), self.below(3), self.one(&["-1", "1"])),
            4 => format!("type_name({})", self.any(depth)),
            // Of a set without elements, regorus writes `{}`.
            5 => format!("sprintf(\"%v\", [concat(\"\", [{}])])", self.term(Kind::Text, depth)),
            _ => {
                format!("format_int(floor(abs({})), {})", self.term(Kind::Number, depth), self.one(&["2", "10", "16"]))
            }
        }
    }

    fn boolean(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => {
                let function = self.one(&["startswith", "endswith", "contains"]);
                self.call(function, &[Kind::Text, Kind::Text], depth)
            }
            1 => {
                let function = self.one(&["is_string", "is_number", "is_array", "is_object", "is_set", "is_null"]);
                format!("{function}({})", self.any(depth))
            }
            // An undefined collection makes it undefined; regorus makes it false.
            2 => {
                let kind = self.one(&[Kind::Array, Kind::Set]);
                format!("({} in {})", self.scalar(), self.constant(kind))
            }
            _ => format!("({})", self.comparison(depth)),
        }
    }

    fn array(&mut self, depth: usize) -> String {
        match self.below(8) {
            0 => format!("[{}, {}]", self.any(depth), self.any(depth)),
            1 => self.call("array.concat", &[Kind::Array, Kind::Array], depth),
            2 => self.call("array.slice", &[Kind::Array, Kind::Number, Kind::Number], depth),
            3 => format!("sort({})", self.collection(depth)),
            4 => self.call("split", &[Kind::Text, Kind::Text], depth),
            5 => self.call("array.reverse", &[Kind::Array], depth),
            _ => self.within(|writer| {
                let body = writer.short_body(depth);
                format!("[{} | {body}]", writer.any(depth))
            }),
        }
    }

    fn set(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => format!("{{{}, {}}}", self.any(depth), self.any(depth)),
            1 => {
                let operator = self.one(&["|", "&", "-"]);
                let (left, right) = (self.term(Kind::Set, depth), self.term(Kind::Set, depth));
                format!("({left} {operator} {right})")
            }
            2 => self.call("object.keys", &[Kind::Object], depth),
            _ => self.within(|writer| {
                let body = writer.short_body(depth);
                format!("{{{} | {body}}}", writer.any(depth))
            }),
        }
    }

    fn object(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => format!("{{\"a\": {}, {}: {}}}", self.any(depth), self.constant(Kind::Text), self.any(depth)),
            1 => self.call("object.union", &[Kind::Object, Kind::Object], depth),
            2 => {
                let function = self.one(&["object.remove", "object.filter"]);
                self.call(function, &[Kind::Object, Kind::Array], depth)
            }
            3 => format!("object.get({}, \"a\", {})", self.term(Kind::Object, depth), self.constant(Kind::Object)),
            _ => self.within(|writer| {
                let body = writer.short_body(depth);
                let key = writer.term(Kind::Text, depth);
                format!("{{{key}: {} | {body}}}", writer.any(depth))
            }),
        }
    }
}
