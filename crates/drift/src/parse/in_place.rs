//! Keywords that join schemas about the same value.

use super::{Parser, Schema};
use crate::draft::Draft;

impl Parser<'_> {
    pub(super) fn in_place(&mut self, schema: &mut Schema) {
        if schema.has("allOf") {
            let ids = self.list(schema, "allOf");
            schema.found.push(self.arena.all(ids));
        }
        if schema.has("anyOf") {
            let ids = self.list(schema, "anyOf");
            if !ids.is_empty() {
                schema.found.push(self.arena.any(ids));
            }
        }
        if schema.has("oneOf") {
            let ids = self.list(schema, "oneOf");
            if !ids.is_empty() {
                schema.found.push(self.arena.one(ids));
            }
        }
        if schema.has("not") {
            let inner = self.sub(schema, "not");
            schema.found.push(self.arena.not(inner));
        }
        if schema.has("if") && self.document.draft >= Draft::Draft7 {
            let condition = self.sub(schema, "if");
            let otherwise = self.arena.not(condition);
            if schema.has("then") {
                let then = self.sub(schema, "then");
                schema.found.push(self.arena.any([otherwise, then]));
            }
            if schema.has("else") {
                let or_else = self.sub(schema, "else");
                schema.found.push(self.arena.any([condition, or_else]));
            }
        }
    }
}
