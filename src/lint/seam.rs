//! Signed parts with nothing between them that they cannot contain themselves. Different requests then have the same
//! signed bytes, and two of them are shown.

use serde_json::json;

use super::collide::{Maker, Seam, Shown};
use super::reads::warn;
use crate::finding::{Code, Finding};
use crate::grammar::{BodyForm, Parameters, Segment, Values};
use crate::signature::Scheme;
use crate::signature::field::Declared;
use crate::signature::segments;
use crate::time::FieldFormat;

/// The first seam, with all optional groups or with none: two neighbours, then two parts that can both contain what
/// is between them, then an optional group that the part before it can contain. Otherwise a query or form that is
/// ambiguous in itself.
pub(super) fn lint(maker: &Maker<'_>, open_path: bool) -> Option<Finding> {
    let all = segments::flat(&maker.scheme.signed);
    let whole: Vec<&Segment> = all.iter().map(|(segment, _)| *segment).collect();
    let alone: Vec<&Segment> = all.iter().filter(|(_, grouped)| !grouped).map(|(segment, _)| *segment).collect();
    neighbours(maker, &whole, true)
        .or_else(|| neighbours(maker, &alone, false))
        .or_else(|| apart(maker, &whole, true, open_path))
        .or_else(|| apart(maker, &alone, false, open_path))
        .or_else(|| group(maker, open_path))
        .or_else(|| whole.iter().find_map(|segment| parameters(maker, segment)))
}

/// Two neighbours without a fixed length: a byte may move from one to the other, and the signed bytes stay the same.
fn neighbours(maker: &Maker<'_>, signed: &[&Segment], optional: bool) -> Option<Finding> {
    let (at, (left, right)) = signed
        .iter()
        .zip(signed.iter().skip(1))
        .enumerate()
        .find(|(_, (left, right))| varies(maker.scheme, left) && varies(maker.scheme, right))?;
    let parts = format!("{} and {} are signed without anything between them", title(left), title(right));
    let seam = Seam { signed, left: at, right: at.saturating_add(1), optional };
    Some(match maker.at_seam(seam) {
        None => {
            let message = format!("{parts}: a byte may move from one to the other, and the signed bytes stay the same");
            ambiguous(&message, TOUCHES)
        }
        Some(found) => same_bytes(&parts, &found, TOUCHES),
    })
}

/// Two parts that can both contain all that is signed between them. Reported only if two requests show it.
fn apart(maker: &Maker<'_>, signed: &[&Segment], optional: bool, open_path: bool) -> Option<Finding> {
    let parts: Vec<(usize, &Segment)> = signed
        .iter()
        .enumerate()
        .filter(|(_, segment)| holds_text(maker, segment, open_path))
        .map(|(at, segment)| (at, *segment))
        .collect();
    parts.iter().enumerate().find_map(|(index, (left, a))| {
        parts.iter().skip(index.saturating_add(1)).find_map(|(right, b)| {
            let found = maker.at_seam(Seam { signed, left: *left, right: *right, optional })?;
            let parts = format!("{} and {} can both hold what is signed between them", title(a), title(b));
            Some(same_bytes(&parts, &found, HOLDS))
        })
    })
}

/// An optional group that the last part before it can contain. Reported only if two requests show it.
fn group(maker: &Maker<'_>, open_path: bool) -> Option<Finding> {
    maker.scheme.signed.iter().enumerate().find_map(|(index, segment)| {
        let Segment::Optional(group) = segment else { return None };
        let outside = |segments: &'_ [Segment]| -> usize {
            segments.iter().filter(|segment| !matches!(segment, Segment::Optional(_))).count()
        };
        let from = outside(maker.scheme.signed.get(..index)?);
        let group: Vec<&Segment> = segments::flat(group).into_iter().map(|(segment, _)| segment).collect();
        let mut signed: Vec<&Segment> =
            maker.scheme.signed.iter().filter(|segment| !matches!(segment, Segment::Optional(_))).collect();
        let field = group.iter().find(|segment| matches!(segment, Segment::Field(_)))?;
        let name = title(field);
        let to = from.saturating_add(group.len());
        signed.splice(from..from, group);
        let left = signed.get(..from)?.iter().rposition(|segment| holds_text(maker, segment, open_path))?;
        let found = maker.in_group(&signed, left, from..to)?;
        let [a, b] = found.each_ref().map(|shown| visible(&shown.left));
        let message = format!(
            "{} can hold the optional group of {name}: `{a}` with `{}` and `{b}` without the group are the same bytes",
            title(signed.get(left)?),
            found.first().map(|shown| visible(&shown.right)).unwrap_or_default(),
        );
        Some(show(ambiguous(&message, HOLDS), &found))
    })
}

fn same_bytes(parts: &str, found: &[Shown; 2], help: &str) -> Finding {
    let [a, b] = found.each_ref().map(|shown| format!("`{}` + `{}`", visible(&shown.left), visible(&shown.right)));
    show(ambiguous(&format!("{parts}: {a} and {b} are the same bytes"), help), found)
}

/// The text with control characters escaped, as a contract writes them.
fn visible(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { one.escape_default().to_string() } else { one.to_string() }).collect()
}

/// The same inside a query or form: nothing is between its parameters, or only what they can contain.
fn parameters(maker: &Maker<'_>, segment: &Segment) -> Option<Finding> {
    let (Segment::Form(rules) | Segment::Query(rules)) = segment else { return None };
    let parts = format!("one parameter of {} may be signed as two", title(segment));
    match maker.in_parameters(segment, rules) {
        Some(found) => {
            let [a, b] = found.each_ref().map(|shown| format!("`{}`", shown.left));
            Some(show(ambiguous(&format!("{parts}: {a} and {b} are the same bytes"), TOUCHES), &found))
        }
        None => {
            let message = format!("{parts}: nothing stands between them that they cannot hold");
            is_loose(rules).then(|| ambiguous(&message, TOUCHES))
        }
    }
}

fn is_loose(rules: &Parameters) -> bool {
    rules.pair.is_empty() || rules.join.is_empty() || rules.values == Values::Decoded
}

/// The help for parts with something between them.
const HOLDS: &str = "say with `without` what a text field never holds, and fix how the path ends in `request.path`; where neither closes the seam, a receiver can change nothing";
/// The help for parts with nothing between them.
const TOUCHES: &str =
    "nothing a receiver can change; read what stands at the seam strictly, and judge the body by a schema";

fn ambiguous(message: &str, help: &str) -> Finding {
    warn(Code::LintAmbiguous, "/signature/signed", message, help)
}

/// Adds the two requests in full, so that one can be signed and the other sent.
fn show(finding: Finding, found: &[Shown; 2]) -> Finding {
    let request = |shown: &Shown| json!({ "method": shown.method, "url": shown.url, "headers": shown.headers, "body": shown.body });
    finding.with("requests", found.iter().map(request).collect::<Vec<_>>())
}

fn varies(scheme: &Scheme, segment: &Segment) -> bool {
    match segment {
        Segment::Body(BodyForm::Raw(_))
        | Segment::Form(_)
        | Segment::Path(_)
        | Segment::Query(_)
        | Segment::Target(_)
        | Segment::Url(_) => true,
        // A field with only one value or one length cannot give a byte to its neighbour.
        Segment::Field(name) => scheme.fields.iter().any(|field| {
            field.name == *name
                && field.equals().is_none()
                && matches!(field.format, FieldFormat::Text | FieldFormat::UnixMillis | FieldFormat::UnixSeconds)
        }),
        Segment::Body(BodyForm::Digest(_))
        | Segment::Literal(_)
        | Segment::Method(_)
        | Segment::Optional(_)
        | Segment::Secret(_) => false,
    }
}

/// Whether a segment may contain a literal. A JSON body cannot: with text before its first brace or after its last it
/// is not JSON, and a body that is a bare number is not a message. A path whose end the contract fixes cannot either.
fn holds_text(maker: &Maker<'_>, segment: &Segment, open_path: bool) -> bool {
    match segment {
        Segment::Body(_) => !maker.json && varies(maker.scheme, segment),
        Segment::Path(_) => open_path,
        Segment::Field(name) => {
            let text = |field: &&Declared| field.name == *name && field.format == FieldFormat::Text;
            varies(maker.scheme, segment) && maker.scheme.fields.iter().any(|field| text(&field))
        }
        _ => varies(maker.scheme, segment),
    }
}

fn title(segment: &Segment) -> String {
    match segment {
        Segment::Body(_) => "the body".into(),
        Segment::Field(name) => format!("the field `{name}`"),
        Segment::Form(_) => "the form".into(),
        Segment::Query(_) => "the query".into(),
        Segment::Target(_) => "the path and query".into(),
        Segment::Url(_) => "the URL".into(),
        _ => "the path".into(),
    }
}
