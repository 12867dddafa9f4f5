//! Stage 1: whether a request or response is of the contract's kind.

use std::collections::BTreeSet;

use super::origin;
use super::path::{Parameters, Template};
use super::{Duplicate, Received, Request, duplicate_header, malformed_query, unreadable_query};
use crate::characters;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{Method, RequestRules, ResponseRules, StatusCode};
use crate::judged::Judged;
use crate::limits::Limits;
use crate::target::Target;

/// The compiled `request` or `response` section of a contract.
#[derive(Debug)]
pub(crate) struct Kind {
    of: Of,
    content_types: Option<Vec<String>>,
    max_bytes: usize,
    query: Query,
}

/// What the contract reads from the query, outside of the signature.
#[derive(Debug)]
pub(crate) enum Query {
    /// The payload is the query.
    Whole,
    /// These parameters.
    Parameters(BTreeSet<String>),
}

#[derive(Debug)]
enum Of {
    Answers { statuses: Vec<u16> },
    Requests { methods: Vec<Method>, template: Option<Template>, origins: Option<Vec<String>> },
}

impl Kind {
    pub fn compile(
        request: Option<RequestRules>,
        response: Option<ResponseRules>,
        query: Query,
    ) -> Result<Kind, ContractError> {
        let wrong = |at: &str, message: String| Err(ContractError::new(ContractCode::ContractRequest, at, message));
        let (section, of, content_types, max_bytes) = match (request, response) {
            (Some(_), Some(_)) => {
                return wrong(
                    "/response",
                    "a contract is of requests or of answers: take `request` or `response`".into(),
                );
            }
            (None, Some(rules)) => {
                let status =
                    |status: &StatusCode| u16::try_from(status.0).ok().filter(|code| (100..=599).contains(code));
                let statuses: Option<Vec<u16>> = rules.statuses.iter().map(status).collect();
                let Some(statuses) = statuses.filter(|statuses| !statuses.is_empty()) else {
                    return wrong("/response/statuses", "name the statuses, each between 100 and 599".into());
                };
                let of = Of::Answers { statuses };
                ("response", of, rules.content_types, rules.max_bytes)
            }
            (request, None) => {
                let rules = request.unwrap_or_default();
                let template = rules.path.as_deref().map(Template::compile).transpose()?;
                rules.origins.as_deref().map(origin::check).transpose()?;
                let of = Of::Requests { methods: rules.methods, template, origins: rules.origins };
                ("request", of, rules.content_types, rules.max_bytes)
            }
        };
        if let Some(listed) = &content_types {
            let twice = |index: usize| listed.iter().take(index).any(|other| Some(other) == listed.get(index));
            if listed.is_empty() || (0..listed.len()).any(twice) {
                let message = "name each media type once, and one at least".into();
                return wrong(&format!("/{section}/contentTypes"), message);
            }
        }
        if let Some(bad) = content_types.iter().flatten().find(|media_type| !is_media_type(media_type)) {
            let message = format!("`{bad}` is not a media type in lower case without parameters");
            return wrong(&format!("/{section}/contentTypes"), message);
        }
        Ok(Kind { of, content_types, max_bytes, query })
    }

    pub fn is_answers(&self) -> bool {
        matches!(self.of, Of::Answers { .. })
    }

    /// The accepted methods.
    pub fn methods(&self) -> Vec<&'static str> {
        match &self.of {
            Of::Requests { methods, .. } => methods.iter().map(|method| method.name()).collect(),
            Of::Answers { .. } => Vec::new(),
        }
    }

    /// The accepted media types. `None` means any.
    pub fn content_types(&self) -> Option<&[String]> {
        self.content_types.as_deref()
    }

    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// The first accepted method.
    pub fn method(&self) -> &'static str {
        match &self.of {
            Of::Requests { methods, .. } => methods.first().map_or("POST", |method| method.name()),
            Of::Answers { .. } => "",
        }
    }

    fn template(&self) -> Option<&Template> {
        match &self.of {
            Of::Requests { template, .. } => template.as_ref(),
            Of::Answers { .. } => None,
        }
    }

    /// Whether the path can differ between two requests that are both accepted.
    pub fn has_variable_path(&self) -> bool {
        !self.is_answers() && self.template().is_none_or(|template| !template.names().is_empty())
    }

    /// Whether the contract's path has parameters.
    pub fn has_parameters(&self) -> bool {
        self.template().is_some_and(|template| !template.names().is_empty())
    }

    /// Whether `Origin` or `Referer` is checked.
    pub fn has_origins(&self) -> bool {
        matches!(&self.of, Of::Requests { origins: Some(_), .. })
    }

    /// Whether the sender chooses how the path ends.
    pub fn has_open_path(&self) -> bool {
        self.template().is_none_or(Template::ends_open)
    }

    pub fn takes_path(&self, path: &str) -> bool {
        self.template().is_none_or(|template| template.matches(path).is_ok())
    }

    pub fn names_parameter(&self, name: &str) -> bool {
        self.template().is_some_and(|template| template.names().contains(&name))
    }

    /// If it is over a limit, nothing else of this request is read.
    pub fn over_limit(&self, request: &Request<'_>, limits: &Limits) -> Option<Finding> {
        let header_bytes: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if request.headers.len() > limits.headers {
            let message = "the request has more header lines than the limit allows";
            return Some(over(Code::Limit("headers"), message, wide(request.headers.len()), wide(limits.headers)));
        }
        if header_bytes > limits.header_bytes {
            let message = "the header lines are longer than the limit allows";
            return Some(over(Code::Limit("header-bytes"), message, wide(header_bytes), wide(limits.header_bytes)));
        }
        if request.url.len() > limits.url_bytes {
            let message = "the URL is longer than the limit allows";
            return Some(
                over(Code::Limit("url-bytes"), message, wide(request.url.len()), wide(limits.url_bytes)).at("url"),
            );
        }
        let bytes = wide(request.body.len()).max(request.body_bytes.unwrap_or_default());
        (bytes > wide(self.max_bytes)).then(|| {
            let message = "the body is larger than the contract allows";
            over(Code::RequestTooLarge, message, bytes, wide(self.max_bytes)).at("body")
        })
    }

    /// A response for a contract on requests, or a request for one on responses: nothing else of it is read.
    pub fn other_kind(&self, request: &Request<'_>) -> Option<Finding> {
        match (self.is_answers(), request.status) {
            (true, None) => Some(wrong_status("this is a request, and the contract is of answers".into())),
            (false, Some(_)) => Some(wrong_status("this is an answer, and the contract is of requests".into())),
            _ => None,
        }
    }

    /// What makes this a request of another kind, and the values of `{name}` in the contract's path, which are empty if the
    /// request has another path.
    #[cfg_attr(small, optimize(speed))]
    pub fn judge(&self, request: &Received<'_>) -> (Judged<()>, Parameters) {
        let mut findings = Vec::new();
        let mut parameters = Parameters::new();
        match &self.of {
            Of::Answers { statuses } => findings.extend(judge_status(statuses, request.status)),
            Of::Requests { methods, template, origins } => {
                if let Some(finding) = judge_method(methods, request.method) {
                    findings.push(finding);
                }
                match judge_path(template.as_ref(), request.target.path()) {
                    Ok(found) => parameters = found,
                    Err(finding) => findings.push(finding),
                }
                if let Some(origins) = origins {
                    findings.extend(origin::judge(origins, request));
                }
            }
        }
        self.judge_query(request.target, &mut findings);
        if let Some(finding) = request.headers.iter().find_map(|(name, value)| judge_header(name, value)) {
            findings.push(finding);
        }
        if let Some(finding) = self.judge_content_type(request) {
            findings.push(finding);
        }
        (Judged::of(findings, || ()), parameters)
    }

    /// Checks that each query parameter that the contract reads can be read as one value.
    fn judge_query(&self, target: &Target<'_>, findings: &mut Vec<Finding>) {
        match &self.query {
            Query::Whole => findings.extend(target.malformed().map(|name| malformed_query(Stage::Request, name))),
            Query::Parameters(names) => {
                for name in names {
                    if let Err(unreadable) = target.parameter(name) {
                        findings.push(unreadable_query(Stage::Request, name, unreadable));
                    }
                }
            }
        }
    }

    fn judge_content_type(&self, request: &Received<'_>) -> Option<Finding> {
        let accepted = self.content_types.as_ref().filter(|_| !request.body.is_empty())?;
        let wrong = |message: String| {
            Finding::error(Code::RequestContentType, Stage::Request, message)
                .at("header:content-type")
                .with("allowed", accepted.join(", "))
        };
        match request.header("content-type") {
            Err(Duplicate) => Some(duplicate_header(Stage::Request, "content-type")),
            Ok(None) => Some(wrong("the body has no content-type".into())),
            Ok(Some(value)) => {
                let is_accepted =
                    |media_type: &str| accepted.iter().any(|known| known.eq_ignore_ascii_case(media_type));
                let media_type = || value.split(';').next().unwrap_or(value).trim_matches([' ', '\t']);
                (!is_accepted(value) && !is_accepted(media_type()))
                    .then(|| wrong(format!("the content-type is not {}", accepted.join(" or "))))
            }
        }
    }
}

fn judge_method(methods: &[Method], method: &str) -> Option<Finding> {
    if methods.iter().any(|accepted| accepted.name() == method) {
        return None;
    }
    let accepted = methods.iter().map(|method| method.name()).collect::<Vec<_>>().join(", ");
    let message = format!("the method is not accepted; the contract accepts {accepted}");
    Some(Finding::error(Code::RequestMethod, Stage::Request, message).at("method").with("allowed", accepted))
}

fn judge_path(template: Option<&Template>, path: &str) -> Result<Parameters, Finding> {
    let Some(template) = template else {
        return Ok(Parameters::new());
    };
    template.matches(path).map_err(|reason| {
        Finding::error(Code::RequestPath, Stage::Request, reason).at("path").with("allowed", template.to_string())
    })
}

fn judge_status(statuses: &[u16], status: Option<u16>) -> Option<Finding> {
    let status = status.filter(|status| !statuses.contains(status))?;
    let accepted = listed(statuses);
    let message = format!("the status is not one that the contract accepts: {accepted}");
    Some(wrong_status(message).with("got", status).with("allowed", accepted))
}

/// `200, 400 to 417, 421`: three or more in a row are told by the first and the last.
fn listed(statuses: &[u16]) -> String {
    let rows = statuses.chunk_by(|one, next| one + 1 == *next);
    let told = rows.flat_map(|row| match row {
        [first, _, .., last] => vec![format!("{first} to {last}")],
        _ => row.iter().map(u16::to_string).collect(),
    });
    told.collect::<Vec<_>>().join(", ")
}

/// The only place that raises `request-status`.
fn wrong_status(message: String) -> Finding {
    Finding::error(Code::RequestStatus, Stage::Request, message).at("status")
}

/// Whether a byte may be in a token (RFC 9110, section 5.6.2).
#[inline]
fn is_token(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'^'..=b'`')
        || matches!(byte, b'-' | b'!' | b'#'..=b'\'' | b'*' | b'+' | b'.' | b'|' | b'~')
}

/// RFC 9110, sections 5.1 and 5.5: a name is a token, and a value holds no CR, LF or NUL.
#[cfg_attr(small, optimize(speed))]
fn judge_header(name: &str, value: &str) -> Option<Finding> {
    let token = !name.is_empty() && name.bytes().all(is_token);
    let breaks = characters::first_below(value.as_bytes(), b' ').is_some()
        && value.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0));
    let message = match (token, breaks) {
        (true, false) => return None,
        (false, _) => "a header's name is not a token",
        (true, true) => "a header's value holds a line break or NUL",
    };
    let finding = Finding::error(Code::RequestHeader, Stage::Request, message);
    Some(if token { finding.at(format!("header:{}", name.to_ascii_lowercase())) } else { finding })
}

/// A number of bytes, in a width that is the same in every runtime.
fn wide(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

fn over(code: Code, message: &str, got: u64, allowed: u64) -> Finding {
    Finding::error(code, Stage::Request, message).with("got", got).with("allowed", allowed)
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"!#$&^_.+-".contains(&b))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}
