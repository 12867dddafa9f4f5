//! Stage 5: bytes become JSON that means the same to every parser (RFC 8259, restricted to I-JSON, RFC 7493), or
//! findings with the byte offset.

use std::borrow::Cow;

use serde_json::Value;

use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Severity, Stage};
use crate::grammar::{self, Method, OtherBody, PayloadFormat, UnsafeNumbers};
use crate::json::{self, Document, Json};
use crate::judged::Judged;
use crate::place::{Pointer, pointer_token};
use crate::request::Received;

mod form;

/// The compiled `payload` section of a contract.
#[derive(Debug)]
pub(crate) struct Reader {
    format: PayloadFormat,
    json: Option<String>,
    rules: json::Rules,
    /// The methods whose requests may come without a body.
    without_body: Vec<Method>,
    /// Whether a body that is not the document may be anything.
    unread: bool,
}

/// Proof that the body has one meaning. Made only by [`Reader::read`].
#[derive(Debug)]
pub(crate) struct Payload<'a> {
    /// Null if there is no document.
    document: Document<'a>,
    /// Whether there is a document that schemas can judge.
    pub is_there: bool,
    _made_here: (),
}

impl Reader {
    pub fn compile(document: grammar::Payload, max_values: usize) -> Result<Reader, ContractError> {
        if !(1..=512).contains(&document.max_depth) {
            return Err(ContractError::new(
                ContractCode::ContractGrammar,
                "/payload/maxDepth",
                "the depth is between 1 and 512",
            ));
        }
        if document.json.is_some() && document.format != PayloadFormat::Form {
            let message = "`json` names a field of a form, and the format is another";
            return Err(ContractError::new(ContractCode::ContractGrammar, "/payload/json", message));
        }
        let of_body = !matches!(document.format, PayloadFormat::Query | PayloadFormat::None);
        if document.body.is_some() && of_body {
            let message = "the body is the document here: `body` is for the formats `query` and `none`";
            return Err(ContractError::new(ContractCode::ContractGrammar, "/payload/body", message));
        }
        if !document.without_body.is_empty() && !of_body {
            let message = "the body is not the document here: `withoutBody` is for the formats that read it";
            return Err(ContractError::new(ContractCode::ContractGrammar, "/payload/withoutBody", message));
        }
        let unsafe_numbers = match document.unsafe_numbers {
            UnsafeNumbers::Reject => Severity::Error,
            UnsafeNumbers::Warn => Severity::Warning,
        };
        Ok(Reader {
            format: document.format,
            json: document.json,
            rules: json::Rules { max_depth: document.max_depth, max_values, unsafe_numbers },
            without_body: document.without_body,
            unread: document.body == Some(OtherBody::Unread),
        })
    }

    /// For documents that have no contract.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "the outer layer's door"))]
    pub fn lenient_on_numbers() -> Reader {
        Reader {
            format: PayloadFormat::Json,
            json: None,
            rules: json::Rules { max_depth: 512, max_values: usize::MAX, unsafe_numbers: Severity::Warning },
            without_body: Vec::new(),
            unread: false,
        }
    }

    /// Whether there is a document that a JSON Pointer can point into.
    pub fn has_document(&self) -> bool {
        self.format != PayloadFormat::None
    }

    /// The form field that holds the JSON document.
    pub fn form_field(&self) -> Option<&str> {
        self.json.as_deref()
    }

    /// Why there can never be a text at this pointer in a document of this kind.
    pub fn lacks(&self, pointer: &Pointer) -> Option<&'static str> {
        let flat = !self.holds_json();
        match pointer.tokens() {
            _ if !self.has_document() => {
                Some("the payload is of format `none`, so there is no document to read it from")
            }
            [_] => None,
            [_, index] if flat && index.bytes().all(|byte| byte.is_ascii_digit()) => None,
            _ if flat => Some("a form or query is flat: its members are texts, or lists of them"),
            tokens if tokens.len() > self.rules.max_depth => Some("it stands deeper than `payload.maxDepth` allows"),
            _ => None,
        }
    }

    /// Whether the body itself is a JSON document.
    pub fn is_json(&self) -> bool {
        matches!(self.format, PayloadFormat::Json | PayloadFormat::JsonOrText)
    }

    /// Whether the document is JSON, either the body or a field of its form. Otherwise every value is a text.
    pub fn holds_json(&self) -> bool {
        self.is_json() || self.json.is_some()
    }

    /// Whether any body at all is a finding.
    pub fn refuses_body(&self) -> bool {
        matches!(self.format, PayloadFormat::None | PayloadFormat::Query) && !self.unread
    }

    /// The payload, unless a finding is an error.
    #[cfg_attr(small, optimize(speed))]
    pub fn read<'a>(&self, request: &Received<'a>) -> Judged<Payload<'a>> {
        let unexpected = || body_where_none_is(request.body).filter(|_| !self.unread).into_iter().collect();
        if request.body.is_empty() && self.needs_no_body(request.method) {
            return Judged::of(Vec::new(), Payload::absent);
        }
        match self.format {
            PayloadFormat::Form => self.read_form(request.body),
            PayloadFormat::Json => self.read_json(request.body),
            PayloadFormat::JsonOrText => self.read_json_or_text(request.body),
            PayloadFormat::None => Judged::of(unexpected(), Payload::absent),
            // What cannot be decoded was reported when the request was judged.
            PayloadFormat::Query => match form::read(request.target.query().unwrap_or_default().as_bytes()) {
                Ok(query) => Judged::of(unexpected(), || Payload::new(Document::of(&query))),
                Err(_) => Judged::unproved(unexpected()),
            },
        }
    }

    /// The document, for what judges nothing.
    pub fn document<'a>(&self, request: &Received<'a>) -> Option<Document<'a>> {
        self.read(request).into_parts().0.map(|payload| payload.document)
    }

    fn needs_no_body(&self, method: &str) -> bool {
        self.without_body.iter().any(|allowed| allowed.name() == method)
    }

    /// The methods in `withoutBody`.
    pub fn without_body(&self) -> &[Method] {
        &self.without_body
    }

    /// What keeps bytes from being JSON with one meaning, or the value if nothing does.
    #[cfg_attr(small, optimize(speed))]
    pub fn read_json<'a>(&self, body: &'a [u8]) -> Judged<Payload<'a>> {
        match json::decode(body) {
            Ok(text) => self.read_text(text.into()),
            Err(finding) => Judged::unproved(vec![finding]),
        }
    }

    #[cfg_attr(small, optimize(speed))]
    fn read_text<'a>(&self, text: Cow<'a, str>) -> Judged<Payload<'a>> {
        match Document::read(text, self.rules) {
            (Some(document), findings) => Judged::of(findings, || Payload::new(document)),
            (None, findings) => Judged::unproved(findings),
        }
    }

    /// A text has no white space at its end: servers add a line break to it.
    pub fn read_json_or_text<'a>(&self, body: &'a [u8]) -> Judged<Payload<'a>> {
        match body.trim_ascii_start().first() {
            Some(b'{' | b'[' | b'"') => self.read_json(body),
            _ => match json::decode(body) {
                Ok(text) => {
                    let text = Value::String(text.trim_end().to_owned());
                    Judged::of(Vec::new(), || Payload::new(Document::of(&text)))
                }
                Err(finding) => Judged::unproved(vec![finding]),
            },
        }
    }

    fn read_form<'a>(&self, body: &[u8]) -> Judged<Payload<'a>> {
        let Some(name) = &self.json else {
            return match form::read(body) {
                Ok(form) => Judged::of(Vec::new(), || Payload::new(Document::of(&form))),
                Err(name) => Judged::unproved(vec![not_encoded(name)]),
            };
        };
        match form::field(body, name) {
            Some(document) => match json::decode(&document) {
                Ok(text) => self.read_text(text.to_owned().into()),
                Err(finding) => Judged::unproved(vec![finding]),
            },
            None => {
                let message =
                    format!("the form holds no field `{name}`, or more than one; the JSON document stands in it");
                Judged::unproved(vec![json::invalid(0, &message)])
            }
        }
    }
}

impl<'a> Payload<'a> {
    fn new(document: Document<'a>) -> Payload<'a> {
        Payload { document, is_there: true, _made_here: () }
    }

    fn absent() -> Payload<'a> {
        Payload { document: Document::of(&Value::Null), is_there: false, _made_here: () }
    }

    pub fn json(&self) -> Json<'_> {
        self.document.root()
    }
}

/// `None` means that the name of the field itself cannot be decoded.
fn not_encoded(name: Option<String>) -> Finding {
    let (what, at) = match &name {
        Some(name) => (format!("the field `{name}` of the form"), format!("/{}", pointer_token(name))),
        None => ("the name of a form's field".into(), String::new()),
    };
    json::invalid_encoding(0, &format!("{what} is not percent-encoded UTF-8")).at(at)
}

/// Nothing signs a body if the payload is the query or if there is none.
fn body_where_none_is(body: &[u8]) -> Option<Finding> {
    (!body.is_empty()).then(|| {
        let message = "a body came with a request that has none, and nothing signs it";
        Finding::error(Code::BodyUnexpected, Stage::Payload, message).at("body").with("got", body.len())
    })
}
