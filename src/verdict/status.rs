//! The HTTP status and text of a verdict: the contract's table over a preset.

use super::Outcome;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Severity, Stage};
use crate::grammar::{Preset, Status};

/// The compiled `status` section of a contract.
#[derive(Debug)]
pub(crate) struct Statuses {
    preset: Preset,
    overrides: Vec<(Stage, u16)>,
}

impl Statuses {
    pub fn compile(document: &Status) -> Result<Statuses, ContractError> {
        let all = [
            (Stage::Signature, document.signature),
            (Stage::Freshness, document.freshness),
            (Stage::Replay, document.replay),
            (Stage::Payload, document.payload),
            (Stage::Route, document.route),
            (Stage::Schema, document.schema),
            (Stage::Policy, document.policy),
            (Stage::Shape, document.shape),
        ];
        let mut overrides = Vec::new();
        for (stage, status) in all.into_iter().filter_map(|(stage, status)| Some((stage, status?))) {
            match u16::try_from(status).ok().filter(|code| (200..=599).contains(code)) {
                Some(code) => overrides.push((stage, code)),
                None => {
                    let at = format!("/status/{stage:?}").to_lowercase();
                    let message = format!("{status} is not a status between 200 and 599");
                    return Err(ContractError::new(ContractCode::ContractGrammar, at, message));
                }
            }
        }
        Ok(Statuses { preset: document.preset, overrides })
    }

    /// The contract's own status for a refused signature, if it sets one.
    pub fn of_signature(&self) -> Option<u16> {
        self.overrides.iter().find(|(stage, _)| *stage == Stage::Signature).map(|(_, status)| *status)
    }

    /// Whether a failed signature and a failed freshness have one status, if neither reads the query.
    pub fn treat_stale_as_forged(&self) -> bool {
        let own = |stage: Stage| self.overrides.iter().find(|(of, _)| *of == stage).map(|(_, status)| *status);
        own(Stage::Signature) == own(Stage::Freshness)
    }

    /// The status of the first stage that failed, in stage order, whatever else failed. `findings` are in that order.
    pub fn of(&self, outcome: Outcome, findings: &[Finding]) -> (u16, &'static str) {
        match (outcome, findings.iter().find(|finding| finding.severity == Severity::Error)) {
            (Outcome::Ignore, _) if self.preset == Preset::Sub2api => (200, "duplicate message ignored"),
            (Outcome::Reject, Some(finding)) => self.rejected(finding),
            _ => (200, reason(200)),
        }
    }

    fn rejected(&self, finding: &Finding) -> (u16, &'static str) {
        let (preset_status, text) = match self.preset {
            Preset::Rfc => (rfc(finding), None),
            Preset::Sub2api => sub2api(finding),
        };
        let status = self.overrides.iter().find(|(stage, _)| *stage == finding.stage).map(|(_, status)| *status);
        let status = status.unwrap_or(preset_status);
        (status, text.unwrap_or_else(|| reason(status)))
    }
}

/// RFC 9110, section 15, and RFC 6585.
fn rfc(finding: &Finding) -> u16 {
    match (finding.stage, &finding.code) {
        (_, Code::RequestMethod) => 405,
        (_, Code::RequestOrigin) => 403,
        (_, Code::RequestPath | Code::HookUnknown) => 404,
        (_, Code::HookDisabled) => 410,
        (_, Code::RequestContentType) => 415,
        (_, Code::RequestTooLarge) => 413,
        (_, Code::Limit("headers" | "header-bytes")) => 431,
        (_, Code::Limit("url-bytes")) => 414,
        (_, Code::ReplayKeyMissing | Code::QueryMalformed) => 400,
        (Stage::Signature | Stage::Freshness, _) => 401,
        (Stage::Replay, _) => 409,
        (Stage::Route | Stage::Schema | Stage::Shape, _) => 422,
        (Stage::Policy, _) => 403,
        (Stage::Contract | Stage::Request | Stage::Payload, _) => 400,
    }
}

/// The customer-service webhook's own table: 403 with a text for senders that it does not trust, 400 for what it
/// cannot read.
fn sub2api(finding: &Finding) -> (u16, Option<&'static str>) {
    match finding.stage {
        Stage::Signature => (403, Some("invalid webhook signature")),
        Stage::Freshness => (403, Some("stale webhook request")),
        Stage::Contract | Stage::Request | Stage::Replay => (rfc(finding), None),
        Stage::Payload | Stage::Route | Stage::Schema | Stage::Policy | Stage::Shape => (400, None),
    }
}

/// RFC 9110, section 15: the reason phrases.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => match status / 100 {
            2 => "Successful",
            3 => "Redirection",
            4 => "Client Error",
            _ => "Server Error",
        },
    }
}
