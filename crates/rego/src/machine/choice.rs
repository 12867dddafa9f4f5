//! Choices: where to go on when something fails.

use super::{Failure, Machine};
use crate::budget::Reached;
use crate::plan::Reg;
use crate::value::Value;

/// A place to come back to.
#[derive(Debug)]
pub(super) struct Choice {
    /// The instruction to go on with.
    pub at: u32,
    pub env: usize,
    /// How many environments there were.
    pub envs: usize,
    pub what: Resume,
}

/// What happens when it is come back to.
#[derive(Debug)]
pub(super) enum Resume {
    /// Goes on there, once.
    Barrier,
    /// The next entry of a collection.
    Scan { of: Value, next: usize, key: Reg, value: Reg },
    /// The next value within a value.
    Walk(Box<Walk>),
}

/// A walk through a value.
#[derive(Debug)]
pub(super) struct Walk {
    /// The containers that it is in, each with the number of the next entry.
    levels: Vec<(Value, usize)>,
    /// The keys that lead to the last of them.
    keys: Vec<Value>,
    path: Reg,
    value: Reg,
}

impl Machine {
    /// Leaves a place to come back to.
    pub(super) fn push_choice(&mut self, at: u32, what: Resume) {
        self.choices.push(Choice { at, env: self.env, envs: self.envs.len(), what });
    }

    /// Goes back to the newest choice of the newest frame. `false` if it has none.
    pub(super) fn go_back(&mut self) -> Result<bool, Failure> {
        let floor = self.frames.last().map_or(0, |frame| frame.choices);
        while self.choices.len() > floor {
            let Some(choice) = self.choices.last_mut() else { break };
            self.at = choice.at;
            self.env = choice.env;
            self.envs.truncate(choice.envs);
            match &mut choice.what {
                Resume::Barrier => {
                    self.choices.pop();
                    return Ok(true);
                }
                Resume::Scan { of, next, key, value } => {
                    let entry = entry(of, *next);
                    *next += 1;
                    let (key, value, over) = (*key, *value, *next >= length(of));
                    if over {
                        self.choices.pop();
                    }
                    if let Some((name, item)) = entry {
                        self.charge(1)?;
                        self.put(key, name);
                        self.put(value, item);
                        return Ok(true);
                    }
                }
                Resume::Walk(walk) => match walk.next() {
                    Some((item, path)) => {
                        let (to_path, to_value) = (walk.path, walk.value);
                        self.charge(1 + path.as_ref().map_or(0, |path| path.len() as u64))?;
                        if let Some(path) = path {
                            let path = self.array(path)?;
                            self.put(to_path, path);
                        }
                        self.put(to_value, item);
                        return Ok(true);
                    }
                    None => {
                        self.choices.pop();
                    }
                },
            }
        }
        Ok(false)
    }

    /// Begins a scan. `false` if there is nothing in it.
    pub(super) fn scan(&mut self, of: Value, key: Reg, value: Reg) -> Result<bool, Failure> {
        let count = length(&of);
        let Some((name, item)) = entry(&of, 0) else { return Ok(false) };
        self.charge(1)?;
        if count > 1 {
            self.push_choice(self.at, Resume::Scan { of, next: 1, key, value });
        }
        self.put(key, name);
        self.put(value, item);
        Ok(true)
    }

    /// Begins a walk: the value itself comes first.
    pub(super) fn walk(&mut self, of: Value, path: Reg, value: Reg) -> Result<(), Failure> {
        if path != Reg::NONE {
            let empty = self.array(Vec::new())?;
            self.put(path, empty);
        }
        if length(&of) > 0 {
            let walk = Walk { levels: vec![(of.clone(), 0)], keys: Vec::new(), path, value };
            self.push_choice(self.at, Resume::Walk(Box::new(walk)));
        }
        self.put(value, of);
        Ok(())
    }

    pub(super) fn charge(&mut self, steps: u64) -> Result<(), Failure> {
        self.budget.steps(steps).map_err(|reached| self.reached(reached))
    }

    pub(super) fn charge_bytes(&mut self, bytes: usize) -> Result<(), Failure> {
        self.budget.bytes(bytes as u64).map_err(|reached: Reached| self.reached(reached))
    }
}

impl Walk {
    /// The next value, and the path to it if it is wanted.
    fn next(&mut self) -> Option<(Value, Option<Vec<Value>>)> {
        loop {
            let (of, next) = self.levels.last_mut()?;
            let Some((key, item)) = entry(of, *next) else {
                self.levels.pop();
                self.keys.pop();
                continue;
            };
            *next += 1;
            let path = (self.path != Reg::NONE).then(|| {
                let mut path = self.keys.clone();
                path.push(key.clone());
                path
            });
            if length(&item) > 0 {
                self.levels.push((item.clone(), 0));
                self.keys.push(key);
            }
            return Some((item, path));
        }
    }
}

/// How many entries a value has; 0 if it is no collection.
pub(super) fn length(value: &Value) -> usize {
    match value {
        Value::Array(array) => array.items().len(),
        Value::Object(object) => object.members().len(),
        Value::Set(set) => set.elements().len(),
        _ => 0,
    }
}

/// The key and the value of an entry, by its number.
fn entry(value: &Value, index: usize) -> Option<(Value, Value)> {
    match value {
        Value::Array(array) => {
            let item = array.items().get(index)?;
            Some((Value::from(i64::try_from(index).unwrap_or(i64::MAX)), item.clone()))
        }
        Value::Object(object) => object.members().get(index).cloned(),
        Value::Set(set) => set.elements().get(index).map(|element| (element.clone(), element.clone())),
        _ => None,
    }
}
