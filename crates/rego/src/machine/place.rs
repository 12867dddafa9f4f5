//! References below `data` by keys that are known only when they are used. A place is two registers: the number of a
//! package, or null; and the data there, or null.

use super::Machine;
use super::call::Outcome;
use super::reads::Origin;
use crate::plan::{Arg, Kind, Program, Reg};
use crate::value::Value;

impl Machine {
    /// The package of a place.
    fn place_document(&self, place: Reg) -> Option<u32> {
        match self.value(place.into()) {
            Value::Number(number) => u32::try_from(number.as_i64()?).ok(),
            _ => None,
        }
    }

    pub(super) fn start_place(&mut self, program: &Program, to: Reg, document: u32) -> bool {
        let Some(code) = program.document_at(document) else { return false };
        let Some(env) = self.envs.get(self.env) else { return false };
        let mut data = Some(&env.data);
        for name in &code.path {
            data = data.and_then(|data| data.member(name));
        }
        let data = data.cloned();
        if env.is_masked(&code.path) {
            return self.plain_place(to, data);
        }
        self.put(to, Value::from(i64::from(document)));
        self.give(second(to), data.unwrap_or(Value::Null))
    }

    /// A place where no document is.
    fn plain_place(&mut self, to: Reg, data: Option<Value>) -> bool {
        self.put(to, Value::Null);
        self.give_some(second(to), data)
    }

    pub(super) fn enter_place(&mut self, program: &Program, to: Reg, from: Reg, key: Arg) -> Outcome {
        self.charge_key(data_of(from), key)?;
        let data = self.value(data_of(from)).get(self.value(key)).cloned();
        let below = self.place_document(from).and_then(|document| program.document_at(document));
        let below = below.zip(self.value(key).as_str()).and_then(|(document, name)| document.below.get(name));
        let Some((below, code)) = below.and_then(|below| Some((*below, program.document_at(*below)?))) else {
            return Ok(self.plain_place(to, data));
        };
        if self.envs.get(self.env).is_some_and(|env| env.is_masked(&code.path)) {
            return Ok(self.plain_place(to, data));
        }
        if code.kind == Kind::Package {
            self.put(to, Value::from(i64::from(below)));
            return Ok(self.give(second(to), data.unwrap_or(Value::Null)));
        }
        self.put(to, Value::Null);
        self.document_value(program, below, second(to))
    }

    pub(super) fn place_keys(&mut self, program: &Program, from: Reg, key: Reg) -> Outcome {
        let data = self.value(data_of(from)).clone();
        let Some(document) = self.place_document(from).and_then(|document| program.document_at(document)) else {
            return self.scan(data, Origin::None, key, Reg::NONE);
        };
        let mut keys: Vec<Value> = document.below.keys().cloned().map(Value::String).collect();
        if let Value::Object(object) = &data {
            self.charge(object.members().len() as u64)?;
            keys.extend(object.members().iter().map(|(key, _)| key.clone()));
        }
        let keys = self.set(keys)?;
        self.scan(keys, Origin::None, key, Reg::NONE)
    }

    /// The value of a place.
    pub(super) fn whole_place(&mut self, program: &Program, to: Reg, from: Reg) -> Outcome {
        match self.place_document(from) {
            Some(document) => self.document_value(program, document, to),
            None => Ok(self.give(to, self.value(data_of(from)).clone())),
        }
    }
}

fn second(place: Reg) -> Reg {
    Reg(place.0 + 1)
}

fn data_of(place: Reg) -> Arg {
    second(place).into()
}
