//! What a hook requires of a message beyond its contract: the receipt, and the data that it selected. The envelope has
//! them in `needCallback` and `data`.

use serde_json::Value;

use crate::finding::{Code, Finding, Stage};
use crate::place::{Pointer, pointer_token};

/// The rules of one hook.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Whether a receipt is required. `None`: each message says.
    pub receipt: Option<bool>,
    /// Pointers into `data`. `None`: all of it.
    pub data: Option<Vec<Pointer>>,
    /// The maximum number of findings in one verdict.
    pub limit: usize,
}

impl Rules {
    /// Whether there is anything to judge.
    pub fn ask(&self) -> bool {
        self.receipt.is_some() || self.data.is_some()
    }

    pub fn judge(&self, message: &Value) -> Vec<Finding> {
        if !message.is_object() {
            let code = if self.data.is_some() { Code::HookData } else { Code::HookReceipt };
            let why = "the message is no object, so it holds nothing that the hook asks for by name";
            return vec![Finding::error(code, Stage::Schema, why).at("")];
        }
        let mut findings = Vec::new();
        findings.extend(self.judge_receipt(message));
        if let (Some(selected), Some(data)) = (&self.data, message.get("data")) {
            let selected: Vec<&[String]> = selected.iter().map(Pointer::tokens).collect();
            unselected(data, &selected, "/data", self.limit.saturating_add(1), &mut findings);
        }
        findings
    }

    fn judge_receipt(&self, message: &Value) -> Option<Finding> {
        let needed = self.receipt.filter(|needed| *needed != asks_for_receipt(message))?;
        let message = match needed {
            true => "the hook needs a receipt, and `needCallback` does not ask for one",
            false => "the hook gives no receipt, and `needCallback` asks for one",
        };
        Some(Finding::error(Code::HookReceipt, Stage::Schema, message).at("/needCallback").with("needed", needed))
    }
}

pub(crate) fn asks_for_receipt(message: &Value) -> bool {
    message.get("needCallback") == Some(&Value::Bool(true))
}

/// A finding for each value that no selected pointer leads to, until there are `enough`. `selected` is what is left of
/// the pointers from here on. The body's reader limits the depth.
fn unselected(value: &Value, selected: &[&[String]], at: &str, enough: usize, findings: &mut Vec<Finding>) {
    let mut member = |token: &str, value: &Value| {
        if findings.len() >= enough {
            return;
        }
        let at = format!("{at}/{}", pointer_token(token));
        let ways = selected.iter().filter_map(|tokens| tokens.split_first()).filter(|(first, _)| *first == token);
        let below: Vec<&[String]> = ways.map(|(_, rest)| rest).collect();
        match below.as_slice() {
            [] => findings.push(not_selected(at)),
            below if below.iter().any(|rest| rest.is_empty()) => {}
            below => unselected(value, below, &at, enough, findings),
        }
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| member(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| member(&index.to_string(), item)),
        Value::Null => {}
        _ => findings.push(not_selected(at.to_owned())),
    }
}

fn not_selected(at: String) -> Finding {
    Finding::error(Code::HookData, Stage::Schema, "the hook did not select this part of `data`").at(at)
}
