//! `sprintf` as in Go and OPA, with limited widths. As there, a mismatch between the format and its arguments is
//! written into the text (`%!d(MISSING)`): a message with a flaw is better than none.

use anyhow::{Result, bail};
use regorus::Value;

use super::arguments::Caps;

/// The builtin, on its two arguments.
pub(super) fn sprintf(format: &Value, arguments: &Value, caps: &Caps) -> Result<Value> {
    let (Value::String(format), Value::Array(arguments)) = (format, arguments) else {
        bail!("takes a format and an array");
    };
    let mut out = String::new();
    let mut arguments = arguments.iter();
    let mut rest = format.as_ref();
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let (directive, after) = Directive::parse(after, caps)?;
        rest = after;
        match directive.verb {
            None => out.push_str("%!(NOVERB)"),
            Some('%') => out.push('%'),
            Some(verb) => match arguments.next() {
                None => out.push_str(&format!("%!{verb}(MISSING)")),
                Some(argument) => out.push_str(&directive.write(verb, argument, caps)?),
            },
        }
        grown(&out, caps)?;
    }
    out.push_str(rest);
    let extra: Vec<String> = arguments.map(|argument| typed(argument, caps)).collect::<Result<_>>()?;
    if !extra.is_empty() {
        out.push_str(&format!("%!(EXTRA {})", extra.join(", ")));
    }
    grown(&out, caps)?;
    Ok(Value::from(out))
}

#[derive(Default)]
struct Directive {
    left: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    verb: Option<char>,
}

impl Directive {
    fn parse<'a>(text: &'a str, caps: &Caps) -> Result<(Directive, &'a str)> {
        let mut directive = Directive::default();
        let unflagged = text.trim_start_matches(['-', '+', '#', ' ', '0']);
        for flag in text.chars().take(text.len() - unflagged.len()) {
            match flag {
                '-' => directive.left = true,
                '+' => directive.plus = true,
                '#' => directive.sharp = true,
                ' ' => directive.space = true,
                _ => directive.zero = true,
            }
        }
        let (width, mut rest) = digits(unflagged, caps)?;
        directive.width = width.unwrap_or(0);
        if let Some(fraction) = rest.strip_prefix('.') {
            let (precision, after) = digits(fraction, caps)?;
            directive.precision = Some(precision.unwrap_or(0));
            rest = after;
        }
        let mut characters = rest.chars();
        directive.verb = characters.next();
        Ok((directive, characters.as_str()))
    }

    fn write(&self, verb: char, argument: &Value, caps: &Caps) -> Result<String> {
        Ok(match argument {
            Value::Number(_) => self.number(verb, argument),
            _ => self.text(verb, &plain(argument, caps)?),
        })
    }

    fn number(&self, verb: char, argument: &Value) -> String {
        // The verbs for fractions accept whole numbers too: a sum may happen to be one.
        let whole = argument.as_i128().ok().filter(|_| !"eEfFgG".contains(verb));
        // The evaluator writes large integers as fractions with an exponent.
        let digits = whole.map_or_else(|| argument.to_string(), |whole| whole.to_string());
        let (negative, digits) = match digits.strip_prefix('-') {
            Some(digits) => (true, digits.to_owned()),
            None => (false, digits),
        };
        let magnitude = whole.map(i128::unsigned_abs);
        let number = argument.as_f64().unwrap_or(f64::NAN).abs();
        let prefix = |text: &'static str| if self.sharp { text } else { "" };
        let body = match (verb, magnitude) {
            ('v' | 'd', Some(_)) => digits,
            ('d', None) if !digits.contains(['.', 'e', 'n']) => digits,
            ('v' | 'g', None) => shortest(number),
            ('G', None) => shortest(number).to_uppercase(),
            ('b', Some(n)) => format!("{}{n:b}", prefix("0b")),
            ('o', Some(n)) => format!("{}{n:o}", prefix("0")),
            ('O', Some(n)) => format!("0o{n:o}"),
            ('x', Some(n)) => format!("{}{n:x}", prefix("0x")),
            ('X', Some(n)) => format!("{}{n:X}", prefix("0X")),
            ('U', Some(n)) => format!("U+{n:04X}"),
            ('c', Some(n)) => return self.pad(character(n).to_string(), false),
            ('q', Some(n)) => return self.pad(format!("'{}'", character(n)), false),
            ('f' | 'F', None) => format!("{number:.*}", self.precision.unwrap_or(6)),
            ('e', None) => scientific(&format!("{number:.*e}", self.precision.unwrap_or(6))),
            ('E', None) => scientific(&format!("{number:.*e}", self.precision.unwrap_or(6))).to_uppercase(),
            _ => return format!("%!{verb}({}={argument})", if magnitude.is_some() { "int" } else { "float64" }),
        };
        let sign = match (negative, self.plus, self.space) {
            (true, _, _) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        if self.zero && !self.left {
            let zeros = self.width.saturating_sub(sign.len() + body.chars().count());
            return format!("{sign}{}{body}", "0".repeat(zeros));
        }
        self.pad(format!("{sign}{body}"), false)
    }

    fn text(&self, verb: char, text: &str) -> String {
        let cut: String = text.chars().take(self.precision.unwrap_or(usize::MAX)).collect();
        let hex = |upper: bool| {
            let byte = |byte: u8| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
            cut.bytes().map(byte).collect::<String>()
        };
        match verb {
            's' | 'v' => self.pad(cut, self.zero),
            'q' => self.pad(quoted(&cut), self.zero),
            'x' => self.pad(hex(false), self.zero),
            'X' => self.pad(hex(true), self.zero),
            'T' => "string".to_owned(),
            _ => format!("%!{verb}(string={text})"),
        }
    }

    fn pad(&self, text: String, zero: bool) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        match (self.left, zero) {
            (true, _) => text + &" ".repeat(missing),
            (false, true) => "0".repeat(missing) + &text,
            (false, false) => " ".repeat(missing) + &text,
        }
    }
}

fn digits<'a>(text: &'a str, caps: &Caps) -> Result<(Option<usize>, &'a str)> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.strip_suffix(rest).unwrap_or_default();
    if digits.is_empty() {
        return Ok((None, rest));
    }
    match digits.parse::<usize>() {
        // A precision beyond the digits of a double only adds zeros.
        Ok(number) if number <= caps.items.min(1000) => Ok((Some(number), rest)),
        _ => bail!("a width or precision of more than 1000"),
    }
}

fn grown(out: &str, caps: &Caps) -> Result<()> {
    if out.len() > caps.bytes {
        bail!("the result would be larger than {} bytes (limit `builtinBytes`)", caps.bytes);
    }
    Ok(())
}

fn character(code: u128) -> char {
    u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// `1.5e7` as Go writes it: `1.5e+07`.
fn scientific(text: &str) -> String {
    let Some((digits, exponent)) = text.split_once('e') else { return text.to_owned() };
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("{digits}e{sign}{exponent:0>2}")
}

fn shortest(number: f64) -> String {
    if number != 0.0 && !(1e-4..1e6).contains(&number) {
        scientific(&format!("{number:e}"))
    } else {
        number.to_string()
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() && c.is_ascii() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn typed(argument: &Value, caps: &Caps) -> Result<String> {
    let kind = match argument {
        Value::Number(_) if argument.as_i128().is_ok() => "int",
        Value::Number(_) => "float64",
        _ => "string",
    };
    Ok(format!("{kind}={}", plain(argument, caps)?))
}

/// A value as Rego writes it, except that a string is written without quotes.
fn plain(value: &Value, caps: &Caps) -> Result<String> {
    let mut out = String::new();
    match value {
        Value::String(text) => out.push_str(text),
        _ => term(value, &mut out, caps, 0)?,
    }
    Ok(out)
}

fn term(value: &Value, out: &mut String, caps: &Caps, depth: usize) -> Result<()> {
    grown(out, caps)?;
    if depth > 128 {
        bail!("an argument is nested too deep");
    }
    let mut list = |open: &str, close: &str, items: &mut dyn Iterator<Item = &Value>| {
        out.push_str(open);
        for (index, item) in items.enumerate() {
            out.push_str(if index == 0 { "" } else { ", " });
            term(item, out, caps, depth + 1)?;
        }
        out.push_str(close);
        Ok(())
    };
    match value {
        Value::Array(items) => list("[", "]", &mut items.iter()),
        Value::Set(items) if items.is_empty() => list("set(", ")", &mut std::iter::empty()),
        Value::Set(items) => list("{", "}", &mut items.iter()),
        Value::Object(members) => {
            out.push('{');
            for (index, (key, member)) in members.iter_sorted().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                term(key, out, caps, depth + 1)?;
                out.push_str(": ");
                term(member, out, caps, depth + 1)?;
            }
            out.push('}');
            Ok(())
        }
        Value::String(text) => {
            out.push_str(&serde_json::to_string(text.as_ref())?);
            Ok(())
        }
        scalar => {
            out.push_str(&scalar.to_string());
            Ok(())
        }
    }
}
