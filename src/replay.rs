//! Stage 4: what makes two messages the same, and how long to remember one. The store is the caller's; the key is a
//! digest, so it reveals nothing about the message.

use std::collections::BTreeSet;

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::case::Case;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Severity, Stage};
use crate::freshness::Fresh;
use crate::grammar::{OnDuplicate, OnMissing, Replay};
use crate::json::{self, Members, named};
use crate::judged::Judged;
use crate::place::Place;
use crate::signature::Authentic;

/// What the caller's store does: claim `key`, and forget it no earlier than `forget_after` (Unix seconds).
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReplayKey {
    /// The key: `CONTRACT:`, or `CONTRACT/HOOK:` for a registry's hook, followed by a base64url SHA-256.
    pub key: String,
    /// The earliest time to forget the key, in Unix seconds.
    pub forget_after: i64,
    /// What to do with a duplicate: `ignore` or `reject`.
    pub(crate) on_duplicate: OnDuplicate,
}

impl ReplayKey {
    /// Appends it as a member.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        self.write_value(Members::new(out).member(named!("replay")));
    }

    #[cfg_attr(small, optimize(speed))]
    pub(crate) fn write_value(&self, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut object = Members::new(out);
        json::write_text(object.member(named!("key")), &self.key);
        json::write_integer(object.member(named!("forgetAfter")), self.forget_after);
        json::write_plain(object.member(named!("onDuplicate")), self.on_duplicate.name());
        out.push(b'}');
    }
}

/// Marks the digits of a number. It is no text's length, because no text is that long.
const NUMBER: u32 = u32::MAX;

/// The compiled `replay` section of a contract.
#[derive(Debug)]
pub(crate) struct Memory {
    /// What keys begin with: the contract, and in a registry the hook.
    contract: String,
    pub key: Vec<Place>,
    keep_seconds: Option<u32>,
    on_missing: OnMissing,
    on_duplicate: OnDuplicate,
}

/// What the replay stage found out about one message.
pub(crate) enum Replays {
    /// Not remembered: no key is declared, or an optional part of it is missing.
    Unremembered,
    New(ReplayKey),
    Seen(ReplayKey),
}

impl Memory {
    pub fn compile(contract: String, document: Replay, has_window: bool) -> Result<Memory, ContractError> {
        let wrong = |at: &str, message: &str| Err(ContractError::new(ContractCode::ContractReplay, at, message));
        if document.keep_seconds.is_none() && !has_window {
            return wrong("/replay", "without `freshness`, say with `keepSeconds` how long a key must be remembered");
        }
        if document.keep_seconds == Some(0) {
            return wrong("/replay/keepSeconds", "a key that is kept for 0 seconds remembers nothing");
        }
        Ok(Memory {
            contract,
            key: document.key,
            keep_seconds: document.keep_seconds,
            on_missing: document.on_missing,
            on_duplicate: document.on_duplicate,
        })
    }

    /// Whether the key is made from what was signed.
    pub fn reads_signed(&self) -> bool {
        self.key.contains(&Place::Signed)
    }

    pub fn on_duplicate(&self) -> OnDuplicate {
        self.on_duplicate
    }

    /// The key of this message, or the first place that has no value for its part.
    #[cfg_attr(small, optimize(speed))]
    fn derive(&self, case: &Case<'_>, signed: Option<&[u8]>) -> Result<String, &Place> {
        let mut digest = Sha256::new();
        for place in &self.key {
            if *place == Place::Signed {
                let signed = signed.ok_or(place)?;
                digest.update(u32::try_from(signed.len()).map_err(|_| place)?.to_be_bytes());
                digest.update(signed);
                continue;
            }
            let value = place.value(case).ok_or(place)?;
            let part = value.text().ok_or(place)?;
            let length = u32::try_from(part.len()).ok().filter(|length| *length != NUMBER).ok_or(place)?;
            // A number is a different id from the text of its digits.
            if value.is_number() {
                digest.update(NUMBER.to_be_bytes());
            }
            digest.update(length.to_be_bytes());
            digest.update(part.as_bytes());
        }
        let mut key = String::with_capacity(self.contract.len() + 44);
        key.push_str(&self.contract);
        key.push(':');
        BASE64URL_NOPAD.encode_append(&digest.finalize(), &mut key);
        Ok(key)
    }

    /// The later of two times: when the window closes, and `now` plus the time to keep.
    fn forget_after(&self, fresh: &Fresh, now: i64) -> i64 {
        let kept = self.keep_seconds.map(|seconds| now.saturating_add(i64::from(seconds)));
        kept.max(fresh.stale_at).unwrap_or(i64::MAX)
    }
}

/// Proof that the message can be told from others, or need not be, with its key if there is one. Made only by
/// [`judge`].
#[derive(Debug)]
pub(crate) struct Distinct {
    key: Option<String>,
    _made_here: (),
}

/// An error or a warning, as the contract says, if a part of the key is missing. Judged even if other stages failed.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn judge(memory: Option<&Memory>, case: &Case<'_>, authentic: Option<&Authentic<'_>>) -> Judged<Distinct> {
    let keyless = || Distinct { key: None, _made_here: () };
    let Some(memory) = memory else {
        return Judged::Undeclared(keyless());
    };
    let verified = authentic.is_some_and(|proof| proof.key.is_some());
    match memory.derive(case, authentic.and_then(|proof| proof.signed.as_deref())) {
        Ok(key) => Judged::of(Vec::new(), || Distinct { key: Some(key), _made_here: () }),
        Err(_) if memory.on_missing == OnMissing::Skip => Judged::Undeclared(keyless()),
        // If the signature does not verify, its own missing fields were already reported where they are read.
        Err(Place::Field(_) | Place::Signed) if !verified => Judged::Absent,
        Err(place) => {
            let message = format!("`{place}` holds no part of the replay key");
            match memory.on_missing {
                OnMissing::Warn => {
                    let message = format!("{message}: sent again, it counts as another message");
                    Judged::of(vec![key_missing(Severity::Warning, place, message)], keyless)
                }
                OnMissing::Reject | OnMissing::Skip => {
                    Judged::unproved(vec![key_missing(Severity::Error, place, message)])
                }
            }
        }
    }
}

/// A warning if a message that is still to be sent could not be told from its copies.
pub(crate) fn forgettable(memory: Option<&Memory>, message: &Case<'_>) -> Option<Finding> {
    let lacks = |place: &&Place| {
        matches!(place, Place::Pointer(_)) && place.value(message).is_none_or(|value| value.text().is_none())
    };
    let place = memory?.key.iter().find(lacks)?;
    let text = format!("the message has no `{place}`, the replay key: sent again, it counts as another message");
    Some(key_missing(Severity::Warning, place, text))
}

/// The only place that raises `replay-key-missing`.
fn key_missing(severity: Severity, place: &Place, message: String) -> Finding {
    let finding = Finding::error(Code::ReplayKeyMissing, Stage::Replay, message).at(place.to_string());
    let finding = finding.with("help", "send an id that stays the same when the message is sent again");
    Finding { severity, ..finding }
}

/// Whether a message that is otherwise good was seen before. Only a fresh message gets here.
#[cfg_attr(small, optimize(speed))]
pub(crate) fn recall(
    memory: Option<&Memory>,
    distinct: Distinct,
    fresh: &Fresh,
    seen: &BTreeSet<String>,
    now: i64,
) -> Replays {
    let (Some(memory), Some(key)) = (memory, distinct.key) else {
        return Replays::Unremembered;
    };
    let known = seen.contains(&key);
    let replay = ReplayKey { key, forget_after: memory.forget_after(fresh, now), on_duplicate: memory.on_duplicate };
    if known { Replays::Seen(replay) } else { Replays::New(replay) }
}

/// The finding for a duplicate: an error if the contract rejects it, a note if it is ignored, since that is no fault.
pub(crate) fn duplicate(on_duplicate: OnDuplicate) -> Finding {
    let finding = match on_duplicate {
        OnDuplicate::Ignore => Finding::info(Code::Replayed, Stage::Replay, "duplicate message, already handled"),
        OnDuplicate::Reject => Finding::error(Code::Replayed, Stage::Replay, "a message with this replay key was seen"),
    };
    finding.with("help", "a sender that retries must expect this; a new message needs an id of its own")
}
