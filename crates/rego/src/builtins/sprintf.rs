//! `sprintf`: what Go's `fmt.Sprintf` makes of the arguments that OPA gives it: integers, floats of 64 bits, and strings;
//! what is none of them is a string as Rego writes it.

mod float;

use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::operands::{any, array, string};
use super::{Context, Fault};
use crate::budget::Reached;
use crate::term;
use crate::text::Text;
use crate::value::Value;

/// The most that a width or a precision may be; Go ignores what is more.
const MOST: i64 = 1_000_000;

pub(super) fn sprintf(context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let format = string(arguments, 1)?;
    let values = array(arguments, 2)?.items();
    context.work((format.len() as u64 / 16).saturating_add(any(arguments, 2).weight()))?;
    let mut printed = Vec::with_capacity(values.len());
    let mut room = Text::new(context.budget);
    for value in values {
        printed.push(match value {
            Value::Number(number) => {
                super::arithmetic::pay(context, number, number)?;
                if let Some(integer) = number.as_i64() {
                    Argument::Integer(integer)
                } else if let (false, Some(integer)) = (number.text().contains(['.', 'e', 'E']), number.to_big()?) {
                    Argument::Big(integer)
                } else if let Some(float) = number.as_f64() {
                    Argument::Float(float)
                } else {
                    Argument::String(number.text().into_owned())
                }
            }
            Value::String(text) => Argument::String(text.as_ref().to_owned()),
            other => {
                let start = room.as_str().len();
                term::write(other, &mut room)?;
                Argument::String(room.as_str().get(start..).unwrap_or_default().to_owned())
            }
        });
    }
    context.budget.bytes(room.as_str().len() as u64)?;
    let text = Text::new(context.budget);
    let mut printer = Printer { text, format, at: 0, arguments: &printed, next: 0, good: true, reordered: false };
    printer.run()?;
    Ok(Value::from(printer.text.paid(context.budget)?))
}

enum Argument {
    Integer(i64),
    Big(BigInt),
    Float(f64),
    String(String),
}

impl Argument {
    fn type_name(&self) -> &'static str {
        match self {
            Argument::Integer(_) => "int",
            Argument::Big(_) => "*big.Int",
            Argument::Float(_) => "float64",
            Argument::String(_) => "string",
        }
    }
}

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default)]
struct Flags {
    sharp: bool,
    zero: bool,
    plus: bool,
    minus: bool,
    space: bool,
    /// `%#v` and `%+v`, where `#` and `+` mean something else.
    sharp_v: bool,
    plus_v: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

struct Printer<'a> {
    text: Text,
    format: &'a str,
    at: usize,
    arguments: &'a [Argument],
    next: usize,
    good: bool,
    reordered: bool,
}

impl Printer<'_> {
    fn run(&mut self) -> Result<(), Reached> {
        while let Some(rest) = self.format.get(self.at..).filter(|rest| !rest.is_empty()) {
            let plain = rest.find('%').unwrap_or(rest.len());
            self.text.push_str(rest.get(..plain).unwrap_or_default())?;
            self.at += plain;
            if self.peek().is_some() {
                self.at += 1;
                self.verb()?;
            }
        }
        if self.reordered || self.next >= self.arguments.len() {
            return Ok(());
        }
        self.text.push_str("%!(EXTRA ")?;
        for (index, argument) in self.arguments.iter().enumerate().skip(self.next) {
            if index > self.next {
                self.text.push_str(", ")?;
            }
            self.text.push_str(argument.type_name())?;
            self.text.push('=')?;
            print(argument, 'v', Flags::default(), &mut self.text)?;
        }
        self.text.push(')')
    }

    fn peek(&self) -> Option<u8> {
        self.format.as_bytes().get(self.at).copied()
    }

    /// One verb, after its `%`.
    fn verb(&mut self) -> Result<(), Reached> {
        let mut flags = Flags::default();
        self.good = true;
        while let Some(byte) = self.peek() {
            match byte {
                b'#' => flags.sharp = true,
                b'0' => flags.zero = true,
                b'+' => flags.plus = true,
                b'-' => flags.minus = true,
                b' ' => flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        let mut after_index = self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            match self.star() {
                Some(width) => {
                    if width < 0 {
                        flags.minus = true;
                        flags.zero = false;
                    }
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => self.text.push_str("%!(BADWIDTH)")?,
            }
            after_index = false;
        } else {
            flags.width = self.number();
            if after_index && flags.width.is_some() {
                self.good = false;
            }
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if after_index {
                self.good = false;
            }
            after_index = self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                flags.precision = self.star().and_then(|precision| usize::try_from(precision).ok());
                if flags.precision.is_none() {
                    self.text.push_str("%!(BADPREC)")?;
                }
                after_index = false;
            } else {
                flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.index();
        }
        let Some(verb) = self.format.get(self.at..).and_then(|rest| rest.chars().next()) else {
            return self.text.push_str("%!(NOVERB)");
        };
        self.at += verb.len_utf8();
        if verb == '%' {
            return self.text.push('%');
        }
        let argument = self.arguments.get(self.next).filter(|_| self.good);
        let Some(argument) = argument else {
            self.text.push_str("%!")?;
            self.text.push(verb)?;
            return self.text.push_str(if self.good { "(MISSING)" } else { "(BADINDEX)" });
        };
        if verb == 'v' {
            flags.sharp_v = std::mem::take(&mut flags.sharp);
            flags.plus_v = std::mem::take(&mut flags.plus);
        }
        self.next += 1;
        print(argument, verb, flags, &mut self.text)
    }

    /// `[3]`: which argument is next. Whether one was there.
    fn index(&mut self) -> bool {
        let rest = self.format.get(self.at..).unwrap_or_default();
        if !rest.starts_with('[') {
            return false;
        }
        self.reordered = true;
        let Some(close) = rest.find(']').filter(|_| rest.len() >= 3) else {
            self.at += 1;
            self.good = false;
            return false;
        };
        let inside = rest.get(1..close).unwrap_or_default();
        self.at += close + 1;
        let number = inside.bytes().all(|byte| byte.is_ascii_digit()).then(|| inside.parse::<usize>().ok()).flatten();
        match number {
            Some(number @ 1..) if number <= self.arguments.len() => {
                self.next = number - 1;
                true
            }
            other => {
                self.good = false;
                other.is_some()
            }
        }
    }

    /// A width or a precision that is an argument.
    fn star(&mut self) -> Option<i64> {
        let argument = self.arguments.get(self.next)?;
        self.next += 1;
        match argument {
            Argument::Integer(number) if number.abs() <= MOST => Some(*number),
            _ => None,
        }
    }

    /// A width or a precision in digits. One that is much too large ends the text.
    fn number(&mut self) -> Option<usize> {
        let mut number = None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let so_far = number.unwrap_or(0);
            if so_far > MOST as usize {
                self.at = self.format.len();
                return None;
            }
            number = Some(so_far * 10 + usize::from(digit - b'0'));
            self.at += 1;
        }
        number
    }
}

fn print(argument: &Argument, verb: char, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    if verb == 'T' {
        return print_string(argument.type_name(), flags, text);
    }
    let known = match argument {
        Argument::Integer(_) => "vdboOxXcqU",
        Argument::Big(_) => "vdsboOxX",
        Argument::Float(_) => "vbgGxXfFeE",
        Argument::String(_) => "vsxXq",
    };
    if !known.contains(verb) {
        text.push_str("%!")?;
        text.push(verb)?;
        text.push('(')?;
        if let Argument::Big(integer) = argument {
            text.push_str(&format!("big.Int={integer}"))?;
        } else {
            text.push_str(argument.type_name())?;
            text.push('=')?;
            print(argument, 'v', flags, text)?;
        }
        return text.push(')');
    }
    match argument {
        Argument::Integer(integer) => print_integer(*integer, verb, flags, text),
        Argument::Big(integer) => print_big(integer, verb, flags, text),
        Argument::Float(number) => {
            let precision = match (flags.precision, verb) {
                (None, 'e' | 'E' | 'f' | 'F') => Some(6),
                (precision, _) => precision,
            };
            if precision.is_some_and(|precision| precision > text.room()) {
                return Err(text.limit());
            }
            print_float(&float::format(*number, verb, precision), verb, flags, text)
        }
        Argument::String(string) => match verb {
            'x' | 'X' => print_hex(string, verb == 'X', flags, text),
            'q' => print_quoted(string, flags, text),
            'v' if flags.sharp_v => print_quoted(string, flags, text),
            _ => print_string(truncate(string, flags), flags, text),
        },
    }
}

/// Fills up to the width, with zeros only on the left.
fn padding(count: usize, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    text.repeat(if flags.zero && !flags.minus { '0' } else { ' ' }, count)
}

fn print_string(string: &str, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    let missing = flags.width.map_or(0, |width| width.saturating_sub(string.chars().count()));
    if flags.minus {
        text.push_str(string)?;
        return padding(missing, flags, text);
    }
    padding(missing, flags, text)?;
    text.push_str(string)
}

fn truncate(string: &str, flags: Flags) -> &str {
    let end = flags.precision.and_then(|precision| string.char_indices().nth(precision));
    end.and_then(|(end, _)| string.get(..end)).unwrap_or(string)
}

fn print_quoted(string: &str, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    let string = truncate(string, flags);
    let mut quoted = text.like();
    // What a raw string of Go can hold.
    let raw = |letter: char| (letter == '\t' || !letter.is_control()) && letter != '`' && letter != '\u{feff}';
    if flags.sharp && string.chars().all(raw) {
        quoted.push('`')?;
        quoted.push_str(string)?;
        quoted.push('`')?;
    } else {
        term::quote_with('"', flags.plus, string, &mut quoted)?;
    }
    print_string(quoted.as_str(), flags, text)
}

fn print_hex(string: &str, upper: bool, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    let count = string.len().min(flags.precision.unwrap_or(usize::MAX));
    let prefix = if upper { "0X" } else { "0x" };
    let mut hex = text.like();
    for (index, byte) in string.bytes().take(count).enumerate() {
        if flags.space && index > 0 {
            hex.push(' ')?;
        }
        if flags.sharp && (flags.space || index == 0) {
            hex.push_str(prefix)?;
        }
        hex.push_str(&if upper { format!("{byte:02X}") } else { format!("{byte:02x}") })?;
    }
    print_string(hex.as_str(), flags, text)
}

fn print_integer(integer: i64, verb: char, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    let letter = u32::try_from(integer).ok().and_then(char::from_u32);
    match verb {
        'c' => print_string(letter.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut [0; 4]), flags, text),
        'q' => {
            let mut quoted = Text::unlimited();
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            term::quote_with('\'', flags.plus, letter.encode_utf8(&mut [0; 4]), &mut quoted)?;
            print_string(quoted.as_str(), flags, text)
        }
        'U' => {
            let digits = format!("{integer:X}");
            let mut code = text.like();
            code.push_str("U+")?;
            code.repeat('0', flags.precision.unwrap_or(4).max(4).saturating_sub(digits.len()))?;
            code.push_str(&digits)?;
            if let Some(letter) = letter.filter(|letter| flags.sharp && term::is_printable(*letter)) {
                code.push_str(&format!(" '{letter}'"))?;
            }
            print_string(code.as_str(), Flags { zero: false, ..flags }, text)
        }
        _ => {
            let digits = digits(&BigInt::from(integer), verb);
            if flags.precision == Some(0) && integer == 0 {
                return text.repeat(' ', flags.width.unwrap_or(0));
            }
            let sign = sign(integer < 0, flags.plus, flags.space);
            let least = match flags.precision {
                Some(precision) => precision,
                None if flags.zero && !flags.minus => flags.width.unwrap_or(0).saturating_sub(sign.len()),
                None => 0,
            };
            let mut number = text.like();
            number.push_str(sign)?;
            let zeros = least.saturating_sub(digits.len());
            match verb {
                'O' => number.push_str("0o")?,
                'b' if flags.sharp => number.push_str("0b")?,
                'x' if flags.sharp => number.push_str("0x")?,
                'X' if flags.sharp => number.push_str("0X")?,
                'o' if flags.sharp && zeros == 0 && integer != 0 => number.push('0')?,
                _ => {}
            }
            number.repeat('0', zeros)?;
            number.push_str(&digits)?;
            print_string(number.as_str(), Flags { zero: false, ..flags }, text)
        }
    }
}

fn print_big(integer: &BigInt, verb: char, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    let (sharp, plus) = (flags.sharp || flags.sharp_v, flags.plus || flags.plus_v);
    let digits = digits(integer, verb);
    let sign = sign(integer.is_negative(), plus, flags.space);
    let prefix = match verb {
        'O' => "0o",
        'b' if sharp => "0b",
        'o' if sharp => "0",
        'x' if sharp => "0x",
        'X' if sharp => "0X",
        _ => "",
    };
    let mut zeros = flags.precision.map_or(0, |precision| precision.saturating_sub(digits.len()));
    if flags.zero && !flags.minus && flags.precision.is_none() {
        let length = sign.len() + prefix.len() + digits.len();
        zeros = flags.width.map_or(0, |width| width.saturating_sub(length));
    }
    let mut number = text.like();
    number.push_str(sign)?;
    number.push_str(prefix)?;
    number.repeat('0', zeros)?;
    number.push_str(&digits)?;
    print_string(number.as_str(), Flags { zero: false, ..flags }, text)
}

fn digits(integer: &BigInt, verb: char) -> String {
    let base = match verb {
        'b' => 2,
        'o' | 'O' => 8,
        'x' | 'X' => 16,
        _ => 10,
    };
    let digits = if integer.is_zero() { "0".to_owned() } else { integer.magnitude().to_str_radix(base) };
    if verb == 'X' { digits.to_ascii_uppercase() } else { digits }
}

fn sign(negative: bool, plus: bool, space: bool) -> &'static str {
    match (negative, plus, space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

/// A float in its digits, with its sign, a point where one is wanted, and zeros between the two.
fn print_float(number: &str, verb: char, flags: Flags, text: &mut Text) -> Result<(), Reached> {
    let (negative, unsigned) = match number.strip_prefix('-') {
        Some(unsigned) => (true, unsigned),
        None => (false, number),
    };
    let sign = sign(negative, flags.plus || flags.plus_v, flags.space);
    let mut formatted = text.like();
    formatted.push_str(sign)?;
    let pointed =
        if flags.sharp && verb != 'b' { float::pointed(unsigned, verb, flags.precision) } else { unsigned.to_owned() };
    let length = sign.len() + pointed.len();
    if flags.zero && !flags.minus {
        formatted.repeat('0', flags.width.map_or(0, |width| width.saturating_sub(length)))?;
    }
    formatted.push_str(&pointed)?;
    print_string(formatted.as_str(), flags, text)
}
