//! What OPA's functions take and give, in more detail than [`crate::builtins::Types`] has: `array[string]`. The table is
//! text, since it is small so, and a line of it is read when it is needed.

use super::types::Type;
use crate::builtins::Types;

const TABLE: &str = include_str!("signatures.txt");

/// The types of the arguments and of the result of a function. No result: it can only be a statement.
#[derive(Clone, Debug)]
pub struct Signature {
    pub arguments: Vec<Type>,
    pub result: Type,
}

/// The names of all functions and the number of their arguments.
pub fn names() -> impl Iterator<Item = (&'static str, usize)> {
    lines().map(|(name, arguments, _)| (name, divided(arguments).len()))
}

/// The number of the arguments of a function.
pub fn arity(name: &str) -> Option<usize> {
    names().find(|(other, _)| *other == name).map(|(_, arity)| arity)
}

/// The signature of a function.
pub fn signature(name: &str) -> Option<Signature> {
    let (_, arguments, result) = lines().find(|(other, ..)| *other == name)?;
    Some(Signature { arguments: divided(arguments).into_iter().map(read).collect(), result: read(result) })
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter_map(|line| {
        let (left, result) = line.split_once('>')?;
        let (name, arguments) = left.split_once(' ')?;
        Some((name, arguments.trim(), result.trim()))
    })
}

fn divided(arguments: &str) -> Vec<&str> {
    if arguments.is_empty() { Vec::new() } else { arguments.split(", ").collect() }
}

/// A type as the table writes it: `string|array[any]`.
fn read(text: &str) -> Type {
    let mut reader = Reader { text };
    reader.union()
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn take(&mut self, start: &str) -> bool {
        match self.text.strip_prefix(start) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn union(&mut self) -> Type {
        let mut union = self.one();
        while self.take("|") {
            union = union.or(&self.one());
        }
        union
    }

    fn one(&mut self) -> Type {
        if self.take("array[") {
            let item = self.union();
            self.take("]");
            return Type::array_of(item);
        }
        if self.take("set[") {
            let item = self.union();
            self.take("]");
            return Type::set_of(item);
        }
        if self.take("object[") {
            let key = self.union();
            self.take(":");
            let value = self.union();
            self.take("]");
            return Type::object_of(key, value);
        }
        let scalars =
            [("null", Types::NULL), ("boolean", Types::BOOLEAN), ("number", Types::NUMBER), ("string", Types::STRING)];
        for (name, types) in scalars {
            if self.take(name) {
                return Type::scalar(types);
            }
        }
        self.take("any");
        Type::Any
    }
}
