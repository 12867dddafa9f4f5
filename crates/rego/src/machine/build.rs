//! Values that are made of others. Each is paid for before it is made.

use std::collections::BTreeMap;

use super::{Failure, FailureCode, Machine};
use crate::budget::Reached;
use crate::plan::{Arg, Collection};
use crate::value::Value;

/// What a collection has so far.
#[derive(Debug)]
pub(super) enum Collected {
    Items(Vec<Value>),
    Members(Vec<(Value, Value)>),
    Tree(Tree),
}

/// The members of a document with keys.
#[derive(Debug)]
pub(super) enum Tree {
    /// A value that one rule gave.
    Value(Value),
    /// A set of what rules gave.
    Set(Vec<Value>),
    /// Members below.
    Members(BTreeMap<Value, Tree>),
}

const UNIQUE: &str = "object keys must be unique";

impl Machine {
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn array(&mut self, items: Vec<Value>) -> Result<Value, Box<Failure>> {
        self.charge_bytes(48 + size_of::<Value>() * items.len())?;
        self.made(Value::array(items))
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn set(&mut self, elements: Vec<Value>) -> Result<Value, Box<Failure>> {
        self.charge_bytes(48 + size_of::<Value>() * elements.len())?;
        self.charge_order(elements.len(), elements.iter())?;
        self.made(Value::set(elements))
    }

    /// An object. Of equal keys the last stays.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn object(&mut self, members: Vec<(Value, Value)>) -> Result<Value, Box<Failure>> {
        self.charge_members(&members)?;
        self.made(Value::object(members))
    }

    /// The object of a comprehension. Two values at one key are a conflict, unless they are the same.
    #[cfg_attr(small, optimize(speed))]
    fn object_of(&mut self, mut members: Vec<(Value, Value)>) -> Result<Value, Box<Failure>> {
        self.charge_members(&members)?;
        if !members.is_sorted_by(|left, right| left.0 < right.0) {
            members.sort_by(|left, right| left.0.cmp(&right.0));
            let mut previous: Option<&(Value, Value)> = None;
            for member in &members {
                if let Some(previous) = previous.filter(|previous| previous.0 == member.0) {
                    let (left, right) = (previous.1.clone(), member.1.clone());
                    if !self.equal(&left, &right)? {
                        return Err(self.failure(FailureCode::Conflict, UNIQUE));
                    }
                }
                previous = Some(member);
            }
        }
        self.made(Value::object(members))
    }

    #[cfg_attr(small, optimize(speed))]
    fn charge_members(&mut self, members: &[(Value, Value)]) -> Result<(), Box<Failure>> {
        self.charge_bytes(48 + 2 * size_of::<Value>() * members.len())?;
        self.charge_order(members.len(), members.iter().map(|(key, _)| key))
    }

    /// Charges what it takes to put values in order: each is compared as often as their number has digits.
    #[cfg_attr(small, optimize(speed))]
    fn charge_order<'a>(&mut self, count: usize, values: impl Iterator<Item = &'a Value>) -> Result<(), Box<Failure>> {
        let digits = u64::from(usize::BITS - count.leading_zeros());
        let heavy = values.fold(0_u64, |sum, value| sum.saturating_add(value.weight() - 1));
        self.charge((count as u64).saturating_add(heavy.saturating_mul(digits)))
    }

    /// A new value may not be nested too deep.
    #[cfg_attr(small, optimize(speed))]
    fn made(&mut self, value: Value) -> Result<Value, Box<Failure>> {
        if value.depth() > self.settings.limits.depth {
            return Err(self.reached(Reached("value-depth")));
        }
        Ok(value)
    }

    /// Whether two values are the same. Equal values are nested equally deep, so only such are compared.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn equal(&mut self, left: &Value, right: &Value) -> Result<bool, Box<Failure>> {
        if left.depth() != right.depth() {
            return Ok(false);
        }
        self.charge_comparison(left.weight().min(right.weight()))?;
        Ok(left == right)
    }

    /// Charges the comparison of values, by the weight of the lighter one.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn charge_comparison(&mut self, weight: u64) -> Result<(), Box<Failure>> {
        if weight > 1 { self.charge(weight) } else { Ok(()) }
    }

    /// Begins to collect what a document has.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn open(&mut self, collected: Collected) {
        self.collected.push(collected);
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn push(&mut self, value: Value) -> Result<(), Box<Failure>> {
        self.charge_bytes(size_of::<Value>())?;
        if let Some(Collected::Items(items)) = self.collected.last_mut() {
            items.push(value);
        }
        Ok(())
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn push_member(&mut self, key: Value, value: Value) -> Result<(), Box<Failure>> {
        self.charge_bytes(2 * size_of::<Value>())?;
        if let Some(Collected::Members(members)) = self.collected.last_mut() {
            members.push((key, value));
        }
        Ok(())
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn close(&mut self, what: Collection) -> Result<Value, Box<Failure>> {
        match (what, self.collected.pop()) {
            (Collection::Set, Some(Collected::Items(items))) => self.set(items),
            (_, Some(Collected::Items(items))) => self.array(items),
            (_, Some(Collected::Members(members))) => self.object_of(members),
            (_, _) => self.array(Vec::new()),
        }
    }

    /// Begins a comprehension.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn open_comprehension(&mut self, what: Collection) {
        self.open(match what {
            Collection::Object => Collected::Members(Vec::new()),
            _ => Collected::Items(Vec::new()),
        });
        if let Some(reads) = &mut self.reads {
            reads.open();
        }
    }

    /// Adds to a comprehension.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn push_to_comprehension(&mut self, what: Collection, key: Arg, value: Arg) -> Result<(), Box<Failure>> {
        let item = self.value(value).clone();
        if self.reads.is_some() {
            let key = match (what, self.collected.last()) {
                (Collection::Array, Some(Collected::Items(items))) => {
                    Value::from(i64::try_from(items.len()).unwrap_or(i64::MAX))
                }
                (Collection::Set, _) => item.clone(),
                _ => self.value(key).clone(),
            };
            self.use_all(value);
            let origin = self.origin(value);
            if let Some(reads) = &mut self.reads {
                reads.push(key, origin);
            }
        }
        match what {
            Collection::Object => self.push_member(self.value(key).clone(), item),
            _ => self.push(item),
        }
    }

    /// Puts a member into the newest document with keys.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn insert(&mut self, keys: Vec<Value>, value: Value, element: bool) -> Result<(), Box<Failure>> {
        let depth = u64::from(value.depth()) + keys.len() as u64;
        if depth > u64::from(self.settings.limits.depth) {
            return Err(self.reached(Reached("value-depth")));
        }
        // Twice a vector's room: the members are made into objects in the end.
        self.charge_bytes(4 * size_of::<Value>() * (keys.len() + 1))?;
        let heavy = keys.iter().fold(0_u64, |sum, key| sum.saturating_add(key.weight() - 1));
        self.charge(heavy.saturating_mul(20).saturating_add(keys.len() as u64))?;
        let Some(Collected::Tree(mut tree)) = self.collected.pop() else { return Ok(()) };
        let placed = self.place(&mut tree, keys, value, element);
        self.collected.push(Collected::Tree(tree));
        placed
    }

    #[cfg_attr(small, optimize(speed))]
    fn place(&mut self, tree: &mut Tree, keys: Vec<Value>, value: Value, element: bool) -> Result<(), Box<Failure>> {
        let mut at = tree;
        let mut new = false;
        for key in keys {
            if new {
                *at = Tree::Members(BTreeMap::new());
            }
            let Tree::Members(members) = at else { return Err(self.failure(FailureCode::Conflict, UNIQUE)) };
            new = !members.contains_key(&key);
            at = members.entry(key).or_insert(Tree::Set(Vec::new()));
        }
        match at {
            Tree::Set(elements) if element => elements.push(value),
            at if new => *at = Tree::Value(value),
            Tree::Value(old) if !element => {
                let old = old.clone();
                if !self.equal(&old, &value)? {
                    return Err(self.failure(FailureCode::Conflict, UNIQUE));
                }
            }
            _ => return Err(self.failure(FailureCode::Conflict, UNIQUE)),
        }
        Ok(())
    }

    /// The value of a document with keys. Its depth was checked when its members came.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn tree(&mut self, tree: Tree) -> Result<Value, Box<Failure>> {
        // Levels that are open: their members so far, the key of the next, and what is left.
        type Level = (Vec<(Value, Value)>, Option<Value>, std::collections::btree_map::IntoIter<Value, Tree>);
        let mut levels: Vec<Level> = Vec::new();
        let mut next = tree;
        loop {
            let mut value = match next {
                Tree::Value(value) => value,
                Tree::Set(elements) => self.set(elements)?,
                Tree::Members(members) => {
                    levels.push((Vec::with_capacity(members.len()), None, members.into_iter()));
                    Value::Null
                }
            };
            // A value is done: it goes into its level, which may be done then, too.
            loop {
                let Some((members, key, rest)) = levels.last_mut() else { return Ok(value) };
                if let Some(key) = key.take() {
                    members.push((key, value));
                }
                if let Some((key_of_next, tree)) = rest.next() {
                    *key = Some(key_of_next);
                    next = tree;
                    break;
                }
                let members = std::mem::take(members);
                levels.pop();
                value = self.object(members)?;
            }
        }
    }

    /// The values of a list of the program.
    #[cfg_attr(small, optimize(speed))]
    pub(super) fn values(&self, list: u32, count: u32) -> Vec<Value> {
        self.args(list, count).iter().map(|arg| self.value(*arg).clone()).collect()
    }

    #[cfg_attr(small, optimize(speed))]
    pub(super) fn args(&self, list: u32, count: u32) -> &[Arg] {
        let first = list as usize;
        self.program.lists.get(first..first + count as usize).unwrap_or_default()
    }
}
