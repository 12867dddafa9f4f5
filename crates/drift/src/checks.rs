//! What the caller's validator says, each schema compiled once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value;

use crate::draft::Draft;
use crate::{Check, Validator};

type Compiled = HashMap<(Draft, String), Option<Rc<Check>>>;

pub(crate) struct Checks<'a> {
    validator: Option<&'a dyn Validator>,
    compiled: RefCell<Compiled>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(validator: Option<&'a dyn Validator>) -> Checks<'a> {
        Checks { validator, compiled: RefCell::default() }
    }

    /// Whether a value meets one keyword, that is given as the text of a schema.
    pub(crate) fn keyword(&self, draft: Draft, keyword: &str, value: &Value) -> Option<bool> {
        let validator = self.validator?;
        let key = (draft, keyword.to_owned());
        let mut compiled = self.compiled.borrow_mut();
        let check = compiled.entry(key).or_insert_with(|| {
            let schema = serde_json::from_str(keyword).ok()?;
            validator.compile(&schema, draft, true).map(Rc::new)
        });
        check.as_ref().map(|check| check(value))
    }
}
