//! Stage 1: the request as it came, and whether it is of the declared kind. Nothing here decodes or
//! trims a body or a header; look-ups are by name, without regard to case, and never pick one of two.

use std::borrow::Cow;

use crate::contract::document::{Method, RequestRules};
use crate::contract::error::ContractError;
use crate::limits::Limits;
use crate::verdict::{Code, Finding, Stage};

pub(crate) mod path;

use path::{Parameters, Template};

/// One HTTP request, as its receiver has it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, in upper case as on the wire.
    pub method: &'a str,
    /// The request target, or the whole URL as the sender called it.
    pub url: &'a str,
    /// Header names and values in the order of the wire; names in any case.
    pub headers: &'a [(String, String)],
    /// The body's bytes, before anything decodes or parses them.
    pub body: &'a [u8],
    /// The values of `{name}` in the contract's path. Filled by the gate.
    pub(crate) parameters: Option<&'a Parameters>,
    /// The public `scheme://host`, where a proxy stands before the receiver. Filled by the gate.
    pub(crate) origin: Option<&'a str>,
}

/// A header that must stand once stands twice.
pub(crate) struct Duplicate;

impl<'a> Request<'a> {
    /// A request of these parts.
    pub fn new(method: &'a str, url: &'a str, headers: &'a [(String, String)], body: &'a [u8]) -> Self {
        Request { method, url, headers, body, parameters: None, origin: None }
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
        let target = self.target();
        target.split(['?', '#']).next().unwrap_or(target)
    }

    pub(crate) fn path_parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters?.get(name).map(String::as_str)
    }

    /// The first query parameter of that name, percent-decoded; `+` is a space.
    pub(crate) fn query_parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        let (_, query) = self.target().split('#').next()?.split_once('?')?;
        query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (path::percent_decode(&key.replace('+', " "))? == name)
                .then(|| path::percent_decode(&value.replace('+', " ")))?
                .map(Cow::Owned)
        })
    }

    /// The query of the target as it stands on the wire.
    pub(crate) fn query(&self) -> Option<&'a str> {
        Some(self.target().split('#').next()?.split_once('?')?.1)
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

    /// The target in origin form: what follows the authority, if there is one.
    pub(crate) fn target(&self) -> &'a str {
        let Some((_, rest)) = self.url.split_once("://").filter(|_| !self.url.starts_with('/')) else {
            return self.url;
        };
        rest.find(['/', '?', '#']).and_then(|start| rest.get(start..)).filter(|t| t.starts_with('/')).unwrap_or("/")
    }
}

/// The compiled `request` section of a contract.
#[derive(Debug)]
pub(crate) struct Kind {
    methods: Vec<Method>,
    template: Option<Template>,
    content_types: Option<Vec<String>>,
    max_bytes: usize,
}

impl Kind {
    pub fn compile(rules: RequestRules) -> Result<Kind, ContractError> {
        if rules.methods.is_empty() {
            return Err(ContractError::new("contract-request", "/request/methods", "no method is accepted"));
        }
        let content_types = rules.content_types;
        if let Some(bad) = content_types.iter().flatten().find(|media_type| !is_media_type(media_type)) {
            let message = format!("`{bad}` is not a media type in lower case without parameters");
            return Err(ContractError::new("contract-request", "/request/contentTypes", message));
        }
        let template = rules.path.as_deref().map(Template::compile).transpose()?;
        Ok(Kind { methods: rules.methods, template, content_types, max_bytes: rules.max_bytes })
    }

    /// The first that is accepted.
    pub fn method(&self) -> &'static str {
        self.methods.first().map_or("POST", |method| method.name())
    }

    /// Whether the path can differ between two requests that are both accepted.
    pub fn has_variable_path(&self) -> bool {
        self.template.as_ref().is_none_or(|template| !template.names().is_empty())
    }

    pub fn names_parameter(&self, name: &str) -> bool {
        self.template.as_ref().is_some_and(|template| template.names().contains(&name))
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
        (request.body.len() > self.max_bytes).then(|| {
            let message = "the body is larger than the contract allows";
            over(Code::RequestTooLarge, message, request.body.len(), self.max_bytes).at("body")
        })
    }

    /// The path's parameters, and what makes this a request of another kind.
    pub fn judge(&self, request: &Request<'_>) -> (Parameters, Vec<Finding>) {
        let mut findings = Vec::new();
        findings.extend(self.judge_method(request.method));
        let (parameters, wrong_path) = self.judge_path(request.path());
        findings.extend(wrong_path);
        findings.extend(request.headers.iter().find_map(|(name, value)| judge_header(name, value)));
        findings.extend(self.judge_content_type(request));
        (parameters, findings)
    }

    fn judge_method(&self, method: &str) -> Option<Finding> {
        if self.methods.iter().any(|accepted| accepted.name() == method) {
            return None;
        }
        let accepted = self.methods.iter().map(|method| method.name()).collect::<Vec<_>>().join(", ");
        let message = format!("the method is not accepted; the contract accepts {accepted}");
        Some(Finding::error(Code::RequestMethod, Stage::Request, message).at("method").with("allowed", accepted))
    }

    fn judge_path(&self, path: &str) -> (Parameters, Option<Finding>) {
        let Some(template) = &self.template else {
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

/// The only place that raises `header-duplicate`.
pub(crate) fn duplicate_header(stage: Stage, name: &str) -> Finding {
    let message = format!("`{name}` stands more than once; two readers may pick two different ones");
    Finding::error(Code::HeaderDuplicate, stage, message).at(format!("header:{name}"))
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
