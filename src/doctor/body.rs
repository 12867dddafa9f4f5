//! Repairs of the body: from what arrived to what may have been signed. Each is a recipe that is followed only
//! when its turn comes, so that many copies of a large body are never in memory at once.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};

use super::fault::{CauseId, Fault};
use super::form;
use super::json::{self, Node};
use super::style::{self, ESCAPES, Escapes, LAYOUTS, Layout};

/// The body as it arrived, and what its repairs need from it.
pub(super) struct Patient<'a> {
    body: &'a [u8],
    /// The body without its byte order mark, if it is UTF-8.
    text: Option<&'a str>,
    tree: Option<Node<'a>>,
}

#[derive(Clone, Copy)]
pub(super) struct Repair {
    id: CauseId,
    message: Message,
    recipe: Recipe,
}

#[derive(Clone, Copy)]
enum Message {
    Plain(&'static str),
    Written(&'static str, bool),
}

#[derive(Clone, Copy)]
enum Recipe {
    Bytes(fn(&[u8]) -> Option<Vec<u8>>),
    Escapes(&'static Escapes),
    Text(fn(&str) -> Option<String>),
    Written { layout: &'static Layout, escapes: &'static Escapes, sorted: bool, newline: bool },
}

const BOM: &[u8] = b"\xef\xbb\xbf";

impl<'a> Patient<'a> {
    pub fn new(body: &'a [u8]) -> Patient<'a> {
        let text = std::str::from_utf8(body.strip_prefix(BOM).unwrap_or(body)).ok();
        Patient { body, text, tree: text.and_then(json::read) }
    }

    /// The repairs that can change this body, the likely and small ones first.
    pub fn repairs(&self) -> Vec<Repair> {
        let mut repairs = [PLAIN.as_slice(), &form::REPAIRS].concat();
        let Some(tree) = &self.tree else { return repairs };
        let mut seen = BTreeSet::new();
        let mut distinct = |text: String| seen.insert(fingerprint(text.as_bytes()));
        let Some(first) = LAYOUTS.first() else { return repairs };
        let escapes: Vec<&Escapes> =
            ESCAPES.iter().filter(|escapes| distinct(style::write(tree, first, escapes, false))).collect();
        let sorts = escapes.first().is_some_and(|escapes| distinct(style::write(tree, first, escapes, true)));
        repairs.extend(escapes.iter().map(|escapes| Repair {
            id: CauseId::BodyEscapes,
            message: Message::Plain(escapes.name),
            recipe: Recipe::Escapes(escapes),
        }));
        for (sorted, newline) in [(false, false), (false, true), (true, false), (true, true)] {
            if sorted && !sorts {
                continue;
            }
            for escapes in &escapes {
                repairs.extend(LAYOUTS.iter().map(|layout| Repair {
                    id: CauseId::BodyReserialised,
                    message: Message::Written(layout.name, sorted),
                    recipe: Recipe::Written { layout, escapes, sorted, newline },
                }));
            }
        }
        repairs
    }

    /// What may have been signed; `None` if the recipe changes nothing.
    pub fn follow(&self, repair: &Repair) -> Option<Vec<u8>> {
        let repaired = match repair.recipe {
            Recipe::Bytes(recipe) => recipe(self.body),
            Recipe::Escapes(escapes) => style::escape(self.text?, escapes).map(String::into_bytes),
            Recipe::Text(recipe) => recipe(self.text?).map(String::into_bytes),
            Recipe::Written { layout, escapes, sorted, newline } => {
                let mut text = style::write(self.tree.as_ref()?, layout, escapes, sorted);
                if newline {
                    text.push('\n');
                }
                Some(text.into_bytes())
            }
        };
        repaired.filter(|repaired| repaired != self.body)
    }

    pub fn fault(&self, repair: &Repair, repaired: &[u8]) -> Fault {
        let message = match repair.message {
            Message::Plain(text) if repair.id == CauseId::BodyEscapes => {
                format!("the body's strings were escaped anew on the way: what was signed has {text}")
            }
            Message::Plain(text) => text.to_owned(),
            Message::Written(layout, sorted) => {
                let order = if sorted { ", its members sorted by name" } else { "" };
                format!("the body was parsed and written again on the way: what was signed is {layout}{order}")
            }
        };
        Fault::new(repair.id, edits(self.body, repaired), "body", message)
    }
}

impl Repair {
    /// The fault before the repair is followed.
    pub fn unmeasured(&self) -> Fault {
        Fault::new(self.id, 0, "body", "")
    }
}

/// Used to skip what was already tried. It is not for security: on a collision a body is merely not tried.
pub(super) fn fingerprint(bytes: &[u8]) -> (usize, u64) {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    (bytes.len(), hasher.finish())
}

/// The bytes from the first to the last difference; if only carriage returns differ, how many came or went.
fn edits(from: &[u8], to: &[u8]) -> usize {
    let solid = |bytes: &[u8]| bytes.iter().filter(|byte| **byte != b'\r').copied().collect::<Vec<u8>>();
    if from.len() != to.len() && solid(from) == solid(to) {
        return from.len().abs_diff(to.len());
    }
    let start = from.iter().zip(to).take_while(|(a, b)| a == b).count();
    let (from_rest, to_rest) = (from.get(start..).unwrap_or_default(), to.get(start..).unwrap_or_default());
    let end = from_rest.iter().rev().zip(to_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    (from_rest.len().max(to_rest.len()) - end).max(1)
}

pub(super) const fn bytes(id: CauseId, message: &'static str, recipe: fn(&[u8]) -> Option<Vec<u8>>) -> Repair {
    Repair { id, message: Message::Plain(message), recipe: Recipe::Bytes(recipe) }
}

const fn text(id: CauseId, message: &'static str, recipe: fn(&str) -> Option<String>) -> Repair {
    Repair { id, message: Message::Plain(message), recipe: Recipe::Text(recipe) }
}

const PLAIN: [Repair; 23] = [
    bytes(CauseId::BodyNewlineLost, "what was signed ends in a line feed that did not arrive", |b| {
        Some([b, b"\n"].concat())
    }),
    bytes(CauseId::BodyNewlineLost, "what was signed ends in CR LF that did not arrive", |b| {
        Some([b, b"\r\n"].concat())
    }),
    bytes(CauseId::BodyNewlineAdded, "the body ends in a line feed that was not signed", |b| {
        b.strip_suffix(b"\n").map(<[u8]>::to_vec)
    }),
    bytes(CauseId::BodyNewlineAdded, "the body ends in CR LF that was not signed", |b| {
        b.strip_suffix(b"\r\n").map(<[u8]>::to_vec)
    }),
    bytes(CauseId::BodyNewlineAdded, "white space around the body was not signed", |b| Some(b.trim_ascii().to_vec())),
    bytes(CauseId::BodyNewlineAdded, "white space after the body was not signed", |b| {
        Some(b.trim_ascii_end().to_vec())
    }),
    bytes(CauseId::BodyBom, "the body begins with a byte order mark that was not signed", |b| {
        b.strip_prefix(BOM).map(<[u8]>::to_vec)
    }),
    bytes(CauseId::BodyBom, "what was signed begins with a byte order mark that did not arrive", |b| {
        Some([BOM, b].concat())
    }),
    bytes(CauseId::BodyCrlf, "line breaks were turned from LF into CR LF on the way", |b| Some(unix(b))),
    bytes(CauseId::BodyCrlf, "line breaks were turned from CR LF into LF on the way", |b| Some(windows(b))),
    bytes(CauseId::BodyCrlf, "line breaks were turned from CR LF into LF on the way, and the last one was lost", |b| {
        Some([windows(b).as_slice(), b"\r\n"].concat())
    }),
    bytes(CauseId::BodyCrlf, "line breaks were dropped on the way, or are of another kind", |b| {
        Some(b.iter().filter(|b| **b != b'\r' && **b != b'\n').copied().collect())
    }),
    bytes(CauseId::BodyLatin1, "the body's UTF-8 was read as Latin-1 on the way and written as UTF-8 once more", |b| {
        from_latin1(std::str::from_utf8(b).ok()?)
    }),
    bytes(
        CauseId::BodyLatin1,
        "the body's UTF-8 was read as Windows-1252 on the way and written as UTF-8 once more",
        |b| from_windows(std::str::from_utf8(b).ok()?),
    ),
    bytes(CauseId::BodyLatin1, "what was signed is UTF-8, and the body arrived in Latin-1", |b| {
        (!b.is_ascii()).then(|| b.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes())
    }),
    bytes(CauseId::BodyBase64, "the body is still in base64: what was signed is what it decodes to", |b| {
        BASE64.decode(&unwrapped(b)).ok().filter(|b| !b.is_empty())
    }),
    bytes(CauseId::BodyBase64, "the body is still in base64url: what was signed is what it decodes to", |b| {
        let inner = unwrapped(b);
        BASE64URL.decode(&inner).or_else(|_| BASE64URL_NOPAD.decode(&inner)).ok().filter(|b| !b.is_empty())
    }),
    bytes(CauseId::BodyBase64, "what was signed is the body's base64", |b| Some(BASE64.encode(b).into_bytes())),
    bytes(CauseId::BodyBase64, "what was signed is the body's base64 in lines of 76 characters", |b| {
        Some(wrapped(b, b"\r\n"))
    }),
    bytes(CauseId::BodyBase64, "what was signed is the body's base64 in lines of 76 characters", |b| {
        Some(wrapped(b, b"\n"))
    }),
    text(CauseId::BodyReserialised, "the body is a JSON string: what was signed is the text inside it", |t| {
        json::decoded(t.trim())
    }),
    text(CauseId::BodyReserialised, "what was signed is the body as a JSON string", |t| Some(style::quoted(t))),
    text(CauseId::BodyTruncated, "the end of the body was cut off: what was signed closes what it leaves open", |t| {
        Some([t, &json::closers(t)?].concat())
    }),
];

fn unix(body: &[u8]) -> Vec<u8> {
    let pairs = body.iter().zip(body.iter().skip(1).map(Some).chain([None]));
    pairs.filter(|(byte, next)| !(**byte == b'\r' && *next == Some(&b'\n'))).map(|(byte, _)| *byte).collect()
}

fn windows(body: &[u8]) -> Vec<u8> {
    let unix = unix(body);
    unix.split(|byte| *byte == b'\n').collect::<Vec<_>>().join(b"\r\n".as_slice())
}

/// Every character as the byte of its code point.
pub(super) fn from_latin1(text: &str) -> Option<Vec<u8>> {
    (!text.is_ascii()).then(|| text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect())?
}

/// The bytes 0x80 to 0x9f in Windows-1252; a byte that it does not define is the control character itself.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

pub(super) fn from_windows(text: &str) -> Option<Vec<u8>> {
    let byte = |c: char| match WINDOWS.chars().position(|own| own == c) {
        Some(at) => u8::try_from(0x80 + at).ok(),
        None => u8::try_from(u32::from(c)).ok(),
    };
    (!text.is_ascii()).then(|| text.chars().map(byte).collect())?
}

fn unwrapped(body: &[u8]) -> Vec<u8> {
    body.iter().filter(|byte| !byte.is_ascii_whitespace() && **byte != b'"').copied().collect()
}

fn wrapped(body: &[u8], line_break: &[u8]) -> Vec<u8> {
    BASE64.encode(body).as_bytes().chunks(76).flat_map(|line| [line, line_break].concat()).collect()
}
