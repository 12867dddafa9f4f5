//! PEM, as Go reads it: text around the blocks does not matter, and headers in them are left out.

use super::base64;

/// A block: its label and its bytes.
pub(super) struct Block<'a> {
    pub label: &'a str,
    pub bytes: Vec<u8>,
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// The first block that is whole, and the text after it.
pub(super) fn first(text: &str) -> Option<(Block<'_>, &str)> {
    let mut rest = text;
    loop {
        // At the beginning of a line.
        rest = match rest.strip_prefix(BEGIN) {
            Some(rest) => rest,
            None => rest.split_once("\n-----BEGIN ")?.1,
        };
        if let Some(found) = block(rest) {
            return Some(found);
        }
    }
}

/// After `-----BEGIN `.
fn block(text: &str) -> Option<(Block<'_>, &str)> {
    let (first, mut body) = text.split_once('\n')?;
    let label = first.trim_end().strip_suffix(DASHES)?;
    let mut rest;
    loop {
        let (line, after) = body.split_once('\n')?;
        if !line.contains(':') {
            break;
        }
        body = after;
    }
    let end = format!("-----END {label}-----");
    let at = if body.starts_with(&end) { 0 } else { body.find(&format!("\n{end}"))? + 1 };
    let (content, after) = body.split_at_checked(at)?;
    // Nothing else stands in the last line.
    let after = after.strip_prefix(&end)?;
    let (line, after) = after.split_once('\n').unwrap_or((after, ""));
    rest = line.trim_matches([' ', '\t', '\r']);
    if rest.is_empty() {
        rest = after;
    } else {
        return None;
    }
    let content: String = content.chars().filter(|c| !matches!(c, ' ' | '\t')).collect();
    Some((Block { label, bytes: base64::standard(&content).ok()? }, rest))
}
