//! What looks wrong but cannot be undone here, so that nothing can prove it.

use super::fault::{CauseId, Fault};
use super::{json, times};
use crate::request::Received;
use crate::signature::{Fields, Scheme};
use crate::time;

pub(super) fn find(scheme: &Scheme, request: &Received<'_>, fields: &Fields<'_>, candidates: usize) -> Vec<Fault> {
    let mut found = Vec::new();
    if scheme.signs_body() {
        body(request, &mut found);
    }
    if candidates == 0 {
        let message = "no signature of 16 bytes or more was found: it is missing, cut off, or in an unknown encoding";
        found.push(Fault::new(CauseId::SignatureEncoding, 1, scheme.place(), message));
    }
    for field in scheme.fields.iter().filter(|field| field.format.is_time()) {
        let Some(text) = fields.get(&field.name) else { continue };
        if time::parse(field.format, text).is_none()
            && let Some((_, unit)) = times::in_another_unit(text, field.format).next()
        {
            let message = format!("the time looks like {unit}, which the contract does not take");
            found.push(Fault::new(CauseId::TimeUnit, 3, field.place(), message));
        }
    }
    found
}

fn body(request: &Received<'_>, found: &mut Vec<Fault>) {
    let mut suspect = |id, edits, message: &str| found.push(Fault::new(id, edits, "body", message));
    let body = request.body;
    let length = request.header("content-length").ok().flatten().and_then(|text| text.parse::<usize>().ok());
    match length {
        Some(length) if length > body.len() => {
            suspect(CauseId::BodyTruncated, length - body.len(), "the body is shorter than its content-length says");
        }
        _ if body.is_empty() => {
            suspect(CauseId::BodyTruncated, 1, "the body is empty: something may have read it before")
        }
        _ => {}
    }
    if body.windows(3).any(|bytes| bytes == "\u{fffd}".as_bytes()) {
        let message = "the body holds U+FFFD: bytes that are not UTF-8 were replaced, and cannot be brought back";
        suspect(CauseId::BodyLossy, 1, message);
    }
    if body.contains(&b'?') && body.is_ascii() && body.windows(2).any(|bytes| bytes == b"??") {
        suspect(
            CauseId::BodyLossy,
            2,
            "the body holds runs of question marks: characters may have been replaced by them",
        );
    }
    if body.starts_with(b"\x1f\x8b") {
        suspect(
            CauseId::BodyReserialised,
            2,
            "the body is still compressed with gzip; what was signed may be what it holds",
        );
    }
    let cut = std::str::from_utf8(body).map_or_else(
        |error| error.error_len().is_none(),
        |text| text.trim_start().starts_with(['{', '[']) && json::closers(text).is_some(),
    );
    if cut {
        suspect(CauseId::BodyTruncated, 1, "the body ends in the middle of a value");
    }
}
