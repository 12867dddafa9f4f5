//! An answer with a MAC signs text that the sender wrote, under the key that signs requests. Unless that source can
//! never be the signed bytes of a request, whoever writes it can have requests signed.

use super::reads::{Reads, warn};
use crate::finding::{Code, Finding};
use crate::grammar::{MemberSource, Segment};
use crate::place::{Place, pointer_token};
use crate::route::Answer;
use crate::signature::Scheme;
use crate::signature::segments;

pub(super) fn lint(scheme: &Scheme, reads: &Reads<'_>) -> Vec<Finding> {
    let literals: Vec<&str> = segments::flat(&scheme.signed)
        .into_iter()
        .filter_map(|(segment, grouped)| match segment {
            Segment::Literal(text) if !grouped => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let mut findings = Vec::new();
    for answer in &reads.answers {
        for (name, member) in answer.shaper.macs() {
            if !member.from.iter().all(|source| is_barred(source, answer, reads, &literals)) {
                findings.push(oracle(&format!("{}/{}/mac", answer.at, pointer_token(name)), &literals));
            }
        }
    }
    findings
}

/// Every request's signed bytes contain each literal, so a source that cannot contain one of them is safe.
fn is_barred(source: &MemberSource, answer: &Answer<'_>, reads: &Reads<'_>, literals: &[&str]) -> bool {
    match source {
        MemberSource::Place(Place::Pointer(pointer)) => literals.iter().any(|literal| {
            answer.bars(pointer, literal) || reads.schema.is_some_and(|schema| schema.bars(pointer.tokens(), literal))
        }),
        _ => false,
    }
}

fn oracle(at: &str, literals: &[&str]) -> Finding {
    let message = "the answer signs its source with the key of requests, and the source may be another request's \
                   signed bytes: whoever writes it has any request signed";
    let help = match literals.iter().find(|literal| !literal.chars().all(char::is_alphanumeric)) {
        Some(literal) => format!(
            "let a schema of the event keep `{literal}`, which all signed bytes hold, out of the source: `\"pattern\": \"^[A-Za-z0-9]+$\"`"
        ),
        None => "let a schema of the event list what the source may be, in an `enum`".into(),
    };
    warn(Code::LintMacOracle, at, message, &help)
}
