//! Signed parts with nothing between them: different requests with the same signed bytes, and two of them shown.

use serde_json::json;

use super::collide::{self, Shown};
use super::{segments, warn};
use crate::contract::document::{BodyForm, FieldFormat, Parameters, Segment, Values};
use crate::signature::Scheme;
use crate::verdict::{Code, Finding};

/// The first seam, with all optional groups or with none of them; else a query or form that is ambiguous in itself.
pub(super) fn lint(scheme: &Scheme, method: &'static str) -> Option<Finding> {
    let all = segments::flat(&scheme.signed);
    let whole: Vec<&Segment> = all.iter().map(|(segment, _)| *segment).collect();
    let alone: Vec<&Segment> = all.iter().filter(|(_, grouped)| !grouped).map(|(segment, _)| *segment).collect();
    seam(scheme, method, &whole, true)
        .or_else(|| seam(scheme, method, &alone, false))
        .or_else(|| whole.iter().find_map(|segment| parameters(scheme, method, segment)))
}

/// Two neighbours of no fixed length: one may give a byte to the other, and the signed bytes stay the same.
fn seam(scheme: &Scheme, method: &'static str, segments: &[&Segment], optional: bool) -> Option<Finding> {
    let mut neighbours = segments.iter().zip(segments.iter().skip(1));
    let (left, right) = neighbours.find(|(left, right)| varies(scheme, left) && varies(scheme, right))?;
    let parts = format!("{} and {} are signed without anything between them", title(left), title(right));
    Some(match collide::at_seam(scheme, method, left, right, optional) {
        None => {
            ambiguous(&format!("{parts}: a byte may move from one to the other, and the signed bytes stay the same"))
        }
        Some(found) => {
            let [a, b] = found.each_ref().map(|shown| format!("`{}` + `{}`", shown.left, shown.right));
            show(ambiguous(&format!("{parts}: {a} and {b} are the same bytes")), &found)
        }
    })
}

/// The same inside a query or form: nothing stands between its parameters, or what does may be in them.
fn parameters(scheme: &Scheme, method: &'static str, segment: &Segment) -> Option<Finding> {
    let (Segment::Form(rules) | Segment::Query(rules)) = segment else { return None };
    let parts = format!("one parameter of {} may be signed as two", title(segment));
    match collide::in_parameters(scheme, method, segment, rules) {
        Some(found) => {
            let [a, b] = found.each_ref().map(|shown| format!("`{}`", shown.left));
            Some(show(ambiguous(&format!("{parts}: {a} and {b} are the same bytes")), &found))
        }
        None => {
            is_loose(rules).then(|| ambiguous(&format!("{parts}: nothing stands between them that they cannot hold")))
        }
    }
}

fn is_loose(rules: &Parameters) -> bool {
    rules.pair.is_empty() || rules.join.is_empty() || rules.values == Values::Decoded
}

fn ambiguous(message: &str) -> Finding {
    let help = "nothing a receiver can change; read what stands at the seam strictly, and judge the body by a schema";
    warn(Code::LintAmbiguous, "/signature/signed", message, help)
}

/// The two requests in full, to sign one and to send the other.
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
        // What has one value, or one length, gives no byte away.
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
