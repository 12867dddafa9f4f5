//! Private keys: PKCS #1, PKCS #8 and SEC 1.

use data_encoding::BASE64URL_NOPAD;

use super::super::asn1::{BIT_STRING, INTEGER, Node, OCTET_STRING, OID, SEQUENCE};
use super::super::keys::PrivateKey;
use super::super::{Fault, pem};
use super::json::{bytes, coordinates, halves, member, unsigned};
use super::oid;
use crate::value::Value;

/// A private key's numbers.
pub(super) enum Private {
    /// `n`, `e`, `d`, `p`, `q`, `dp`, `dq` and `qi`.
    Rsa([Vec<u8>; 8]),
    Ec {
        curve: &'static str,
        scalar: Vec<u8>,
        point: Vec<u8>,
    },
    Ed25519 {
        seed: Vec<u8>,
        public: Vec<u8>,
    },
}

const RSA_NAMES: [&str; 8] = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

/// The private keys of all blocks; other blocks do not matter.
pub(super) fn all(text: &str) -> Result<Vec<Private>, &'static str> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some((block, after)) = pem::first(rest) {
        rest = after;
        let (key, failed) = match block.label {
            "RSA PRIVATE KEY" => (pkcs1(&block.bytes), "x509: failed to parse an RSA private key"),
            "PRIVATE KEY" => (pkcs8(&block.bytes), "x509: failed to parse a private key"),
            "EC PRIVATE KEY" => (sec1(&block.bytes, None), "x509: failed to parse an EC private key"),
            _ => continue,
        };
        keys.push(key.ok_or(failed)?);
    }
    Ok(keys)
}

fn pkcs1(der: &[u8]) -> Option<Private> {
    let fields = Node::read(der)?.children(SEQUENCE)?;
    let [version, numbers @ ..] = fields.as_slice() else { return None };
    let numbers: Vec<Vec<u8>> = numbers.iter().map(|node| Some(node.unsigned()?.to_vec())).collect::<Option<_>>()?;
    let key = Private::Rsa(numbers.try_into().ok()?);
    // Sound, too.
    (version.small()? == 0 && key.usable().is_some()).then_some(key)
}

pub(super) fn pkcs8(der: &[u8]) -> Option<Private> {
    let fields = Node::read(der)?.children(SEQUENCE)?;
    let [version, algorithm, key, ..] = fields.as_slice() else { return None };
    version.content(INTEGER)?;
    let algorithm = algorithm.children(SEQUENCE)?;
    let key = key.content(OCTET_STRING)?;
    match algorithm.first()?.content(OID)? {
        oid::RSA => pkcs1(key),
        oid::EC => sec1(key, algorithm.get(1)?.content(OID)),
        oid::ED25519 => {
            let seed = Node::read(key)?.content(OCTET_STRING)?;
            let PrivateKey::Ed25519(pair) = PrivateKey::ed25519(seed)? else { return None };
            Some(Private::Ed25519 { seed: seed.to_vec(), public: pair.verifying_key().to_bytes().to_vec() })
        }
        _ => None,
    }
}

fn sec1(der: &[u8], curve: Option<&[u8]>) -> Option<Private> {
    let fields = Node::read(der)?.children(SEQUENCE)?;
    let [_, scalar, rest @ ..] = fields.as_slice() else { return None };
    let named = rest.iter().find(|node| node.tag == 0xa0).and_then(|node| Node::read(node.value)?.content(OID));
    let curve = match curve.or(named)? {
        oid::P256 => "P-256",
        oid::P384 => "P-384",
        oid::P521 => "P-521",
        _ => return None,
    };
    let scalar = scalar.content(OCTET_STRING)?.to_vec();
    let point = match PrivateKey::scalar(curve, &scalar)? {
        PrivateKey::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        PrivateKey::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        PrivateKey::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        _ => return None,
    };
    Some(Private::Ec { curve, scalar, point })
}

impl Private {
    fn usable(&self) -> Option<PrivateKey> {
        match self {
            Private::Rsa([n, e, d, p, q, ..]) => PrivateKey::rsa(n, e, d, &[p.clone(), q.clone()]),
            Private::Ec { curve, scalar, .. } => PrivateKey::scalar(curve, scalar),
            Private::Ed25519 { seed, .. } => PrivateKey::ed25519(seed),
        }
    }

    /// Whether the public key of a certificate belongs to it.
    pub fn belongs_to(&self, spki: &[u8]) -> bool {
        let Some(parts) = Node::read(spki).and_then(|spki| spki.children(SEQUENCE)) else { return false };
        let Some(key) = parts.last().filter(|node| node.tag == BIT_STRING).and_then(Node::bits) else { return false };
        match self {
            Private::Rsa([n, e, ..]) => {
                let numbers = Node::read(key).and_then(|key| key.children(SEQUENCE)).unwrap_or_default();
                numbers.iter().map(Node::unsigned).eq([Some(n.as_slice()), Some(e.as_slice())])
            }
            Private::Ec { point, .. } => key == point,
            Private::Ed25519 { public, .. } => key == public,
        }
    }

    /// As Go's JSON has it.
    pub fn value(&self) -> Result<Value, Fault> {
        match self {
            Private::Rsa([n, e, d, p, q, dp, dq, qi]) => {
                let precomputed = vec![
                    member("Dp", unsigned(dp)?),
                    member("Dq", unsigned(dq)?),
                    member("Qinv", unsigned(qi)?),
                    member("CRTValues", Value::array(Vec::new())),
                ];
                Ok(Value::object(vec![
                    member("N", unsigned(n)?),
                    member("E", unsigned(e)?),
                    member("D", unsigned(d)?),
                    member("Primes", Value::array(vec![unsigned(p)?, unsigned(q)?])),
                    member("Precomputed", Value::object(precomputed)),
                ]))
            }
            Private::Ec { scalar, point, .. } => {
                let mut members = coordinates(point)?;
                members.push(member("D", unsigned(scalar)?));
                Ok(Value::object(members))
            }
            Private::Ed25519 { seed, public } => Ok(bytes(&[seed.as_slice(), public].concat())),
        }
    }

    /// As a JSON Web Key.
    pub fn jwk(&self) -> Value {
        let text = |name: &str, bytes: &[u8]| member(name, Value::from(BASE64URL_NOPAD.encode(bytes)));
        let mut members = match self {
            Private::Rsa(numbers) => {
                RSA_NAMES.iter().zip(numbers).map(|(name, number)| text(name, number)).collect::<Vec<_>>()
            }
            Private::Ec { curve, scalar, point } => {
                let (x, y) = halves(point);
                vec![member("crv", Value::from(*curve)), text("d", scalar), text("x", x), text("y", y)]
            }
            Private::Ed25519 { seed, public } => {
                vec![member("crv", Value::from("Ed25519")), text("d", seed), text("x", public)]
            }
        };
        let kind = match self {
            Private::Rsa(_) => "RSA",
            Private::Ec { .. } => "EC",
            Private::Ed25519 { .. } => "OKP",
        };
        members.push(member("kty", Value::from(kind)));
        Value::object(members)
    }
}
