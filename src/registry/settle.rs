//! The sender's side of a registry: what follows for a delivery, and for its hook, from what the receiver answered.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::outcome::Disable;
use crate::gate::Gate;
use crate::payload::Reader;
use crate::request::Request;
use crate::retry::{Context, Delay, DelayOptions, MAX_SECONDS, Quotas, Reason, RetryAfterZero, delay, word};
use crate::whole::whole;

/// The maximum length of an answer's body that is read, in bytes. A receipt or a problem document is far shorter.
const MAX_BODY: usize = 65_536;

/// How the problem documents of a registry or guard begin their `type`.
const OURS: &str = "urn:countersign:";

/// The `type` of a guard's answer to a signature or time that failed.
const AUTHENTICATION: &str = "problem:authentication";

/// What says that a signature is refused, in lower case: anywhere, or as a word of its own.
const SIGNATURE: [&str; 3] = ["signature", "签名", "验签"];
const SIGNATURE_WORDS: [&str; 2] = ["sign", "signed"];

/// What says that something else is: whom the message is for, or the page that sent it.
const OTHERS: [&str; 8] = ["target", "目标", "接收方", "origin", "referer", "referrer", "cors", "来源"];

/// What [`Registry::settle`](super::Registry::settle) needs besides the answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
#[non_exhaustive]
pub struct Settle {
    /// The current time, in Unix seconds.
    pub now: i64,
    /// The number of consecutive refused signatures before this answer: `disable.failures` of the last settlement.
    #[serde(default, deserialize_with = "whole::<0, { u32::MAX }, _, _>")]
    pub failures: u32,
    /// Whether the message asked for a receipt. It counts for a hook that leaves this to each message.
    #[serde(default)]
    pub receipt: bool,
    /// Who the message was for.
    #[serde(default)]
    pub context: Context,
    /// The longest waits by bot and tenant.
    #[serde(default)]
    pub quotas: Quotas,
    /// What `Retry-After: 0` means. `None`: what the contract says.
    #[serde(default, deserialize_with = "given_word")]
    pub retry_after_zero: Option<RetryAfterZero>,
    /// The longest wait of all, in seconds. `None`: the contract's.
    #[serde(default, deserialize_with = "whole::<0, MAX_SECONDS, _, _>")]
    pub max_seconds: Option<u32>,
    /// The wait if no header gives one, in seconds. `None`: the contract's.
    #[serde(default, deserialize_with = "whole::<0, MAX_SECONDS, _, _>")]
    pub default_seconds: Option<u32>,
}

impl Settle {
    /// Settles at this time, in Unix seconds, with defaults for the rest. Set the other fields on the result.
    pub fn at(now: i64) -> Settle {
        Settle { now, ..Settle::default() }
    }

    fn over(&self, contract: Option<&DelayOptions>) -> DelayOptions {
        let contract = contract.cloned().unwrap_or_default();
        DelayOptions {
            now: self.now,
            context: self.context.clone(),
            quotas: self.quotas.clone(),
            retry_after_zero: self.retry_after_zero.unwrap_or(contract.retry_after_zero),
            max_seconds: self.max_seconds.unwrap_or(contract.max_seconds),
            default_seconds: self.default_seconds.unwrap_or(contract.default_seconds),
        }
    }
}

/// What follows from one answer. The order of the members is the order in the JSON text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Settlement {
    /// The version of this document's format.
    pub schema_version: u8,
    /// The hook that the message was delivered to.
    pub hook: String,
    /// The hook's note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What to do with the delivery.
    pub action: Action,
    /// Why, as a word.
    pub reason: Answered,
    /// Why, to read.
    pub message: String,
    /// How long to wait, if the delivery is to be sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delay>,
    /// Whether the hook should be disabled, and why.
    pub disable: Disable,
}

/// What to do with a delivery.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It has arrived.
    Done,
    /// Send it again, after the delay.
    Retry,
    /// It has not arrived, and sending it again would not help.
    Drop,
}

/// What an answer says about a delivery.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Answered {
    /// 2xx, with a receipt if one is needed.
    Received,
    /// 2xx, without the receipt that is needed.
    ReceiptMissing,
    /// No answer came.
    NoAnswer,
    /// 408, 425, 429, 5xx, or another error with a Retry-After.
    TryLater,
    /// The receiver says that it does not want the delivery again.
    NotAgain,
    /// 3xx. A redirect is not followed.
    Redirected,
    /// 401, 403, or the contract's own status for it, unless the answer names another reason; 400 or 422 that name it.
    SignatureRefused,
    /// 410.
    Gone,
    /// Any other error.
    MessageRefused,
    /// The hook is disabled, so nothing is sent to it again.
    HookDisabled,
}

impl Settlement {
    /// The canonical text: no white space, members in order. It is byte for byte the same in every runtime.
    pub fn to_json(&self) -> String {
        // INVARIANT: every type here serialises to JSON without an error of its own.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// What of a hook takes part.
pub(super) struct Of<'a> {
    pub id: &'a str,
    pub note: Option<&'a str>,
    pub receipt: Option<bool>,
    pub disable_after: Option<u32>,
    /// The gate of its contract. A disabled hook has none.
    pub gate: Option<&'a Gate>,
}

pub(super) fn settle(hook: &Of<'_>, answer: &Request<'_>, options: &Settle) -> Settlement {
    let status = answer.status.unwrap_or_default();
    let wait = delay(answer.headers, &options.over(hook.gate.map(|gate| &gate.retry)));
    let reason = match said(hook, answer, options, &wait) {
        reason if reason.action() != Action::Retry => reason,
        _ if hook.gate.is_none() => Answered::HookDisabled,
        _ if !wait.retry => Answered::NotAgain,
        reason => reason,
    };
    let action = reason.action();
    Settlement {
        schema_version: 1,
        hook: hook.id.to_owned(),
        note: hook.note.map(str::to_owned),
        action,
        reason,
        message: match status {
            0 => reason.text().to_owned(),
            status => format!("{status}: {}", reason.text()),
        },
        delay: (action == Action::Retry).then_some(wait),
        disable: disable(hook, reason, options.failures),
    }
}

fn said(hook: &Of<'_>, answer: &Request<'_>, options: &Settle, wait: &Delay) -> Answered {
    let needs_receipt = hook.receipt.unwrap_or(options.receipt);
    let status = answer.status.unwrap_or_default();
    match status {
        200..=299 if needs_receipt && !is_receipt(answer.body) => Answered::ReceiptMissing,
        200..=299 => Answered::Received,
        300..=399 => Answered::Redirected,
        400.. if refuses_signature(hook, status, answer.body) => Answered::SignatureRefused,
        410 => Answered::Gone,
        408 | 425 | 429 | 500.. => Answered::TryLater,
        400..=499 if asks_again(wait.reason) => Answered::TryLater,
        400..=499 => Answered::MessageRefused,
        _ => Answered::NoAnswer,
    }
}

/// Whether Retry-After decided the wait: such an answer is not final (RFC 9110, section 10.2.3).
fn asks_again(reason: Reason) -> bool {
    use Reason::{RetryAfterDate, RetryAfterHuge, RetryAfterPast, RetryAfterSeconds, RetryAfterZero};
    matches!(reason, RetryAfterDate | RetryAfterHuge | RetryAfterPast | RetryAfterSeconds | RetryAfterZero)
}

/// What a refusal says of its cause.
enum Cause {
    Signature,
    Other,
    Unsaid,
}

fn refuses_signature(hook: &Of<'_>, status: u16, body: &[u8]) -> bool {
    let own = hook.gate.and_then(|gate| gate.statuses.of_signature());
    let usual = matches!(status, 401 | 403) || own == Some(status);
    match cause(body) {
        Cause::Signature => usual || matches!(status, 400 | 422),
        Cause::Unsaid => usual,
        Cause::Other => false,
    }
}

/// The contract `envelope-answer` reads the same words.
fn cause(body: &[u8]) -> Cause {
    let Some(document) = document(body) else { return Cause::Unsaid };
    match document.get("type").and_then(Value::as_str).and_then(|kind| kind.strip_prefix(OURS)) {
        Some(AUTHENTICATION) => return Cause::Signature,
        Some(_) => return Cause::Other,
        None => {}
    }
    // A page says much that is not about the message.
    if document.as_str().is_some_and(|text| text.trim_start().starts_with('<')) {
        return Cause::Unsaid;
    }
    let text = texts(&document).to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    let mut words = text.split(|letter: char| !letter.is_ascii_lowercase());
    if says(&SIGNATURE) || words.any(|word| SIGNATURE_WORDS.contains(&word)) {
        Cause::Signature
    } else if says(&OTHERS) {
        Cause::Other
    } else {
        Cause::Unsaid
    }
}

/// The texts of a document, each on a line. The names of members are not among them.
fn texts(document: &Value) -> String {
    match document {
        Value::String(text) => format!("{text}\n"),
        Value::Array(items) => items.iter().map(texts).collect(),
        Value::Object(members) => members.values().map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

fn is_receipt(body: &[u8]) -> bool {
    document(body).is_some_and(|document| document.get("received") == Some(&Value::Bool(true)))
}

/// JSON, or a text.
fn document(body: &[u8]) -> Option<Value> {
    let short = body.len() <= MAX_BODY;
    let document = short.then(|| Reader::lenient_on_numbers().read_json_or_text(body));
    Some(document?.proof()?.json().to_value())
}

fn disable(hook: &Of<'_>, reason: Answered, earlier: u32) -> Disable {
    let disabled = hook.gate.is_none();
    match reason {
        Answered::Received | Answered::ReceiptMissing => Disable::no(0, "the receiver accepted the message"),
        _ if disabled => Disable::no(earlier, "the hook is disabled already"),
        Answered::Gone => {
            let reason = "410: the receiver is gone, and wants nothing more".to_owned();
            Disable { decision: true, failures: earlier, reason }
        }
        Answered::SignatureRefused => Disable::refused(earlier, hook.disable_after),
        _ => Disable::no(earlier, "the receiver did not refuse the signature"),
    }
}

impl Answered {
    fn action(self) -> Action {
        match self {
            Answered::Received => Action::Done,
            Answered::ReceiptMissing | Answered::NoAnswer | Answered::TryLater => Action::Retry,
            Answered::NotAgain
            | Answered::Redirected
            | Answered::SignatureRefused
            | Answered::Gone
            | Answered::MessageRefused
            | Answered::HookDisabled => Action::Drop,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Answered::Received => "the receiver has the message",
            Answered::ReceiptMissing => "a receipt is needed, and the body is not `{ \"received\": true }`",
            Answered::NoAnswer => "the receiver did not answer",
            Answered::TryLater => "the receiver cannot take the message now",
            Answered::NotAgain => "the receiver does not want the message again",
            Answered::Redirected => "a redirect is not followed; if the receiver has moved, change the hook's `uri`",
            Answered::SignatureRefused => {
                "the receiver refuses the signature; check the hook's key, contract and clock"
            }
            Answered::Gone => "the receiver is gone",
            Answered::MessageRefused => "the receiver refuses this message, and would refuse it again",
            Answered::HookDisabled => "the hook is disabled, so the message is not sent again",
        }
    }
}

fn given_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RetryAfterZero>, D::Error> {
    word(deserializer).map(Some)
}
