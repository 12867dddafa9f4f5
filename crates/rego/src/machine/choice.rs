//! Choices: where to go on when something fails.

use super::reads::{Origin, Reads};
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
    /// The same; what was read since counts, although it did not hold.
    Mark,
    /// The next entry of a collection.
    Scan { of: Value, next: usize, key: Reg, value: Reg },
    /// The next value within a value.
    Walk(Box<Walk>),
}

/// A walk through a value.
#[derive(Debug)]
pub(super) struct Walk {
    /// The containers that it is in, each with where it came from and the number of the next entry.
    levels: Vec<(Value, Origin, usize)>,
    /// The keys that lead to the last of them.
    keys: Vec<Value>,
    path: Reg,
    value: Reg,
}

impl Machine {
    /// Leaves a place to come back to.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn push_choice(&mut self, at: u32, what: Resume, origin: Origin) {
        if let Some(reads) = &mut self.reads {
            reads.choose(self.choices.len(), origin);
        }
        self.choices.push(Choice { at, env: self.env, envs: self.envs.len(), what });
    }

    /// Goes back to the newest choice of the newest frame. `false` if it has none.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn go_back(&mut self) -> Result<bool, Box<Failure>> {
        let floor = self.frames.last().map_or(0, |frame| frame.choices);
        while self.choices.len() > floor {
            let Some(choice) = self.choices.last_mut() else { break };
            self.at = choice.at;
            self.env = choice.env;
            self.envs.truncate(choice.envs);
            let number = self.choices.len() - 1;
            let origin = self.reads.as_mut().map_or(Origin::None, |reads| reads.go_back(number));
            let Some(choice) = self.choices.last_mut() else { break };
            match &mut choice.what {
                Resume::Barrier => {
                    self.choices.pop();
                    return Ok(true);
                }
                Resume::Mark => {
                    self.choices.pop();
                    if let Some(reads) = &mut self.reads {
                        reads.count_since_choice(number);
                    }
                    return Ok(true);
                }
                Resume::Scan { of, next, key, value } => {
                    let entry = entry(of, *next);
                    *next += 1;
                    let (key, value, over) = (*key, *value, *next >= length(of));
                    if over {
                        self.choices.pop();
                    }
                    if let Some(entry) = entry {
                        self.give_entry(entry, origin, key, value)?;
                        return Ok(true);
                    }
                }
                Resume::Walk(walk) => match walk.next(self.reads.as_deref_mut()) {
                    Some((item, origin, path)) => {
                        let (to_path, to_value) = (walk.path, walk.value);
                        self.charge(1 + path.as_ref().map_or(0, |path| path.len() as u64))?;
                        if let Some(path) = path {
                            let path = self.array(path)?;
                            self.put(to_path, path);
                        }
                        self.put_from(to_value, item, origin);
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
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn scan(&mut self, of: Value, origin: Origin, key: Reg, value: Reg) -> Result<bool, Box<Failure>> {
        let count = length(&of);
        let Some(first) = entry(&of, 0) else {
            if let Some(reads) = &mut self.reads {
                reads.use_all(origin);
            }
            return Ok(false);
        };
        if count > 1 {
            self.push_choice(self.at, Resume::Scan { of, next: 1, key, value }, origin);
        }
        self.give_entry(first, origin, key, value)?;
        Ok(true)
    }

    #[cfg_attr(small, optimize(speed))]
    fn give_entry(
        &mut self,
        (name, item): (Value, Value),
        origin: Origin,
        key: Reg,
        value: Reg,
    ) -> Result<(), Box<Failure>> {
        self.charge(1)?;
        let from = self.reads.as_mut().map_or(Origin::None, |reads| reads.read_entry(origin, &name, &item));
        self.put_from(key, name, from);
        self.put_from(value, item, from);
        Ok(())
    }

    /// Begins a walk: the value itself comes first.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn walk(&mut self, of: Value, origin: Origin, path: Reg, value: Reg) -> Result<(), Box<Failure>> {
        if let Some(reads) = &mut self.reads {
            reads.use_all(origin);
        }
        if path != Reg::NONE {
            let empty = self.array(Vec::new())?;
            self.put(path, empty);
        }
        if length(&of) > 0 {
            let walk = Walk { levels: vec![(of.clone(), origin, 0)], keys: Vec::new(), path, value };
            self.push_choice(self.at, Resume::Walk(Box::new(walk)), Origin::None);
        }
        self.put_from(value, of, origin);
        Ok(())
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn charge(&mut self, steps: u64) -> Result<(), Box<Failure>> {
        self.budget.steps(steps).map_err(|reached| self.reached(reached))
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn charge_bytes(&mut self, bytes: usize) -> Result<(), Box<Failure>> {
        self.budget.bytes(bytes as u64).map_err(|reached: Reached| self.reached(reached))
    }
}

impl Walk {
    /// The next value, where it came from, and the path to it if it is wanted.
    #[cfg_attr(small, optimize(speed))]
    fn next(&mut self, mut reads: Option<&mut Reads>) -> Option<(Value, Origin, Option<Vec<Value>>)> {
        loop {
            let (of, origin, next) = self.levels.last_mut()?;
            let Some((key, item)) = entry(of, *next) else {
                self.levels.pop();
                self.keys.pop();
                continue;
            };
            *next += 1;
            let origin = reads.as_mut().map_or(Origin::None, |reads| reads.read_entry(*origin, &key, &item));
            let path = (self.path != Reg::NONE).then(|| {
                let mut path = self.keys.clone();
                path.push(key.clone());
                path
            });
            if length(&item) > 0 {
                self.levels.push((item.clone(), origin, 0));
                self.keys.push(key);
            }
            return Some((item, origin, path));
        }
    }
}

/// How many entries a value has; 0 if it is no collection.
#[cfg_attr(small, optimize(speed))]
pub(super) fn length(value: &Value) -> usize {
    match value {
        Value::Array(array) => array.items().len(),
        Value::Object(object) => object.members().len(),
        Value::Set(set) => set.elements().len(),
        _ => 0,
    }
}

/// The key and the value of an entry, by its number.
#[cfg_attr(small, optimize(speed))]
pub(super) fn entry(value: &Value, index: usize) -> Option<(Value, Value)> {
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
