//! HTTP Message Signatures (RFC 9421). The sender says what it signed; the contract says what it must sign at
//! least, and with which algorithm. The order is always that of the message.

use std::collections::BTreeSet;

use super::algorithm::Mac;
use super::element;
use super::field::Fields;
use super::field::{Declared, Role};
use super::keys::{self, Keys, Ready};
use super::segments::Piece;
use super::signed_part::SignedPart;
use super::verified::{Verified, mismatch, missing};
use crate::covered::Covers;
use crate::error::{ContractCode, ContractError};
use crate::finding::{Code, Finding, Stage};
use crate::grammar::{Algorithm, HttpSignatureRules, SignatureParameter};
use crate::request::Received;
use crate::signature::algorithm::Fit;
use crate::time::FieldFormat;

mod component;
mod digest;
mod lines;
mod parameters;
mod sign;
mod source;
mod strict;
mod structured;

use component::Component;
use lines::combined;
pub(crate) use parameters::created;
use source::Source;
use structured::{Bare, Item, Member, Parameters};

const INPUT: &str = "signature-input";
const VALUE: &str = "signature";
const INPUT_PLACE: &str = "header:signature-input";
const VALUE_PLACE: &str = "header:signature";

/// The compiled engine.
#[derive(Debug)]
pub(crate) struct HttpSignature {
    algorithm: Algorithm,
    components: Vec<Component>,
    parameters: Vec<SignatureParameter>,
    tag: Option<String>,
    keys: Keys,
    /// The id that was given to the first key, the one that signs.
    signer: Option<String>,
    pub fields: Vec<Declared>,
}

/// A signature that has everything the contract requires. Whether it verifies is a separate question.
pub(crate) struct Candidate {
    read: parameters::Read,
    components: Vec<Component>,
    base: String,
    signature: Vec<u8>,
}

impl HttpSignature {
    pub fn compile(rules: HttpSignatureRules, keys: &[keys::Key]) -> Result<HttpSignature, ContractError> {
        let wrong = |at: &str, message: String| Err(ContractError::new(ContractCode::ContractSignature, at, message));
        let algorithm = rules.key.algorithm;
        if wire_name(algorithm).is_none() {
            let message = "RFC 9421 has no such algorithm: take hmac-sha256, ed25519, ecdsa-p256-sha256, \
                           rsa-pkcs1-sha256 or rsa-pss-sha512";
            return wrong("/signature/key/algorithm", message.into());
        }
        let mut components: Vec<Component> = Vec::with_capacity(rules.components.len());
        for (index, text) in rules.components.iter().enumerate() {
            let at = format!("/signature/components/{index}");
            match Component::parse(text) {
                Err(reason) => return wrong(&at, format!("`{text}` {reason}")),
                Ok(component) if components.iter().any(|other| other.key() == component.key()) => {
                    return wrong(&at, format!("`{text}` stands twice"));
                }
                Ok(component) => components.push(component),
            }
        }
        if rules.tag.as_ref().is_some_and(String::is_empty) {
            return wrong("/signature/tag", "an empty tag says nothing".into());
        }
        let signer = keys.first().and_then(|key| key.id.clone()).filter(|id| !id.is_empty());
        let keys = Keys::compile(&rules.key, keys, false)?;
        let (parameters, tag) = (rules.parameters, rules.tag);
        let optional = |parameter| !parameters.contains(&parameter);
        let text = |name, optional| Declared::known(name, FieldFormat::Text, Role::Other, optional);
        let fields = vec![
            Declared::known("created", FieldFormat::UnixSeconds, Role::Time, optional(SignatureParameter::Created)),
            // `expires` is an end, so the freshness window does not apply to it.
            text("expires", optional(SignatureParameter::Expires)),
            text("keyid", optional(SignatureParameter::Keyid)),
            text("nonce", optional(SignatureParameter::Nonce)),
            text("tag", optional(SignatureParameter::Tag) && tag.is_none()),
        ];
        Ok(HttpSignature { algorithm, components, parameters, tag, keys, signer, fields })
    }

    /// A component that the contract's kind of message never has: where it is declared, and why it is wrong.
    pub fn misplaced(&self, answers: bool) -> Option<(String, String)> {
        let index = self.components.iter().position(|component| component.of_answers() == Some(!answers))?;
        let reason = if answers { component::OF_REQUESTS } else { component::OF_ANSWERS };
        let name = self.components.get(index).map(Component::identifier).unwrap_or_default();
        Some((format!("/signature/components/{index}"), format!("{name} {reason}")))
    }

    pub fn draws_nonce(&self) -> bool {
        self.parameters.contains(&SignatureParameter::Nonce)
    }

    pub fn covers(&self) -> Covers {
        self.components.iter().flat_map(Component::covers).collect()
    }

    /// The signature to judge and its fields, or why none of the signatures qualifies.
    pub fn read<'a>(&self, request: &Received<'a>, limit: usize) -> Result<(Candidate, Fields<'a>), Vec<Finding>> {
        let inputs = members(request, INPUT, INPUT_PLACE).map_err(|finding| vec![finding])?;
        let values = members(request, VALUE, VALUE_PLACE).map_err(|finding| vec![finding])?;
        if inputs.len() > limit {
            return Err(vec![element::too_many(inputs.len(), limit).at(INPUT_PLACE)]);
        }
        let mut source = Source::new(*request);
        let mut fitting = Vec::new();
        let mut failed: Option<Vec<Finding>> = None;
        for (name, member) in &inputs {
            let Member::List { items, parameters } = member else {
                let message = "a member of Signature-Input is no list of components".into();
                failed.get_or_insert(vec![element::malformed(message).at(INPUT_PLACE)]);
                continue;
            };
            if self.tag.is_some() && !has_tag(parameters, self.tag.as_deref()) {
                continue;
            }
            let value = values.iter().find(|(label, _)| label == name).map(|(_, value)| value);
            match self.fit(items, parameters, value, &mut source) {
                Ok(candidate) => fitting.push(candidate),
                // If several do not qualify, the one with the fewest findings is reported.
                Err(findings) if failed.as_ref().is_none_or(|other| findings.len() < other.len()) => {
                    failed = Some(findings);
                }
                Err(_) => {}
            }
        }
        match self.choose(fitting) {
            Some(candidate) => {
                let fields = candidate.fields();
                Ok((candidate, fields))
            }
            None => Err(failed.unwrap_or_else(|| vec![label("no signature has the contract's tag").at(INPUT_PLACE)])),
        }
    }

    /// A single signature is judged as it is. If there are several, the newest one that verifies is chosen, so that
    /// neither an old one nor somebody else's can hide it.
    fn choose(&self, mut fitting: Vec<Candidate>) -> Option<Candidate> {
        fitting.sort_by_key(|candidate| std::cmp::Reverse(candidate.read.created));
        let several = fitting.len() > 1;
        let verified = several.then(|| fitting.iter().position(|candidate| self.key_of(candidate).is_some())).flatten();
        (!fitting.is_empty()).then(|| fitting.swap_remove(verified.unwrap_or_default()))
    }

    /// A candidate, if its components, parameters and value are what the contract requires.
    fn fit(
        &self,
        items: &[Item],
        parameters: &Parameters,
        value: Option<&Member>,
        source: &mut Source<'_>,
    ) -> Result<Candidate, Vec<Finding>> {
        let (lines, mut findings) = self.lines(items, source);
        let (read, wrong) = parameters::read(parameters, &self.parameters);
        findings.extend(wrong.into_iter().map(|finding| finding.at(INPUT_PLACE)));
        findings.extend(self.disagrees(&read).map(|finding| finding.at(INPUT_PLACE)));
        let signature = match value {
            Some(Member::Item(Item { bare: Bare::Bytes(bytes), .. })) if self.algorithm.fit(bytes) == Fit::Right => {
                Some(bytes.clone())
            }
            Some(_) => {
                let message =
                    format!("the signature is not base64 of {}'s length between colons", self.algorithm.name());
                findings.push(element::malformed(message).at(VALUE_PLACE));
                None
            }
            None => {
                findings.push(label("a label of Signature-Input has no value in Signature").at(VALUE_PLACE));
                None
            }
        };
        let Some(signature) = signature.filter(|_| findings.is_empty()) else { return Err(findings) };
        let own = parameters_line(items, parameters);
        let components = items.iter().filter_map(|item| Component::read(item).ok()).collect();
        Ok(Candidate { read, components, base: base(lines, &own), signature })
    }

    /// A line of the signature base for each covered component (section 2.5).
    fn lines(&self, items: &[Item], source: &mut Source<'_>) -> (Vec<String>, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut named = BTreeSet::new();
        let mut lines = Vec::with_capacity(items.len());
        for item in items {
            let line = Component::read(item).and_then(|component| {
                if !named.insert(component.key()) {
                    return Err("is covered twice");
                }
                let value = component.value(source)?;
                Ok(format!("{}: {value}", component.identifier()))
            });
            match line {
                Ok(line) => lines.push(line),
                Err(reason) => findings.push(component::wrong(&title(item), reason).at(INPUT_PLACE)),
            }
        }
        for wanted in self.components.iter().filter(|wanted| !named.contains(&wanted.key())) {
            let reason = "is not covered, and the contract asks for it";
            findings.push(component::wrong(&wanted.identifier(), reason).at(INPUT_PLACE));
        }
        (lines, findings)
    }

    /// Where the sender's `alg` or `keyid` does not match the contract or its keys.
    fn disagrees(&self, read: &parameters::Read) -> impl Iterator<Item = Finding> {
        let algorithm = read
            .alg
            .as_deref()
            .is_some_and(|alg| Some(alg) != wire_name(self.algorithm))
            .then(|| parameters::parameter(format!("`alg` is not the contract's {}", self.algorithm.name())));
        let unknown = read.keyid.is_some() && self.keys_of(read).next().is_none();
        let key = unknown.then(|| {
            parameters::parameter("`keyid` is not the id of a key that was given".into()).with(
                "help",
                "give the sender's key with the `id` that the sender names (on the command line `--key-file ID=FILE`)",
            )
        });
        algorithm.into_iter().chain(key)
    }

    /// The keys that the sender may mean: the one it names, or all if it names none.
    fn keys_of<'k>(&'k self, read: &parameters::Read) -> impl Iterator<Item = &'k Ready> {
        self.keys.iter().filter(|key| read.keyid.as_ref().is_none_or(|id| *id == key.id))
    }

    fn key_of(&self, candidate: &Candidate) -> Option<&str> {
        let pieces = [Piece::Bytes(candidate.base.as_bytes().into())];
        let signatures = [Mac::from_slice(&candidate.signature)];
        self.keys_of(&candidate.read).find(|key| key.verifies(&pieces, &signatures)).map(|key| key.id.as_str())
    }

    /// Judges the signature, its expiry, and the body if it covers one.
    pub fn judge(&self, candidate: &Candidate, request: &Received<'_>, now: i64) -> Result<Verified<'_>, Vec<Finding>> {
        let mut findings = Vec::new();
        let key = self.key_of(candidate);
        findings.extend(key.is_none().then(|| mismatch(Some(self.keys_of(&candidate.read).count())).at(VALUE_PLACE)));
        findings.extend(parameters::judge_end(&candidate.read, now).map(|finding| finding.at(INPUT_PLACE)));
        let covers_digest = candidate.components.iter().any(Component::is_digest);
        findings.extend(covers_digest.then(|| digest::judge(request)).flatten());
        match (key, findings.is_empty()) {
            (Some(key), true) => {
                Ok(Verified { key: key.to_owned().into(), signed: Some(candidate.base.clone().into_bytes()) })
            }
            _ => Err(findings),
        }
    }
}

impl Candidate {
    /// The lines of the signature base, each with its line feed; the last one comes from Signature-Input.
    pub fn parts(&self) -> Vec<SignedPart> {
        let places = self.components.iter().map(Component::place).chain([INPUT_PLACE.to_owned()]);
        let lines = self.base.split_inclusive('\n');
        places.zip(lines).map(|(at, line)| SignedPart::new(at, line.as_bytes())).collect()
    }

    fn fields<'a>(&self) -> Fields<'a> {
        let mut fields = Fields::default();
        let times = [("created", self.read.created), ("expires", self.read.expires)];
        let texts = [("keyid", &self.read.keyid), ("nonce", &self.read.nonce), ("tag", &self.read.tag)];
        for (name, seconds) in times {
            seconds.into_iter().for_each(|seconds| fields.put(name, seconds.to_string()));
        }
        for (name, text) in texts {
            text.iter().for_each(|text| fields.put(name, text.clone()));
        }
        fields
    }
}

/// The value of `@signature-params`, which is also the value in Signature-Input.
fn parameters_line(items: &[Item], parameters: &Parameters) -> String {
    Member::List { items: items.to_vec(), parameters: parameters.clone() }.to_string()
}

/// The signature base (section 2.5).
fn base(mut lines: Vec<String>, parameters: &str) -> String {
    lines.push(format!("\"@signature-params\": {parameters}"));
    lines.join("\n")
}

/// A header's dictionary, in which each label occurs once.
fn members(request: &Received<'_>, name: &str, at: &str) -> Result<Vec<(String, Member)>, Finding> {
    let header = combined(request, name).filter(|value| !value.is_empty()).ok_or_else(|| missing(name).at(at))?;
    let members = structured::dictionary(&header)
        .ok_or_else(|| element::malformed(format!("`{name}` is not a dictionary of RFC 9651")).at(at))?;
    match structured::repeated(&members) {
        Some(_) => Err(label("a label stands twice; two readers may pick two different signatures").at(at)),
        None => Ok(members),
    }
}

fn has_tag(parameters: &Parameters, tag: Option<&str>) -> bool {
    parameters
        .iter()
        .any(|(name, value)| name == "tag" && matches!(value, Bare::Text(text) if Some(text.as_str()) == tag))
}

/// The name in `alg` (section 6.2.2).
fn wire_name(algorithm: Algorithm) -> Option<&'static str> {
    match algorithm {
        Algorithm::EcdsaP256Sha256 | Algorithm::Ed25519 | Algorithm::HmacSha256 | Algorithm::RsaPssSha512 => {
            Some(algorithm.name())
        }
        Algorithm::RsaPkcs1Sha256 => Some("rsa-v1_5-sha256"),
        _ => None,
    }
}

/// A component's name for a message, if it is short enough.
fn title(item: &Item) -> String {
    match &item.bare {
        Bare::Text(_) => {
            Some(item.to_string()).filter(|text| text.len() <= 64).unwrap_or_else(|| "of a long name".into())
        }
        _ => "of a strange name".into(),
    }
}

fn label(message: &str) -> Finding {
    Finding::error(Code::HttpsigLabel, Stage::Signature, message)
}
