//! Serde would accept a list in place of an object, member by member, and `{ "hex": null }` in place of the word
//! `hex`. The language has one way to write each, so every type of the grammar is read through one of these.

use std::collections::BTreeMap;
use std::fmt::{Formatter, Result as Written};
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The longest time in a contract, in seconds.
pub(crate) const YEAR: u32 = 31_536_000;

/// Reads a type from a value that is known to be an object.
pub(crate) trait FromObject<'de>: Sized {
    fn from_object<A: MapAccess<'de>>(object: MapAccessDeserializer<A>) -> Result<Self, A::Error>;
}

/// Reads a type from a value that is known to be a word.
pub(crate) trait FromWord: Sized {
    fn from_word<E: Error>(word: StrDeserializer<'_, E>) -> Result<Self, E>;
}

pub(crate) fn object<'de, T: FromObject<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Object<T>(PhantomData<T>);
    impl<'de, T: FromObject<'de>> Visitor<'de> for Object<T> {
        type Value = T;
        fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
            formatter.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            T::from_object(MapAccessDeserializer::new(map))
        }
    }
    deserializer.deserialize_map(Object(PhantomData))
}

pub(crate) fn word<'de, T: FromWord, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Word<T>(PhantomData<T>);
    impl<T: FromWord> Visitor<'_> for Word<T> {
        type Value = T;
        fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
            formatter.write_str("a word of the language")
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            T::from_word(text.into_deserializer())
        }
    }
    deserializer.deserialize_str(Word(PhantomData))
}

/// For `Option`: a member that is present has a value, and `null` is not one. Serde alone would treat it as absent.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For a text that must be left out instead of being empty.
pub(crate) fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    not_empty(String::deserialize(deserializer)?).map(Some)
}

/// A list of such texts, which must be left out instead of being empty.
pub(crate) fn all_said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    filled::<String, D>(deserializer)?.into_iter().map(not_empty).collect()
}

pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    not_empty(String::deserialize(deserializer)?)
}

fn not_empty<E: Error>(text: String) -> Result<String, E> {
    if text.is_empty() { Err(E::custom("the text is empty: one character at least is meant here")) } else { Ok(text) }
}

/// For an object that must be left out instead of being empty.
pub(crate) fn filled_map<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let members = BTreeMap::deserialize(deserializer)?;
    if members.is_empty() { Err(D::Error::custom(EMPTY)) } else { Ok(members) }
}

/// The same, for a member that may be left out.
pub(crate) fn given_map<'de, K, V, D>(deserializer: D) -> Result<Option<BTreeMap<K, V>>, D::Error>
where
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    filled_map(deserializer).map(Some)
}

/// The message about an empty object.
pub(crate) const EMPTY: &str = "the object is empty: one member at least is meant here";

/// For a list that must be left out instead of being empty.
pub(crate) fn filled<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::deserialize(deserializer)?;
    if list.is_empty() { Err(D::Error::custom("the list is empty: one item at least is meant here")) } else { Ok(list) }
}

/// The same, without repeated values.
pub(crate) fn set<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de> + PartialEq,
    D: Deserializer<'de>,
{
    let list: Vec<T> = filled(deserializer)?;
    let twice = list.iter().enumerate().any(|(index, item)| list.iter().take(index).any(|other| other == item));
    if twice { Err(D::Error::custom("an item of the list stands twice")) } else { Ok(list) }
}

/// Implements `Deserialize` for types that derive it with `remote = "Self"`, from objects or from words only.
macro_rules! read_from {
    (objects: $($object:ident),*; words: $($word:ident),*;) => {
        $(
            impl<'de> crate::grammar::strict::FromObject<'de> for $object {
                fn from_object<A: serde::de::MapAccess<'de>>(
                    object: serde::de::value::MapAccessDeserializer<A>,
                ) -> Result<Self, A::Error> {
                    $object::deserialize(object)
                }
            }
            impl<'de> Deserialize<'de> for $object {
                // One function each: a WebAssembly compiler takes far longer over one that contains them all.
                #[inline(never)]
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::grammar::strict::object(deserializer)
                }
            }
        )*
        $(
            impl crate::grammar::strict::FromWord for $word {
                fn from_word<E: serde::de::Error>(
                    word: serde::de::value::StrDeserializer<'_, E>,
                ) -> Result<Self, E> {
                    $word::deserialize(word)
                }
            }
            impl<'de> Deserialize<'de> for $word {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::grammar::strict::word(deserializer)
                }
            }
        )*
    };
}

pub(crate) use read_from;
