//! Gives types to what has none yet, and sees whether they fit: unification, as far as types go.

use super::infer::Infer;
use super::types::Type;
use crate::resolved::{Expr, ExprKind};
use crate::value::Value;

impl Infer<'_> {
    /// Whether two expressions can be the same value.
    pub(super) fn unify(&mut self, left: &Expr, one: &Option<Type>, right: &Expr, two: &Option<Type>) -> bool {
        match (one, two) {
            (Some(one), Some(two)) => one.meets(two),
            (None, Some(two)) => self.give(left, two),
            (Some(one), None) => self.give(right, one),
            (None, None) => self.give(left, &Type::Any) && self.give(right, &Type::Any),
        }
    }

    /// Gives an expression a type; `false` if it cannot have it.
    pub(super) fn give(&mut self, expr: &Expr, found: &Type) -> bool {
        match &expr.kind {
            ExprKind::Local(local) => match self.local(*local) {
                Some(before) => before.meets(found),
                None => {
                    self.set(*local, found.clone());
                    true
                }
            },
            ExprKind::Array(parts) => match found {
                Type::Any => self.anything(parts.iter()),
                Type::Some(kinds) => match &kinds.array {
                    Some(array) if array.rest.is_some() || array.items.len() == parts.len() => {
                        parts.iter().enumerate().all(|(index, part)| {
                            let item = array.items.get(index).or(array.rest.as_ref()).cloned().unwrap_or(Type::Any);
                            self.give(part, &item)
                        })
                    }
                    _ => false,
                },
            },
            ExprKind::Object(members) => match found {
                Type::Any => self.anything(members.iter().map(|(_, value)| value)),
                Type::Some(kinds) => match &kinds.object {
                    Some(object) if object.rest.is_some() || object.members.len() >= members.len() => {
                        members.iter().all(|(key, value)| match &key.kind {
                            ExprKind::Constant(key) => found.at(key).is_some_and(|found| self.give(value, &found)),
                            _ => self.anything(std::iter::once(value)),
                        })
                    }
                    _ => false,
                },
            },
            ExprKind::Set(parts) => match found {
                Type::Any => self.anything(parts.iter()),
                Type::Some(kinds) => match kinds.set.clone() {
                    Some(element) => parts.iter().all(|part| self.give(part, &element)),
                    None => false,
                },
            },
            _ => self.expr(expr).is_none_or(|before| before.meets(found)),
        }
    }

    /// Every value fits anything.
    fn anything<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> bool {
        for part in parts {
            self.give(part, &Type::Any);
        }
        true
    }

    /// A reference as Rego writes it, for a message.
    pub(super) fn written(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Input => String::from("input"),
            ExprKind::Data => String::from("data"),
            ExprKind::Local(local) => {
                let name = usize::try_from(*local).ok().and_then(|index| self.names.get(index));
                name.map_or_else(|| String::from("_"), |name| name.to_string())
            }
            ExprKind::Constant(Value::String(text)) => format!("\"{text}\""),
            ExprKind::Constant(Value::Number(number)) => number.to_string(),
            ExprKind::Reference(head, keys) => {
                let mut text = self.written(head);
                for key in keys {
                    match &key.kind {
                        ExprKind::Constant(Value::String(name)) => {
                            text.push('.');
                            text.push_str(name);
                        }
                        _ => text.push_str(&format!("[{}]", self.written(key))),
                    }
                }
                text
            }
            _ => String::from("..."),
        }
    }
}
