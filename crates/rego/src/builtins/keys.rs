//! Keys: read from certificates' public keys and JSON Web Keys, and what they verify and sign.

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::Signer;
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::{BoxedUint, PrivateKey as RsaPrivate, PublicKey as RsaPublic};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::asn1::{Node, OID, SEQUENCE};
use crate::value::Value;

/// The bits that a number of RSA may have. Fewer are no protection, and more would take too long.
const RSA_BITS: std::ops::RangeInclusive<usize> = 1024..=8192;

/// An algorithm of JSON Web Signatures (RFC 7518).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Algorithm {
    pub scheme: Scheme,
    pub hash: Hash,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scheme {
    Hmac,
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Ed25519,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// What a signature is verified with.
pub(super) enum PublicKey {
    Secret(Vec<u8>),
    Rsa(RsaPublic),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    P521(p521::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    /// A key that is well formed and verifies nothing: a private one.
    Private,
}

/// What a signature is made with.
pub(super) enum PrivateKey {
    Secret(Vec<u8>),
    Rsa(Box<RsaPrivate>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl Algorithm {
    pub fn named(name: &str) -> Option<Algorithm> {
        let (scheme, hash) = name.split_at_checked(2)?;
        let scheme = match scheme {
            "HS" => Scheme::Hmac,
            "RS" => Scheme::RsaPkcs1,
            "PS" => Scheme::RsaPss,
            "ES" => Scheme::Ecdsa,
            _ if name == "EdDSA" => return Some(Algorithm { scheme: Scheme::Ed25519, hash: Hash::Sha512 }),
            _ => return None,
        };
        let hash = match hash {
            "256" => Hash::Sha256,
            "384" => Hash::Sha384,
            "512" => Hash::Sha512,
            _ => return None,
        };
        Some(Algorithm { scheme, hash })
    }
}

impl Hash {
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(message).to_vec(),
            Hash::Sha384 => Sha384::digest(message).to_vec(),
            Hash::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    fn pkcs1(self) -> Pkcs1v15Sign {
        match self {
            Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }

    fn verify_pss(self, key: &RsaPublic, digest: &[u8], signature: &[u8]) -> bool {
        let pss = (true, None);
        match self {
            Hash::Sha256 => {
                key.verify(Pss { blinded: pss.0, digest: Sha256::new(), salt_len: pss.1 }, digest, signature)
            }
            Hash::Sha384 => {
                key.verify(Pss { blinded: pss.0, digest: Sha384::new(), salt_len: pss.1 }, digest, signature)
            }
            Hash::Sha512 => {
                key.verify(Pss { blinded: pss.0, digest: Sha512::new(), salt_len: pss.1 }, digest, signature)
            }
        }
        .is_ok()
    }

    pub fn mac(self, secret: &[u8], message: &[u8]) -> Vec<u8> {
        fn mac<M: Mac + KeyInit>(secret: &[u8], message: &[u8]) -> Vec<u8> {
            // A key of HMAC may have any length.
            let mac = <M as KeyInit>::new_from_slice(secret);
            mac.map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec()).unwrap_or_default()
        }
        match self {
            Hash::Sha256 => mac::<Hmac<Sha256>>(secret, message),
            Hash::Sha384 => mac::<Hmac<Sha384>>(secret, message),
            Hash::Sha512 => mac::<Hmac<Sha512>>(secret, message),
        }
    }
}

impl PublicKey {
    /// RFC 5280: an algorithm and the key's bytes.
    pub fn from_spki(der: &[u8]) -> Option<PublicKey> {
        let [algorithm, key] = Node::read(der)?.children(SEQUENCE)?.try_into().ok()?;
        let parameters = algorithm.children(SEQUENCE)?;
        let oid = parameters.first()?.content(OID)?;
        let key = key.bits()?;
        match oid {
            super::x509::oid::RSA => {
                let [n, e] = Node::read(key)?.children(SEQUENCE)?.try_into().ok()?;
                PublicKey::rsa(n.unsigned()?, e.unsigned()?)
            }
            super::x509::oid::EC => match parameters.get(1)?.content(OID)? {
                super::x509::oid::P256 => PublicKey::point("P-256", key),
                super::x509::oid::P384 => PublicKey::point("P-384", key),
                super::x509::oid::P521 => PublicKey::point("P-521", key),
                _ => None,
            },
            super::x509::oid::ED25519 => PublicKey::ed25519(key),
            _ => None,
        }
    }

    /// RFC 7517, section 4.
    pub fn from_jwk(jwk: &Value) -> Option<PublicKey> {
        let jwk = Jwk(jwk);
        let kty = jwk.text("kty")?;
        if kty != "oct" && jwk.text("d").is_some() {
            return PrivateKey::from_jwk(jwk.0).map(|_| PublicKey::Private);
        }
        match kty {
            "oct" => Some(PublicKey::Secret(jwk.bytes("k")?)),
            "RSA" => PublicKey::rsa(&jwk.bytes("n")?, &jwk.bytes("e")?),
            "EC" => PublicKey::point(jwk.text("crv")?, &jwk.point()?),
            "OKP" if jwk.text("crv")? == "Ed25519" => PublicKey::ed25519(&jwk.bytes("x")?),
            _ => None,
        }
    }

    fn rsa(n: &[u8], e: &[u8]) -> Option<PublicKey> {
        // Before any work with it.
        if n.len() > RSA_BITS.end() / 8 || e.len() > 8 {
            return None;
        }
        RsaPublic::new_with_size_limits(number(n), number(e), RSA_BITS).ok().map(PublicKey::Rsa)
    }

    fn point(curve: &str, point: &[u8]) -> Option<PublicKey> {
        match curve {
            "P-256" => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(PublicKey::P256),
            "P-384" => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(PublicKey::P384),
            "P-521" => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).ok().map(PublicKey::P521),
            _ => None,
        }
    }

    fn ed25519(bytes: &[u8]) -> Option<PublicKey> {
        ed25519_dalek::VerifyingKey::from_bytes(bytes.try_into().ok()?).ok().map(PublicKey::Ed25519)
    }

    /// Whether the signature is of this message and by this key. A key of another algorithm verifies nothing.
    pub fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let hash = algorithm.hash;
        match (algorithm.scheme, self) {
            (Scheme::Hmac, PublicKey::Secret(secret)) => {
                subtle::ConstantTimeEq::ct_eq(hash.mac(secret, message).as_slice(), signature).into()
            }
            (Scheme::RsaPkcs1, PublicKey::Rsa(key)) => {
                key.verify(hash.pkcs1(), &hash.digest(message), signature).is_ok()
            }
            (Scheme::RsaPss, PublicKey::Rsa(key)) => hash.verify_pss(key, &hash.digest(message), signature),
            (Scheme::Ecdsa, PublicKey::P256(key)) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(&hash.digest(message), &signature).is_ok()),
            (Scheme::Ecdsa, PublicKey::P384(key)) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(&hash.digest(message), &signature).is_ok()),
            (Scheme::Ecdsa, PublicKey::P521(key)) => p521::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_prehash(&hash.digest(message), &signature).is_ok()),
            (Scheme::Ed25519, PublicKey::Ed25519(key)) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            _ => false,
        }
    }

    /// The same with a signature of ECDSA as X.509 has it: in DER.
    pub fn verifies_der(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let signature = match self {
            PublicKey::P256(_) => p256::ecdsa::Signature::from_der(signature).map(|signature| signature.to_vec()),
            PublicKey::P384(_) => p384::ecdsa::Signature::from_der(signature).map(|signature| signature.to_vec()),
            PublicKey::P521(_) => p521::ecdsa::Signature::from_der(signature).map(|signature| signature.to_vec()),
            _ => return false,
        };
        signature.is_ok_and(|signature| self.verifies(algorithm, message, &signature))
    }

    /// The steps that verifying a signature takes: no more than a microsecond each in a WASM runtime.
    pub fn work(&self) -> u64 {
        match self {
            PublicKey::Secret(_) | PublicKey::Private => 10,
            PublicKey::Rsa(_) => 10_000,
            PublicKey::P256(_) | PublicKey::Ed25519(_) => 10_000,
            PublicKey::P384(_) | PublicKey::P521(_) => 60_000,
        }
    }
}

impl PrivateKey {
    /// RFC 7517, section 4.
    pub fn from_jwk(jwk: &Value) -> Option<PrivateKey> {
        let jwk = Jwk(jwk);
        match jwk.text("kty")? {
            "oct" => Some(PrivateKey::Secret(jwk.bytes("k")?)),
            "RSA" => {
                let [n, e, d] = [jwk.bytes("n")?, jwk.bytes("e")?, jwk.bytes("d")?];
                let primes = match (jwk.bytes("p"), jwk.bytes("q")) {
                    (Some(p), Some(q)) => vec![p, q],
                    _ => Vec::new(),
                };
                PrivateKey::rsa(&n, &e, &d, &primes)
            }
            "EC" => PrivateKey::scalar(jwk.text("crv")?, &jwk.bytes("d")?),
            "OKP" if jwk.text("crv")? == "Ed25519" => PrivateKey::ed25519(&jwk.bytes("d")?),
            _ => None,
        }
    }

    pub fn rsa(n: &[u8], e: &[u8], d: &[u8], primes: &[Vec<u8>]) -> Option<PrivateKey> {
        let bits = n.len() * 8;
        if !RSA_BITS.contains(&bits) || e.len() > 8 || d.len() > n.len() {
            return None;
        }
        let primes = primes.iter().map(|prime| number(prime)).collect();
        let key = RsaPrivate::from_components(number(n), number(e), number(d), primes).ok()?;
        Some(PrivateKey::Rsa(Box::new(key)))
    }

    pub fn scalar(curve: &str, bytes: &[u8]) -> Option<PrivateKey> {
        match curve {
            "P-256" => p256::ecdsa::SigningKey::from_slice(bytes).ok().map(PrivateKey::P256),
            "P-384" => p384::ecdsa::SigningKey::from_slice(bytes).ok().map(PrivateKey::P384),
            "P-521" => p521::ecdsa::SigningKey::from_slice(bytes).ok().map(PrivateKey::P521),
            _ => None,
        }
    }

    pub fn ed25519(seed: &[u8]) -> Option<PrivateKey> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed.try_into().ok()?);
        Some(PrivateKey::Ed25519(Box::new(key)))
    }

    /// The signature of a message, the same every time: ECDSA by RFC 6979, and no PSS, whose salt is random.
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, &'static str> {
        const FAILED: &str = "failed to sign";
        let hash = algorithm.hash;
        match (algorithm.scheme, self) {
            (Scheme::Hmac, PrivateKey::Secret(secret)) => Ok(hash.mac(secret, message)),
            (Scheme::RsaPkcs1, PrivateKey::Rsa(key)) => {
                key.sign(hash.pkcs1(), &hash.digest(message)).map_err(|_| FAILED)
            }
            (Scheme::RsaPss, _) => Err(
                "PS256, PS384 and PS512 sign with a random salt, and a verdict must come out the same every time: take RS256 or ES256",
            ),
            (Scheme::Ecdsa, PrivateKey::P256(key)) if hash == Hash::Sha256 => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&hash.digest(message)).map_err(|_| FAILED)?;
                Ok(signature.to_vec())
            }
            (Scheme::Ecdsa, PrivateKey::P384(key)) if hash == Hash::Sha384 => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&hash.digest(message)).map_err(|_| FAILED)?;
                Ok(signature.to_vec())
            }
            (Scheme::Ecdsa, PrivateKey::P521(key)) if hash == Hash::Sha512 => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&hash.digest(message)).map_err(|_| FAILED)?;
                Ok(signature.to_vec())
            }
            (Scheme::Ed25519, PrivateKey::Ed25519(key)) => Ok(key.sign(message).to_vec()),
            _ => Err("the key is of another kind than the algorithm"),
        }
    }

    /// The steps that making a signature takes.
    pub fn work(&self) -> u64 {
        match self {
            PrivateKey::Secret(_) => 10,
            PrivateKey::Rsa(_) => 300_000,
            PrivateKey::P256(_) | PrivateKey::Ed25519(_) => 10_000,
            PrivateKey::P384(_) | PrivateKey::P521(_) => 60_000,
        }
    }
}

struct Jwk<'a>(&'a Value);

impl<'a> Jwk<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.0.member(name)?.as_str()
    }

    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let text = self.text(name)?.trim_end_matches('=');
        BASE64URL_NOPAD.decode(text.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
    }

    /// Both coordinates, not compressed.
    fn point(&self) -> Option<Vec<u8>> {
        let (x, y) = (self.bytes("x")?, self.bytes("y")?);
        (x.len() == y.len()).then(|| [&[4], x.as_slice(), y.as_slice()].concat())
    }
}

fn number(bytes: &[u8]) -> BoxedUint {
    BoxedUint::from_be_slice_vartime(bytes)
}
