//! Stage 1: the request or answer as it came, and whether it is of the declared kind. Nothing here decodes or
//! trims a body or a header; look-ups are by name, without regard to case, and never pick one of two.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::error::ContractError;
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{Method, RequestRules, ResponseRules, StatusCode};
use crate::limits::Limits;
use crate::urlencoded;

pub(crate) mod authority;
mod origin;
pub(crate) mod path;

use path::{Parameters, Template};

/// One HTTP request, or the answer to one, as its receiver has it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The status of an answer, for contracts with `response`. A request has none.
    pub status: Option<u16>,
    /// The method, in upper case as on the wire. An answer has none.
    pub method: &'a str,
    /// The request target, or the whole URL as the sender called it.
    pub url: &'a str,
    /// Header names and values in the order of the wire; names in any case.
    pub headers: &'a [(String, String)],
    /// The body's bytes, before anything decodes or parses them.
    pub body: &'a [u8],
    /// How long the body is, where it was too long to be read and `body` is a part of it.
    pub body_bytes: Option<usize>,
    /// The values of `{name}` in the contract's path. Filled by the gate.
    pub(crate) parameters: Option<&'a Parameters>,
    /// The public `scheme://host`, where a proxy stands before the receiver. Filled by the gate.
    pub(crate) origin: Option<&'a str>,
}

/// A header or parameter that must stand once stands twice.
pub(crate) struct Duplicate;

impl<'a> Request<'a> {
    /// A request of these parts.
    pub fn new(method: &'a str, url: &'a str, headers: &'a [(String, String)], body: &'a [u8]) -> Self {
        Request { status: None, method, url, headers, body, body_bytes: None, parameters: None, origin: None }
    }

    /// An answer of these parts.
    pub fn answer(status: u16, headers: &'a [(String, String)], body: &'a [u8]) -> Self {
        Request { status: Some(status), ..Request::new("", "", headers, body) }
    }

    /// The one value of a header (`name` in lower case), if it is there.
    pub(crate) fn header(&self, name: &str) -> Result<Option<&'a str>, Duplicate> {
        let mut values = self.headers.iter().filter(|(candidate, _)| candidate.eq_ignore_ascii_case(name));
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Duplicate),
            (first, None) => Ok(first.map(|(_, value)| value.as_str())),
        }
    }

    /// The path of the target as it stands on the wire, not decoded.
    pub(crate) fn path(&self) -> &'a str {
        match self.after_authority().split(['?', '#']).next().unwrap_or_default() {
            "" if !self.url.is_empty() => "/",
            path => path,
        }
    }

    pub(crate) fn path_parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters?.get(name).map(String::as_str)
    }

    /// The one query parameter of that name, percent-decoded; `+` is a space.
    pub(crate) fn query_parameter(&self, name: &str) -> Result<Option<Cow<'a, str>>, Duplicate> {
        let decoded = |text: &str| urlencoded::percent_decode(&text.replace('+', " "));
        let pairs = self.query().unwrap_or_default().split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let mut values = pairs.filter(|(key, _)| decoded(key).as_deref() == Some(name)).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Duplicate),
            (first, None) => Ok(first.and_then(decoded).map(Cow::Owned)),
        }
    }

    /// The query of the target as it stands on the wire.
    pub(crate) fn query(&self) -> Option<&'a str> {
        Some(self.after_authority().split('#').next()?.split_once('?')?.1)
    }

    /// The whole URL as the sender called it. A target alone is completed from the gate's public origin,
    /// else from the Host header, as https.
    pub(crate) fn full_url(&self) -> Cow<'a, str> {
        if !self.url.starts_with('/') {
            return self.url.into();
        }
        match (self.origin, self.header("host")) {
            (Some(origin), _) => format!("{origin}{}", self.url).into(),
            (None, Ok(Some(host))) => format!("https://{host}{}", self.url).into(),
            _ => self.url.into(),
        }
    }

    /// The target in origin form, without a fragment: `https://h.example?a=1` is sent as `/?a=1`.
    pub(crate) fn target(&self) -> Cow<'a, str> {
        match self.after_authority().split('#').next().unwrap_or_default() {
            target if target.starts_with('/') || self.whole_url().is_none() => target.into(),
            target => format!("/{target}").into(),
        }
    }

    /// Scheme, and what follows its `://`, where the URL is whole and not a target alone.
    pub(crate) fn whole_url(&self) -> Option<(&'a str, &'a str)> {
        self.url.split_once("://").filter(|_| !self.url.starts_with('/'))
    }

    /// Path, query and fragment as they stand.
    fn after_authority(&self) -> &'a str {
        let Some((_, rest)) = self.whole_url() else {
            return self.url;
        };
        rest.find(['/', '?', '#']).and_then(|start| rest.get(start..)).unwrap_or_default()
    }
}

/// The compiled `request` or `response` section of a contract.
#[derive(Debug)]
pub(crate) struct Kind {
    of: Of,
    content_types: Option<Vec<String>>,
    max_bytes: usize,
    /// The query parameters that the contract's places name.
    parameters: BTreeSet<String>,
}

#[derive(Debug)]
enum Of {
    Answers { statuses: Vec<u16> },
    Requests { methods: Vec<Method>, template: Option<Template>, origins: Option<Vec<String>> },
}

impl Kind {
    pub fn compile(request: Option<RequestRules>, response: Option<ResponseRules>) -> Result<Kind, ContractError> {
        let wrong = |at: &str, message: String| Err(ContractError::new("contract-request", at, message));
        let (section, of, content_types, max_bytes) = match (request, response) {
            (Some(_), Some(_)) => {
                return wrong(
                    "/response",
                    "a contract is of requests or of answers: take `request` or `response`".into(),
                );
            }
            (None, Some(rules)) => {
                let status = |status: &StatusCode| u16::try_from(status.0).ok().filter(|code| (100..=599).contains(code));
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
        Ok(Kind { of, content_types, max_bytes, parameters: BTreeSet::new() })
    }

    /// What route, replay key or shape reads from the query stands there once.
    pub fn read_once(&mut self, parameters: BTreeSet<String>) {
        self.parameters = parameters;
    }

    pub fn is_answers(&self) -> bool {
        matches!(self.of, Of::Answers { .. })
    }

    /// The first that is accepted.
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

    /// Whether `Origin` or `Referer` is judged.
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

    /// Over a limit: nothing else of this request is looked at.
    pub fn over_limit(&self, request: &Request<'_>, limits: &Limits) -> Option<Finding> {
        let header_bytes: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
        if request.headers.len() > limits.headers {
            let message = "the request has more header lines than the limit allows";
            return Some(over(Code::Limit("headers"), message, request.headers.len(), limits.headers));
        }
        if header_bytes > limits.header_bytes {
            let message = "the header lines are longer than the limit allows";
            return Some(over(Code::Limit("header-bytes"), message, header_bytes, limits.header_bytes));
        }
        let bytes = request.body.len().max(request.body_bytes.unwrap_or_default());
        (bytes > self.max_bytes).then(|| {
            let message = "the body is larger than the contract allows";
            over(Code::RequestTooLarge, message, bytes, self.max_bytes).at("body")
        })
    }

    /// An answer for a contract of requests, or a request for one of answers: nothing else of it is looked at.
    pub fn other_kind(&self, request: &Request<'_>) -> Option<Finding> {
        match (self.is_answers(), request.status) {
            (true, None) => Some(wrong_status("this is a request, and the contract is of answers".into())),
            (false, Some(_)) => Some(wrong_status("this is an answer, and the contract is of requests".into())),
            _ => None,
        }
    }

    /// The path's parameters, and what makes this a request of another kind.
    pub fn judge(&self, request: &Request<'_>) -> (Parameters, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut parameters = Parameters::new();
        match &self.of {
            Of::Answers { statuses } => findings.extend(judge_status(statuses, request.status)),
            Of::Requests { methods, template, origins } => {
                findings.extend(judge_method(methods, request.method));
                let wrong_path;
                (parameters, wrong_path) = judge_path(template.as_ref(), request.path());
                findings.extend(wrong_path);
                findings.extend(origins.as_ref().and_then(|origins| origin::judge(origins, request)));
            }
        }
        let twice = |name: &&String| request.query_parameter(name).is_err();
        findings.extend(self.parameters.iter().filter(twice).map(|name| duplicate_query(Stage::Request, name)));
        findings.extend(request.headers.iter().find_map(|(name, value)| judge_header(name, value)));
        findings.extend(self.judge_content_type(request));
        (parameters, findings)
    }

    fn judge_content_type(&self, request: &Request<'_>) -> Option<Finding> {
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
                let media_type = value.split(';').next().unwrap_or(value).trim_matches([' ', '\t']);
                (!accepted.iter().any(|candidate| candidate.eq_ignore_ascii_case(media_type)))
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

fn judge_path(template: Option<&Template>, path: &str) -> (Parameters, Option<Finding>) {
    let Some(template) = template else {
        return (Parameters::new(), None);
    };
    match template.matches(path) {
        Ok(parameters) => (parameters, None),
        Err(reason) => {
            let finding = Finding::error(Code::RequestPath, Stage::Request, reason)
                .at("path")
                .with("allowed", template.to_string());
            (Parameters::new(), Some(finding))
        }
    }
}

fn judge_status(statuses: &[u16], status: Option<u16>) -> Option<Finding> {
    let status = status.filter(|status| !statuses.contains(status))?;
    let accepted = statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    let message = format!("the status is not one that the contract accepts: {accepted}");
    Some(wrong_status(message).with("got", status).with("allowed", accepted))
}

/// The only place that raises `request-status`.
fn wrong_status(message: String) -> Finding {
    Finding::error(Code::RequestStatus, Stage::Request, message).at("status")
}

/// The only place that raises `header-duplicate`.
pub(crate) fn duplicate_header(stage: Stage, name: &str) -> Finding {
    let message = format!("`{name}` stands more than once; two readers may pick two different ones");
    Finding::error(Code::HeaderDuplicate, stage, message).at(format!("header:{name}"))
}

/// The only place that raises `query-duplicate`.
pub(crate) fn duplicate_query(stage: Stage, name: &str) -> Finding {
    let message = format!("the parameter `{name}` stands more than once; two readers may pick two different ones");
    Finding::error(Code::QueryDuplicate, stage, message).at(format!("query:{name}"))
}

/// RFC 9110, sections 5.1 and 5.5: a name is a token, and a value holds no CR, LF or NUL.
fn judge_header(name: &str, value: &str) -> Option<Finding> {
    let token = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
    let message = match (token, value.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0))) {
        (true, false) => return None,
        (false, _) => "a header's name is not a token",
        (true, true) => "a header's value holds a line break or NUL",
    };
    let finding = Finding::error(Code::RequestHeader, Stage::Request, message);
    Some(if token { finding.at(format!("header:{}", name.to_ascii_lowercase())) } else { finding })
}

fn over(code: Code, message: &str, got: usize, allowed: usize) -> Finding {
    Finding::error(code, Stage::Request, message).with("got", got).with("allowed", allowed)
}

fn is_media_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"!#$&^_.+-".contains(&b))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}
