//! The other direction: the headers that make a request pass the gate.

use data_encoding::{BASE64, HEXLOWER};

use crate::contract::document::{Encoding, FieldFormat, HeaderShape};
use crate::contract::error::ContractError;
use crate::request::Request;
use crate::signature::{Scheme, field};
use crate::verdict::Stage;

/// The request's headers with the declared times and the signature added, or replaced if they stood
/// there. The first key signs.
pub(crate) fn sign(
    scheme: Option<&Scheme>,
    request: &Request<'_>,
    now: i64,
) -> Result<Vec<(String, String)>, ContractError> {
    let Some(scheme) = scheme else {
        let message = "the contract declares no signature, so there is nothing to sign";
        return Err(ContractError::new("contract-signature", "/signature", message));
    };
    let mut headers = request.headers.to_vec();
    for declared in &scheme.fields {
        match declared.format {
            FieldFormat::Text => {}
            FieldFormat::UnixSeconds => replace(&mut headers, &declared.header, now.to_string()),
        }
    }
    let request = Request { headers: &headers, ..*request };
    let (fields, findings) = field::read_all(&scheme.fields, &request, Stage::Signature);
    if let Some(finding) = findings.into_iter().next() {
        let at = finding.at.unwrap_or_default();
        return Err(ContractError::new("contract-signature", at, format!("cannot sign: {}", finding.message)));
    }
    let pieces = scheme.pieces(&request, &fields).unwrap_or_default();
    let mac = scheme.keys.iter().next().map(|key| key.compute(&pieces)).unwrap_or_default();
    let encoded = match scheme.encoding {
        Encoding::Base64 => BASE64.encode(&mac),
        Encoding::Hex => HEXLOWER.encode(&mac),
    };
    let value = match &scheme.shape {
        HeaderShape::Plain {} => encoded,
        HeaderShape::Prefixed { prefix } => format!("{prefix}{encoded}"),
    };
    replace(&mut headers, &scheme.header, value);
    Ok(headers)
}

fn replace(headers: &mut Vec<(String, String)>, name: &str, value: String) {
    headers.retain(|(existing, _)| !existing.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value));
}
