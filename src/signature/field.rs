//! The declared fields of a signature: read strictly, in one form, from one place.

use std::collections::BTreeMap;

use crate::contract::document::{Field, FieldFormat, Source};
use crate::contract::error::ContractError;
use crate::request::{Request, duplicate_header};
use crate::time::parse_unix_seconds;
use crate::verdict::{Code, Finding, Stage};

/// What a field is for decides the code of its findings.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Role {
    Nonce,
    Other,
    Time,
}

#[derive(Debug)]
pub(crate) struct Declared {
    pub name: String,
    pub format: FieldFormat,
    pub role: Role,
    pub header: String,
}

/// The fields of one request that are there and of their form.
#[derive(Debug, Default)]
pub(crate) struct Fields<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Fields<'a> {
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }
}

/// Every field that can be read, and a finding for each that cannot.
pub(crate) fn read_all<'a>(
    declared: &'a [Declared],
    request: &Request<'a>,
    stage: Stage,
) -> (Fields<'a>, Vec<Finding>) {
    let mut fields = Fields::default();
    let mut findings = Vec::new();
    for field in declared {
        match field.read(request, stage) {
            Ok(value) => {
                fields.0.insert(&field.name, value);
            }
            Err(finding) => findings.push(finding),
        }
    }
    (fields, findings)
}

impl Declared {
    pub fn compile(name: String, field: Field, role: Role) -> Result<Declared, ContractError> {
        let Source::Header(header) = field.from;
        check_header_name(&header, &format!("/signature/fields/{name}/from/header"))?;
        Ok(Declared { name, format: field.format, role, header })
    }

    /// As a finding's `at` names it.
    pub fn place(&self) -> String {
        format!("header:{}", self.header)
    }

    fn read<'a>(&self, request: &Request<'a>, stage: Stage) -> Result<&'a str, Finding> {
        let header = &self.header;
        let value = request.header(header).map_err(|_| duplicate_header(stage, header))?;
        let value = value.filter(|value| !value.is_empty()).ok_or_else(|| {
            let code = match self.role {
                Role::Nonce => Code::NonceMissing,
                Role::Other => Code::HeaderMissing,
                Role::Time => Code::TimestampMissing,
            };
            Finding::error(code, stage, format!("`{header}` is missing")).at(self.place())
        })?;
        match self.wrong_form(value) {
            None => Ok(value),
            Some(expected) => {
                let code = match self.role {
                    Role::Nonce => Code::NonceMalformed,
                    Role::Other => Code::HeaderMalformed,
                    Role::Time => Code::TimestampMalformed,
                };
                Err(Finding::error(code, stage, format!("`{header}` is not {expected}"))
                    .at(self.place())
                    .with("expected", expected))
            }
        }
    }

    /// What the value should have been, if it is not.
    fn wrong_form(&self, value: &str) -> Option<&'static str> {
        match self.format {
            FieldFormat::Text => {
                let visible = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
                (!visible || value.len() > 1024).then_some("visible ASCII of at most 1024 bytes")
            }
            FieldFormat::UnixSeconds => parse_unix_seconds(value)
                .is_none()
                .then_some("Unix seconds: ASCII digits alone, no leading zero, up to the year 9999"),
        }
    }
}

/// Lower case in the contract, so that there is one way to write it; any case on the wire.
pub(crate) fn check_header_name(name: &str, at: &str) -> Result<(), ContractError> {
    let token = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+.^_`|~-".contains(&byte);
    if (1..=100).contains(&name.len()) && name.bytes().all(token) {
        return Ok(());
    }
    let message = format!("`{name}` is not a header name in lower case");
    Err(ContractError::new("contract-request", at, message).help(format!("write `{}`", name.to_ascii_lowercase())))
}
