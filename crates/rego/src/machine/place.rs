//! References below `data` by keys that are known only when they are used. A place is two registers: the number of a
//! package, or null; and the data there, or null.

use std::sync::Arc;

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
        let mut origin = self.reads.as_ref().map_or(Origin::None, |reads| env.data_from.unwrap_or(reads.data()));
        for name in &code.path {
            data = data.and_then(|data| data.member(name));
            if let Some(reads) = &mut self.reads {
                origin = reads.part(origin, &Value::String(Arc::clone(name)));
            }
        }
        let data = data.cloned();
        if env.is_masked(&code.path) {
            return self.plain_place(to, data, origin);
        }
        self.package_place(to, document, data, origin)
    }

    /// A place where a package is.
    fn package_place(&mut self, to: Reg, package: u32, data: Option<Value>, origin: Origin) -> bool {
        self.put(to, Value::from(i64::from(package)));
        self.put_from(second(to), data.unwrap_or(Value::Null), origin);
        true
    }

    /// A place where no document is.
    fn plain_place(&mut self, to: Reg, data: Option<Value>, origin: Origin) -> bool {
        self.put(to, Value::Null);
        let Some(data) = data else { return false };
        self.put_from(second(to), data, origin);
        true
    }

    pub(super) fn enter_place(&mut self, program: &Program, to: Reg, from: Reg, key: Arg) -> Outcome {
        self.charge_key(data_of(from), key)?;
        let data = self.value(data_of(from)).get(self.value(key)).cloned();
        let below = self.place_document(from).and_then(|document| program.document_at(document));
        let below = below.zip(self.value(key).as_str()).and_then(|(document, name)| document.below.get(name));
        let Some((below, code)) = below.and_then(|below| Some((*below, program.document_at(*below)?))) else {
            let origin = self.read_key(from, key);
            return Ok(self.plain_place(to, data, origin));
        };
        if self.envs.get(self.env).is_some_and(|env| env.is_masked(&code.path)) {
            let origin = self.read_key(from, key);
            return Ok(self.plain_place(to, data, origin));
        }
        if code.kind == Kind::Package {
            let (above, key) = (self.origin(data_of(from)), self.value(key).clone());
            let origin = self.reads.as_mut().map_or(Origin::None, |reads| reads.part(above, &key));
            return Ok(self.package_place(to, below, data, origin));
        }
        self.put(to, Value::Null);
        self.document_value(program, below, second(to))
    }

    /// The key is looked for in the data of a place.
    fn read_key(&mut self, from: Reg, key: Arg) -> Origin {
        let above = self.origin(data_of(from));
        let (of, key) = (self.value(data_of(from)).clone(), self.value(key).clone());
        self.reads.as_mut().map_or(Origin::None, |reads| reads.read(above, &[key], &of))
    }

    pub(super) fn place_keys(&mut self, program: &Program, from: Reg, key: Reg) -> Outcome {
        let data = self.value(data_of(from)).clone();
        let Some(document) = self.place_document(from).and_then(|document| program.document_at(document)) else {
            return self.scan(data, self.origin(data_of(from)), key, Reg::NONE);
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
            None => {
                self.put_from(to, self.value(data_of(from)).clone(), self.origin(data_of(from)));
                Ok(true)
            }
        }
    }
}

fn second(place: Reg) -> Reg {
    Reg(place.0 + 1)
}

fn data_of(place: Reg) -> Arg {
    second(place).into()
}
