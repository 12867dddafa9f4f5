//! Judges requests whose MAC is wrong in one byte, at the position given. `benches/constant-time.sh` counts
//! the instructions: they must not depend on where the first wrong byte stands.

use std::hint::black_box;

use countersign::{Check, ContractError, Gate, Key, Options, Request};

const CONTRACT: &str = r#"{ "contract": "mismatch", "version": 1, "signature": { "engine": "segments",
    "key": { "algorithm": "hmac-sha256" }, "from": { "header": "x-signature" }, "shape": { "kind": "plain" },
    "encoding": "hex", "signed": [ { "body": "raw" } ] } }"#;

fn main() -> Result<(), ContractError> {
    let position: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let key = Key::secret("a secret of some length");
    let gate = Gate::compile(CONTRACT, Options::with_keys(vec![key]))?;
    let mut headers = gate.sign(&Request::new("POST", "/", &[], b"{}"), 0, None)?.headers;
    for (_, value) in &mut headers {
        let wrong = |(index, digit): (usize, char)| match index / 2 == position {
            true if digit == '0' => '1',
            true => '0',
            false => digit,
        };
        *value = value.chars().enumerate().map(wrong).collect();
    }
    for _ in 0..1_000 {
        black_box(gate.check(&Request::new("POST", "/", &headers, b"{}"), &Check::default()));
    }
    Ok(())
}
