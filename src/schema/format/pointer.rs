//! `json-pointer` (RFC 6901) and `relative-json-pointer`.

pub(super) fn absolute(text: &[u8]) -> bool {
    // What follows each `~` says which character it stands for.
    let escapes = text.split(|byte| *byte == b'~').skip(1).all(|after| matches!(after, [b'0' | b'1', ..]));
    (text.is_empty() || text.starts_with(b"/")) && escapes
}

/// Levels up, then `#` for the name, or a pointer down.
pub(super) fn relative(text: &[u8]) -> bool {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    match text.split_at_checked(end) {
        Some(([b'0'] | [b'1'..=b'9', ..], rest)) => rest == b"#" || absolute(rest),
        _ => false,
    }
}
