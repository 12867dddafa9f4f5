//! A document as a tree, which serde reads the structures of the grammar from. A mistake knows its place: each object
//! and list puts its name or index before the place of what is wrong in it. One deserializer for all, so that each
//! structure is compiled once.

use std::borrow::Cow;
use std::fmt::{Display, Formatter, Result as Written};

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::{Deserialize, Serialize, Serializer, forward_to_deserialize_any};
use serde_json::Value;

use crate::place::pointer_token;

/// A value, with its members in the order of the text, and those that stand twice.
#[derive(Debug)]
pub(super) enum Tree<'t> {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'t, str>),
    List(Vec<Tree<'t>>),
    Object(Vec<(Cow<'t, str>, Tree<'t>)>),
}

/// What is wrong, and where: a JSON Pointer.
#[derive(Debug)]
pub(super) struct Fault(Box<(String, String)>);

impl Fault {
    /// The message and the place.
    pub fn told(self) -> (String, String) {
        *self.0
    }

    #[inline(never)]
    fn below(mut self, name: &str) -> Fault {
        self.0.1.insert_str(0, &["/", &pointer_token(name)].concat());
        self
    }

    /// As serde_json says of a text that goes on.
    #[inline(never)]
    fn value_expected() -> Fault {
        Fault::custom("expected value")
    }
}

impl Error for Fault {
    #[inline(never)]
    fn custom<T: Display>(message: T) -> Fault {
        Fault(Box::new((message.to_string(), String::new())))
    }

    #[inline(never)]
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault::custom(format_args!("invalid type: {}, expected {expected}", InJson(found)))
    }

    #[inline(never)]
    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault::custom(format_args!("invalid value: {}, expected {expected}", InJson(found)))
    }
}

/// What was found, in the words of JSON.
struct InJson<'f>(Unexpected<'f>);

impl Display for InJson<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Written {
        match self.0 {
            Unexpected::Unit => formatter.write_str("null"),
            Unexpected::Float(number) => write!(formatter, "floating point `{}`", Value::from(number)),
            found => found.fmt(formatter),
        }
    }
}

impl Display for Fault {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Written {
        self.0.0.fmt(formatter)
    }
}

impl std::error::Error for Fault {}

impl<'t> Tree<'t> {
    /// Reads a text. If it is no JSON, the place is that of the value where the reader stopped.
    pub fn read(text: &'t str) -> Result<Tree<'t>, Fault> {
        let mut at = String::new();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        match deserializer.deserialize_any(Growing { at: &mut at }) {
            Ok(tree) => match deserializer.end() {
                Ok(()) => Ok(tree),
                Err(_) => Err(Fault::custom("more stands after the end of the document")),
            },
            Err(error) => Err(Fault(Box::new((error.to_string(), at)))),
        }
    }
}

/// A tree that is being read, and its place. After an error the place stays.
struct Growing<'p> {
    at: &'p mut String,
}

/// What stands below a name or an index.
struct Branch<'p> {
    at: &'p mut String,
    name: &'p str,
}

impl<'t> DeserializeSeed<'t> for Branch<'_> {
    type Value = Tree<'t>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Tree<'t>, D::Error> {
        let before = self.at.len();
        self.at.extend(["/", pointer_token(self.name).as_str()]);
        let read = deserializer.deserialize_any(Growing { at: self.at })?;
        self.at.truncate(before);
        Ok(read)
    }
}

impl<'t> Visitor<'t> for Growing<'_> {
    type Value = Tree<'t>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree<'t>, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree<'t>, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree<'t>, E> {
        Ok(Tree::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree<'t>, E> {
        Ok(Tree::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree<'t>, E> {
        Ok(Tree::Float(value))
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Tree<'t>, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree<'t>, E> {
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut list: A) -> Result<Tree<'t>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(Branch { at: self.at, name: &items.len().to_string() })? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Tree<'t>, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<Cow<'t, str>>()? {
            let value = map.next_value_seed(Branch { at: self.at, name: &name })?;
            members.push((name, value));
        }
        Ok(Tree::Object(members))
    }
}

impl<'de> Deserializer<'de> for &Tree<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Boolean(value) => visitor.visit_bool(*value),
            Tree::Unsigned(value) => visitor.visit_u64(*value),
            Tree::Signed(value) => visitor.visit_i64(*value),
            Tree::Float(value) => visitor.visit_f64(*value),
            Tree::Text(text) => visitor.visit_str(text),
            Tree::List(items) => {
                let mut rest = Items { all: items, next: 0 };
                let read = visitor.visit_seq(&mut rest)?;
                match rest.next == items.len() {
                    true => Ok(read),
                    false => Err(Fault::custom("trailing characters")),
                }
            }
            Tree::Object(members) => visitor.visit_map(Members { rest: members.iter(), current: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &str, visitor: V) -> Result<V::Value, Fault> {
        match name {
            PART => visitor.visit_string(serde_json::to_string(self).unwrap_or_default()),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self {
            Tree::Text(text) => visitor.visit_enum(Variant { name: text, value: None }),
            Tree::Object(members) => {
                let [(name, value), rest @ ..] = members.as_slice() else { return Err(Fault::value_expected()) };
                let read = visitor.visit_enum(Variant { name, value: Some(value) })?;
                if rest.is_empty() { Ok(read) } else { Err(Fault::value_expected()) }
            }
            _ => Err(Fault::value_expected()),
        }
    }

    /// Serde would take a number for the name at that place.
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Tree::Unsigned(number) => Err(Fault::invalid_type(Unexpected::Unsigned(*number), &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct ignored_any
    }
}

struct Items<'n, 't> {
    all: &'n [Tree<'t>],
    next: usize,
}

impl<'de> SeqAccess<'de> for &mut Items<'_, '_> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some(item) = self.all.get(self.next) else { return Ok(None) };
        self.next += 1;
        seed.deserialize(item).map(Some).map_err(|fault| fault.below(&(self.next - 1).to_string()))
    }
}

struct Members<'n, 't> {
    rest: std::slice::Iter<'n, (Cow<'t, str>, Tree<'t>)>,
    current: Option<&'n (Cow<'t, str>, Tree<'t>)>,
}

impl<'de> MapAccess<'de> for Members<'_, '_> {
    type Error = Fault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.current = self.rest.next();
        let Some((name, _)) = self.current else { return Ok(None) };
        seed.deserialize(named(name)).map(Some).map_err(|fault| fault.below(name))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some((name, value)) = self.current else { return Err(Fault::value_expected()) };
        seed.deserialize(value).map_err(|fault| fault.below(name))
    }
}

fn named(name: &str) -> StrDeserializer<'_, Fault> {
    name.into_deserializer()
}

/// A word, or an object with one member.
struct Variant<'n, 't> {
    name: &'n str,
    value: Option<&'n Tree<'t>>,
}

impl<'n, 't, 'de> EnumAccess<'de> for Variant<'n, 't> {
    type Error = Fault;
    type Variant = Inside<'n, 't>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Inside<'n, 't>), Fault> {
        Ok((seed.deserialize(named(self.name))?, Inside(self.value)))
    }
}

struct Inside<'n, 't>(Option<&'n Tree<'t>>);

impl<'de> VariantAccess<'de> for Inside<'_, '_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        self.0.map_or(Ok(()), <()>::deserialize)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        match self.0 {
            Some(value) => seed.deserialize(value),
            None => Err(Fault::invalid_type(Unexpected::UnitVariant, &"newtype variant")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Some(value) => value.deserialize_any(visitor),
            None => Err(Fault::invalid_type(Unexpected::UnitVariant, &"tuple variant")),
        }
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Some(value) => value.deserialize_any(visitor),
            None => Err(Fault::invalid_type(Unexpected::UnitVariant, &"struct variant")),
        }
    }
}

/// A part of a document as JSON text, for a grammar of its own.
#[derive(Debug)]
pub(crate) struct Part(String);

const PART: &str = "part of a document";

impl Part {
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Part, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Part;
            fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
                formatter.write_str("a part of a document")
            }
            fn visit_str<E>(self, text: &str) -> Result<Part, E> {
                Ok(Part(text.to_owned()))
            }
            fn visit_string<E>(self, text: String) -> Result<Part, E> {
                Ok(Part(text))
            }
        }
        deserializer.deserialize_newtype_struct(PART, Text)
    }
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Tree::Null => serializer.serialize_unit(),
            Tree::Boolean(value) => serializer.serialize_bool(*value),
            Tree::Unsigned(value) => serializer.serialize_u64(*value),
            Tree::Signed(value) => serializer.serialize_i64(*value),
            Tree::Float(value) => serializer.serialize_f64(*value),
            Tree::Text(text) => serializer.serialize_str(text),
            Tree::List(items) => serializer.collect_seq(items),
            Tree::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}
