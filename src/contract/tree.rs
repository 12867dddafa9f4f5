//! A document as a tree, and serde's types read from it: every type of the grammar is then compiled for this one
//! deserializer, which knows the place of a mistake, and not once for each way in which a text is read. Two members
//! of one name stay two, so that a type can refuse them.

use std::fmt::{Formatter, Result as Written};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};

#[derive(Clone, Debug)]
pub(crate) enum Tree {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// A mistake in the words of `serde_json`, and the members and items that lead to it.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub at: String,
    pub error: serde_json::Error,
}

impl Mistake {
    #[cold]
    #[inline(never)]
    fn below(mut self, step: &str) -> Self {
        self.at = ["/", step, &self.at].concat();
        self
    }

    #[cold]
    #[inline(never)]
    fn in_list(self, index: usize) -> Self {
        self.below(&index.to_string())
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Written {
        self.error.fmt(formatter)
    }
}

impl std::error::Error for Mistake {}

impl serde::de::Error for Mistake {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Mistake { at: String::new(), error: serde_json::Error::custom(message) }
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Mistake { at: String::new(), error: serde_json::Error::invalid_type(unexpected, expected) }
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Mistake { at: String::new(), error: serde_json::Error::invalid_value(unexpected, expected) }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyTree)
    }
}

struct AnyTree;

impl<'de> Visitor<'de> for AnyTree {
    type Value = Tree;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> Written {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Boolean(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Tree::Object(object))
    }
}

impl Tree {
    #[cold]
    #[inline(never)]
    fn wrong(&self, expected: &dyn Expected) -> Mistake {
        let got = match self {
            Tree::Null => Unexpected::Unit,
            Tree::Boolean(value) => Unexpected::Bool(*value),
            Tree::Unsigned(value) => Unexpected::Unsigned(*value),
            Tree::Signed(value) => Unexpected::Signed(*value),
            Tree::Float(value) => Unexpected::Float(*value),
            Tree::Text(text) => Unexpected::Str(text),
            Tree::List(_) => Unexpected::Seq,
            Tree::Object(_) => Unexpected::Map,
        };
        Mistake::invalid_type(got, expected)
    }
}

impl Tree {
    fn integer<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Tree::Unsigned(value) => visitor.visit_u64(*value),
            Tree::Signed(value) => visitor.visit_i64(*value),
            other => Err(other.wrong(&visitor)),
        }
    }

    fn text<'de, V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Tree::Text(text) => visitor.visit_borrowed_str(text),
            other => Err(other.wrong(&visitor)),
        }
    }
}

fn list<'de, V: Visitor<'de>>(list: &'de [Tree], visitor: V) -> Result<V::Value, Mistake> {
    let mut items = Items { left: list.iter(), index: 0 };
    let value = visitor.visit_seq(&mut items)?;
    if items.left.len() == 0 { Ok(value) } else { Err(Mistake::custom("trailing characters")) }
}

fn object<'de, V: Visitor<'de>>(object: &'de [(String, Tree)], visitor: V) -> Result<V::Value, Mistake> {
    visitor.visit_map(Members { left: object.iter(), value: None })
}

/// Each asks the visitor for the one thing that it is for: anything else is a mistake, which is told in one place.
macro_rules! read_by {
    ($($method:ident: $by:ident),+) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
                self.$by(visitor)
            }
        )+
    };
}

impl<'de> Deserializer<'de> for &'de Tree {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Boolean(value) => visitor.visit_bool(*value),
            Tree::Unsigned(value) => visitor.visit_u64(*value),
            Tree::Signed(value) => visitor.visit_i64(*value),
            Tree::Float(value) => visitor.visit_f64(*value),
            Tree::Text(text) => visitor.visit_borrowed_str(text),
            Tree::List(items) => list(items, visitor),
            Tree::Object(members) => object(members, visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Tree::Boolean(value) => visitor.visit_bool(*value),
            other => Err(other.wrong(&visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Tree::List(items) => list(items, visitor),
            other => Err(other.wrong(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Tree::Object(members) => object(members, visitor),
            other => Err(other.wrong(&visitor)),
        }
    }

    read_by! {
        deserialize_i8: integer, deserialize_i16: integer, deserialize_i32: integer, deserialize_i64: integer,
        deserialize_u8: integer, deserialize_u16: integer, deserialize_u32: integer, deserialize_u64: integer,
        deserialize_char: text, deserialize_str: text, deserialize_string: text, deserialize_identifier: text
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mistake> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Tree::Null => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_unit()
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match self {
            Tree::Text(word) => visitor.visit_enum(Variant { name: word, content: None }),
            Tree::Object(members) => match members.as_slice() {
                [] => Err(unclear()),
                [(name, content), rest @ ..] => {
                    let value = visitor.visit_enum(Variant { name, content: Some(content) })?;
                    if rest.is_empty() { Ok(value) } else { Err(unclear()) }
                }
            },
            _ => Err(unclear()),
        }
    }

    forward_to_deserialize_any! { f32 f64 bytes byte_buf unit unit_struct tuple_struct }
}

fn unclear() -> Mistake {
    Mistake::custom("expected value")
}

struct Items<'de> {
    left: std::slice::Iter<'de, Tree>,
    index: usize,
}

impl<'de> SeqAccess<'de> for &mut Items<'de> {
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Mistake> {
        let Some(item) = self.left.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(item).map(Some).map_err(|mistake| mistake.in_list(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

struct Members<'de> {
    left: std::slice::Iter<'de, (String, Tree)>,
    value: Option<(&'de str, &'de Tree)>,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Mistake> {
        let Some((name, value)) = self.left.next() else { return Ok(None) };
        self.value = Some((name, value));
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some).map_err(|mistake: Mistake| mistake.below(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mistake> {
        let Some((name, value)) = self.value.take() else { return Err(unclear()) };
        seed.deserialize(value).map_err(|mistake| mistake.below(name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.len())
    }
}

struct Variant<'de> {
    name: &'de str,
    content: Option<&'de Tree>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Mistake;
    type Variant = Content<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'de>), Mistake> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.name))?, Content(self.content)))
    }
}

struct Content<'de>(Option<&'de Tree>);

impl<'de> Content<'de> {
    fn tree(self, expected: &str) -> Result<&'de Tree, Mistake> {
        self.0.ok_or_else(|| Mistake::invalid_type(Unexpected::UnitVariant, &expected))
    }
}

impl<'de> VariantAccess<'de> for Content<'de> {
    type Error = Mistake;

    fn unit_variant(self) -> Result<(), Mistake> {
        self.0.map_or(Ok(()), Deserialize::deserialize)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mistake> {
        seed.deserialize(self.tree("newtype variant")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mistake> {
        self.tree("tuple variant")?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mistake> {
        self.tree("struct variant")?.deserialize_map(visitor)
    }
}
