//! The recorded messages of the cases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use countersign::{Check, Gate, Request};
use serde_json::{Value, json};

/// Larger bodies would take most of the time.
const LARGEST: usize = 8192;

pub struct Message {
    /// The folder of its case, below `tests/cases`.
    pub name: String,
    pub gate: Gate,
    pub status: Option<u16>,
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body, if it is JSON.
    pub document: Option<Value>,
    pub check: Check,
    /// Whether a changed message can get past the signature.
    pub opens: bool,
    /// What every accept of the gate has.
    pub same: OnceLock<super::door::Same>,
}

/// In the order of their names.
pub fn all() -> Vec<Message> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The fuzz targets' own folder has none.
    let root = if root.join("tests/cases").is_dir() { root } else { root.parent().unwrap() };
    let cases = root.join("tests/cases");
    let mut folders = Vec::new();
    walk(&cases, &mut folders);
    folders.sort();
    let messages: Vec<Message> = folders.iter().filter_map(|folder| read(root, &cases, folder)).collect();
    assert!(messages.len() > 500, "only {} messages were found", messages.len());
    messages
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => walk(&path, found),
            false if path.ends_with("request.http") => found.push(folder.to_owned()),
            false => {}
        }
    }
}

/// `None` if there is no gate, or the message is large.
fn read(root: &Path, cases: &Path, folder: &Path) -> Option<Message> {
    let case: Value = serde_json::from_slice(&std::fs::read(folder.join("case.json")).unwrap()).unwrap();
    let recording = std::fs::read(folder.join("request.http")).unwrap();
    let name = case["contract"].as_str().filter(|_| recording.len() <= LARGEST)?;
    let path = match name.contains('/') {
        true => folder.join(name),
        false => root.join("policies/webhook").join(name).join("contract.json"),
    };
    let mut files = BTreeMap::new();
    files_beside(path.parent().unwrap(), &mut files);
    let member = |name: &str, default: Value| case.get(name).cloned().unwrap_or(default);
    let beside = json!({ "files": files, "keys": member("keys", json!([])), "params": member("params", Value::Null),
        "limits": member("limits", json!({})), "origin": member("origin", Value::Null) });
    let contract = std::fs::read_to_string(path).unwrap();
    let gate = super::gate(&contract, &beside)?;
    let unsigned = serde_json::from_str::<Value>(&contract).is_ok_and(|contract| contract["signature"].is_null());

    let end = recording.windows(2).position(|two| two == b"\n\n").map(|at| (at, at + 2));
    let long = recording.windows(4).position(|four| four == b"\r\n\r\n").map(|at| (at, at + 4));
    let (end, body) = [end, long].into_iter().flatten().min()?;
    // As Node reads a header: every byte a character.
    let head: String = recording[..end].iter().map(|byte| char::from(*byte)).collect();
    let mut lines = head.lines();
    let mut start = lines.next()?.split(' ');
    let (method, url) = (start.next()?.to_owned(), start.next()?.to_owned());
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()))
    };
    let headers: Vec<(String, String)> = lines.filter_map(header).collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, value)| value.parse::<usize>().ok());
    let body = recording[body..].iter().copied().take(length.unwrap_or(usize::MAX)).collect::<Vec<u8>>();
    let status = method.starts_with("HTTP/").then(|| url.parse().ok()).flatten();

    let texts = |list: &Value| -> Vec<String> { serde_json::from_value(list.clone()).unwrap_or_default() };
    let options = &case["options"];
    let check = with!(Check::at(case["now"].as_i64().unwrap_or_default());
        stop_at_first: options["stopAtFirst"] == true, seen: texts(&case["seen"]).into_iter().collect(),
        jkt: options["jkt"].as_str().map(str::to_owned), nonces: texts(&options["nonces"]));
    let request = match status {
        Some(status) => Request::answer(status, &headers, &body),
        None => Request::new(&method, &url, &headers, &body),
    };
    let opens = unsigned || gate.sign(&request, check.now, Some("00112233445566aa")).is_ok();
    let document = serde_json::from_slice(&body).ok();
    let name = folder.strip_prefix(cases).unwrap().to_string_lossy().replace('\\', "/");
    Some(Message { status, method, url, headers, body, document, check, opens, ..Message::of(&name, gate) })
}

impl Message {
    /// An empty one.
    pub fn of(name: &str, gate: Gate) -> Message {
        Message {
            name: name.to_owned(),
            gate,
            status: None,
            method: String::new(),
            url: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
            document: None,
            check: Check::default(),
            opens: true,
            same: OnceLock::new(),
        }
    }
}

fn files_beside(folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_beside(&path, files);
        } else if let (Some(name), Ok(text)) = (path.file_name(), std::fs::read_to_string(&path)) {
            files.insert(name.to_string_lossy().into_owned(), text);
        }
    }
}
