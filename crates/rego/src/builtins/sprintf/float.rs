//! Floats in Go's formats.

/// No float has more digits than this after its point.
const DIGITS: usize = 1100;

/// As Go's `strconv.FormatFloat`: `e`, `f`, `g`, `b` and `x`, large letters for large ones. Without a precision, as few
/// digits as tell it from others.
pub(super) fn format(number: f64, verb: char, precision: Option<usize>) -> String {
    let text = match verb.to_ascii_lowercase() {
        'f' => fixed(number, precision),
        'e' => scientific(number, precision),
        'b' => binary(number),
        'x' => hexadecimal(number, precision),
        _ => general(number, precision),
    };
    if verb.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

fn fixed(number: f64, precision: Option<usize>) -> String {
    match precision {
        None => format!("{number}"),
        Some(precision) if precision > DIGITS => format!("{number:.DIGITS$}") + &"0".repeat(precision - DIGITS),
        Some(precision) => format!("{number:.precision$}"),
    }
}

fn scientific(number: f64, precision: Option<usize>) -> String {
    let (mantissa, exponent) = parts(number, precision);
    let zeros = "0".repeat(precision.unwrap_or(0).saturating_sub(DIGITS));
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}{zeros}e{sign}{:02}", exponent.unsigned_abs())
}

/// Digits with a point after the first, and the power of ten.
fn parts(number: f64, precision: Option<usize>) -> (String, i64) {
    let text = match precision {
        None => format!("{number:e}"),
        Some(precision) => format!("{number:.*e}", precision.min(DIGITS)),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or_default())
}

fn general(number: f64, precision: Option<usize>) -> String {
    let precision = precision.map(|precision| precision.max(1));
    let (mantissa, exponent) = parts(number, precision.map(|precision| precision - 1));
    let mantissa = match mantissa.contains('.') {
        true => mantissa.trim_end_matches('0').trim_end_matches('.'),
        false => &mantissa,
    };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count() as i64;
    let most = match precision {
        None => 6,
        // As many digits as there are are enough, if they reach past the point.
        Some(precision) if precision as i64 > digits && digits > exponent => digits,
        Some(precision) => precision as i64,
    };
    if exponent < -4 || exponent >= most {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs());
    }
    let after = usize::try_from(digits - 1 - exponent).unwrap_or(0);
    // Rounded already: the digits of the mantissa are those of the number.
    let rounded: f64 = format!("{mantissa}e{exponent}").parse().unwrap_or(number);
    format!("{rounded:.after$}")
}

/// `4503599627370496p-52`.
fn binary(number: f64) -> String {
    let (sign, mantissa, exponent) = bits(number);
    format!("{sign}{mantissa}p{exponent:+}")
}

/// `0x1.8p+00`.
fn hexadecimal(number: f64, precision: Option<usize>) -> String {
    let (sign, mantissa, exponent) = bits(number);
    // One digit before the point, fifteen after it.
    let shift = if mantissa == 0 { 0 } else { mantissa.leading_zeros() - 3 };
    let mut mantissa = mantissa << shift;
    let mut exponent = if mantissa == 0 { 0 } else { exponent + 60 - i64::from(shift) };
    if let Some(precision) = precision.filter(|precision| *precision < 15) {
        let unit = 1_u64 << (60 - 4 * precision);
        let rest = mantissa % unit;
        mantissa -= rest;
        if rest > unit / 2 || (rest == unit / 2 && mantissa & unit != 0) {
            mantissa += unit;
        }
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let digits = format!("{:015x}", mantissa & ((1 << 60) - 1));
    let digits = match precision {
        None => digits.trim_end_matches('0').to_owned(),
        Some(precision) => {
            format!("{digits:0<15}").get(..precision.min(15)).unwrap_or_default().to_owned()
                + &"0".repeat(precision.saturating_sub(15))
        }
    };
    let point = if digits.is_empty() { "" } else { "." };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}0x{}{point}{digits}p{exponent_sign}{:02}", mantissa >> 60, exponent.unsigned_abs())
}

/// Sign, mantissa and power of two.
fn bits(number: f64) -> (&'static str, u64, i64) {
    let bits = number.to_bits();
    let sign = if bits >> 63 == 1 { "-" } else { "" };
    let exponent = (bits >> 52 & 0x7ff) as i64;
    let mantissa = bits & ((1 << 52) - 1);
    if exponent == 0 { (sign, mantissa, -1074) } else { (sign, mantissa | 1 << 52, exponent - 1075) }
}

/// With `#`: a point always, and for `g` the zeros that were left out.
pub(super) fn pointed(number: &str, verb: char, precision: Option<usize>) -> String {
    let mut missing = match verb {
        'g' | 'G' | 'v' | 'x' => precision.map_or(6, |precision| precision as i64),
        _ => 0,
    };
    let tail = match verb {
        'x' | 'X' => number.find(['p', 'P']),
        _ => number.find(['e', 'E']),
    };
    let (digits, tail) = number.split_at(tail.unwrap_or(number.len()));
    let significant = digits.trim_start_matches(['0', '.']).bytes().filter(|byte| *byte != b'.').count();
    missing -= significant as i64;
    let mut pointed = digits.to_owned();
    if !digits.contains('.') {
        if digits == "0" {
            missing -= 1;
        }
        pointed.push('.');
    }
    pointed.extend(std::iter::repeat_n('0', usize::try_from(missing).unwrap_or(0)));
    pointed + tail
}
