//! `uri-template`: RFC 6570, section 2, at every level, with the apostrophe of erratum 6937.

pub(super) fn uri_template(text: &[u8]) -> bool {
    let mut rest = text;
    loop {
        rest = match rest {
            [] => return true,
            [b'{', inner @ ..] => match expression(inner) {
                Some(after) => after,
                None => return false,
            },
            [b'%', a, b, after @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => after,
            [..=b' ' | b'"' | b'%' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|' | b'}' | 0x7f, ..] => return false,
            [_, after @ ..] => after,
        };
    }
}

/// What follows the closing brace.
fn expression(text: &[u8]) -> Option<&[u8]> {
    let mut rest = match text {
        [b'+' | b'#' | b'.' | b'/' | b';' | b'?' | b'&' | b'=' | b',' | b'!' | b'@' | b'|', after @ ..] => after,
        _ => text,
    };
    loop {
        rest = modifier(name(rest)?)?;
        match rest {
            [b',', after @ ..] => rest = after,
            [b'}', after @ ..] => return Some(after),
            _ => return None,
        }
    }
}

/// `varname`: each dot stands between two characters.
fn name(text: &[u8]) -> Option<&[u8]> {
    let mut rest = character(text)?;
    loop {
        rest = match (rest, character(rest)) {
            (_, Some(after)) => after,
            ([b'.', after @ ..], _) => character(after)?,
            _ => return Some(rest),
        };
    }
}

fn character(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'%', a, b, after @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => Some(after),
        [byte, after @ ..] if byte.is_ascii_alphanumeric() || *byte == b'_' => Some(after),
        _ => None,
    }
}

/// `*`, or `:` with a number up to 9999. What is left of a longer one is no `,` and no `}`.
fn modifier(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'*', after @ ..] => Some(after),
        [b':', b'1'..=b'9', after @ ..] => {
            let digits = after.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
            after.get(digits..)
        }
        [b':', ..] => None,
        _ => Some(text),
    }
}
