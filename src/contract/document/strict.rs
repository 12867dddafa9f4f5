//! Serde would take a list for an object, member by member, and `{ "hex": null }` for the word `hex`. The
//! language has one way to write each, so every type of the grammar is read through one of these two.

use std::fmt::{Formatter, Result as Written};
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, IntoDeserializer, MapAccess, Visitor};

/// What reads a type from what is known to be an object.
pub(crate) trait FromObject<'de>: Sized {
    fn from_object<A: MapAccess<'de>>(object: MapAccessDeserializer<A>) -> Result<Self, A::Error>;
}

/// What reads a type from what is known to be a word.
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

/// `Deserialize` for types that derive it with `remote = "Self"`, from objects or from words alone.
macro_rules! read_from {
    (objects: $($object:ident),+; words: $($word:ident),*;) => {
        $(
            impl<'de> crate::contract::document::strict::FromObject<'de> for $object {
                fn from_object<A: serde::de::MapAccess<'de>>(
                    object: serde::de::value::MapAccessDeserializer<A>,
                ) -> Result<Self, A::Error> {
                    $object::deserialize(object)
                }
            }
            impl<'de> Deserialize<'de> for $object {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::contract::document::strict::object(deserializer)
                }
            }
        )+
        $(
            impl crate::contract::document::strict::FromWord for $word {
                fn from_word<E: serde::de::Error>(
                    word: serde::de::value::StrDeserializer<'_, E>,
                ) -> Result<Self, E> {
                    $word::deserialize(word)
                }
            }
            impl<'de> Deserialize<'de> for $word {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::contract::document::strict::word(deserializer)
                }
            }
        )*
    };
}

pub(crate) use read_from;
