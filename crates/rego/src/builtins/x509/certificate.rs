//! Certificates and requests for them, taken apart (RFC 5280, RFC 2986).

use super::super::asn1::{BIT_STRING, BOOLEAN, INTEGER, Node, OCTET_STRING, OID, SEQUENCE, SET};
use super::super::keys::{Algorithm, Hash, PublicKey, Scheme};
use super::super::time::unix_seconds;
use super::oid;

/// A certificate; all but times and numbers as its bytes.
pub(super) struct Certificate<'a> {
    pub raw: &'a [u8],
    pub content: &'a [u8],
    pub version: i64,
    pub serial: &'a [u8],
    pub signed: Signed<'a>,
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
    pub not_before: Time,
    pub not_after: Time,
    pub key: &'a [u8],
    pub extensions: Extensions<'a>,
}

/// A request for a certificate.
pub(super) struct Request<'a> {
    pub raw: &'a [u8],
    pub content: &'a [u8],
    pub version: i64,
    pub signed: Signed<'a>,
    pub subject: &'a [u8],
    pub key: &'a [u8],
    pub extensions: Extensions<'a>,
}

/// How something is signed.
pub(super) struct Signed<'a> {
    /// The algorithm, as Go numbers it; 0 is another.
    pub number: i64,
    algorithm: Option<Algorithm>,
    pub signature: &'a [u8],
}

/// A second, as RFC 3339 writes it and since 1970.
pub(super) struct Time {
    pub text: String,
    pub seconds: i64,
}

/// One extension.
pub(super) struct Extension<'a> {
    pub oid: &'a [u8],
    pub critical: bool,
    pub value: &'a [u8],
}

/// All extensions, and what those say that are understood here.
#[derive(Default)]
pub(super) struct Extensions<'a> {
    pub all: Vec<Extension<'a>>,
    pub key_usage: i64,
    /// Whether it is an authority's, and how many authorities may be below it.
    pub constraints: Option<(bool, Option<i64>)>,
    pub usages: Vec<&'a [u8]>,
    pub subject_key: Option<&'a [u8]>,
    pub authority_key: Option<&'a [u8]>,
    pub names: Names<'a>,
    pub ocsp: Vec<&'a str>,
    pub issuers: Vec<&'a str>,
    pub revocation: Vec<&'a str>,
    pub policies: Vec<&'a [u8]>,
    /// Names that an authority may and may not speak for.
    pub permitted: Names<'a>,
    pub excluded: Names<'a>,
    pub names_critical: bool,
    /// Critical ones that are not understood here.
    pub unknown: Vec<&'a [u8]>,
}

/// Names of machines, people and services.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub dns: Vec<&'a str>,
    pub emails: Vec<&'a str>,
    pub uris: Vec<&'a str>,
    /// Addresses; in constraints with their masks.
    pub addresses: Vec<&'a [u8]>,
    /// Whether there are others.
    pub others: bool,
}

impl<'a> Certificate<'a> {
    pub fn read(der: &'a [u8]) -> Option<Certificate<'a>> {
        let whole = Node::read(der)?;
        let [content, algorithm, signature] = whole.children(SEQUENCE)?.try_into().ok()?;
        let mut fields = content.children(SEQUENCE)?.into_iter().peekable();
        let version = match fields.next_if(|field| field.tag == 0xa0) {
            Some(version) => Node::read(version.value)?.small()? + 1,
            None => 1,
        };
        let serial = fields.next()?.content(INTEGER)?;
        // Said twice, and has to be the same.
        if fields.next()?.whole != algorithm.whole {
            return None;
        }
        let issuer = name(fields.next()?)?;
        let [not_before, not_after] = fields.next()?.children(SEQUENCE)?.try_into().ok()?;
        let subject = name(fields.next()?)?;
        let key = fields.next()?;
        key.content(SEQUENCE)?;
        let mut extensions = Extensions::default();
        for field in fields {
            if field.tag == 0xa3 {
                extensions = Extensions::read(Node::read(field.value)?)?;
            } else if !matches!(field.tag, 0x81 | 0x82) {
                return None;
            }
        }
        Some(Certificate {
            raw: whole.whole,
            content: content.whole,
            version,
            serial,
            signed: Signed::read(algorithm, signature)?,
            issuer,
            subject,
            not_before: Time::read(not_before)?,
            not_after: Time::read(not_after)?,
            key: key.whole,
            extensions,
        })
    }
}

impl<'a> Request<'a> {
    pub fn read(der: &'a [u8]) -> Option<Request<'a>> {
        let whole = Node::read(der)?;
        let [content, algorithm, signature] = whole.children(SEQUENCE)?.try_into().ok()?;
        let fields = content.children(SEQUENCE)?;
        let [version, subject, key, attributes @ ..] = fields.as_slice() else { return None };
        key.content(SEQUENCE)?;
        let mut extensions = Extensions::default();
        for attribute in attributes.first().map(|set| set.children(0xa0)).unwrap_or(Some(Vec::new()))? {
            let [kind, values] = attribute.children(SEQUENCE)?.try_into().ok()?;
            if kind.content(OID)? == oid::REQUESTED {
                extensions = Extensions::read(*values.children(SET)?.first()?)?;
            }
        }
        Some(Request {
            raw: whole.whole,
            content: content.whole,
            version: version.small()?,
            signed: Signed::read(algorithm, signature)?,
            subject: name(*subject)?,
            key: key.whole,
            extensions,
        })
    }
}

fn name(node: Node<'_>) -> Option<&[u8]> {
    node.content(SEQUENCE).map(|_| node.whole)
}

impl<'a> Signed<'a> {
    fn read(algorithm: Node<'a>, signature: Node<'a>) -> Option<Signed<'a>> {
        let parts = algorithm.children(SEQUENCE)?;
        let oid = parts.first()?.content(OID)?;
        let signature = signature.bits()?;
        let sha2 = |scheme, last: &[u8], numbers: [i64; 3], lasts: [u8; 3]| {
            let known = lasts.iter().zip(numbers).zip([Hash::Sha256, Hash::Sha384, Hash::Sha512]);
            let found = known.into_iter().find(|((known, _), _)| last == [**known]);
            found.map(|((_, number), hash)| (number, Some(Algorithm { scheme, hash })))
        };
        let found = match oid {
            oid::ED25519 => Some((16, Some(Algorithm { scheme: Scheme::Ed25519, hash: Hash::Sha512 }))),
            oid::RSA_PSS => {
                let hash = parts.get(1).and_then(pss_hash);
                hash.and_then(|last| sha2(Scheme::RsaPss, last, [13, 14, 15], [1, 2, 3]))
            }
            _ => match (oid.strip_prefix(oid::PKCS1), oid.strip_prefix(oid::ECDSA_SHA2)) {
                // MD5 and SHA-1 are named, and verify nothing.
                (Some([4]), _) => Some((2, None)),
                (Some([5]), _) => Some((3, None)),
                (Some(last), _) => sha2(Scheme::RsaPkcs1, last, [4, 5, 6], [11, 12, 13]),
                (_, Some(last)) => sha2(Scheme::Ecdsa, last, [10, 11, 12], [2, 3, 4]),
                _ => None,
            },
        };
        let (number, algorithm) = found.unwrap_or((0, None));
        Some(Signed { number, algorithm, signature })
    }

    /// Whether the key has signed the content.
    pub fn by(&self, key: &PublicKey, content: &[u8]) -> bool {
        let Some(algorithm) = self.algorithm else { return false };
        match algorithm.scheme {
            Scheme::Ecdsa => key.verifies_der(algorithm, content, self.signature),
            _ => key.verifies(algorithm, content, self.signature),
        }
    }
}

/// The last part of the hash's name.
fn pss_hash<'a>(parameters: &Node<'a>) -> Option<&'a [u8]> {
    let hash = parameters.children(SEQUENCE)?.into_iter().find(|field| field.tag == 0xa0)?;
    let hash = Node::read(hash.value)?.children(SEQUENCE)?;
    hash.first()?.content(OID)?.strip_prefix(oid::SHA2)
}

impl Time {
    fn read(node: Node<'_>) -> Option<Time> {
        let text = std::str::from_utf8(node.value).ok()?.strip_suffix('Z')?;
        let digits = match node.tag {
            0x17 if text.len() == 12 => format!("{}{text}", if text < "50" { "20" } else { "19" }),
            0x18 if text.len() == 14 => text.to_owned(),
            _ => return None,
        };
        let part = |from, to| digits.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let [year, month, day] = [part(0, 4)?, part(4, 6)?, part(6, 8)?];
        let [hour, minute, second] = [part(8, 10)?, part(10, 12)?, part(12, 14)?];
        let text = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
        Some(Time { seconds: unix_seconds(&text)?, text })
    }
}

impl<'a> Extensions<'a> {
    fn read(list: Node<'a>) -> Option<Extensions<'a>> {
        let mut extensions = Extensions::default();
        for extension in list.children(SEQUENCE)? {
            let fields = extension.children(SEQUENCE)?;
            let (oid, critical, value) = match fields.as_slice() {
                [oid, value] => (oid, false, value),
                [oid, critical, value] => (oid, critical.content(BOOLEAN)? == [0xff], value),
                _ => return None,
            };
            let (oid, value) = (oid.content(OID)?, value.content(OCTET_STRING)?);
            if extensions.all.iter().any(|other| other.oid == oid) {
                return None;
            }
            extensions.all.push(Extension { oid, critical, value });
            if !extensions.understand(oid, critical, value)? && critical {
                extensions.unknown.push(oid);
            }
        }
        Some(extensions)
    }

    /// Whether it is understood; none if it is not well formed.
    fn understand(&mut self, oid: &[u8], critical: bool, value: &'a [u8]) -> Option<bool> {
        let node = Node::read(value)?;
        if oid == oid::AUTHORITY_ACCESS {
            for way in node.children(SEQUENCE)? {
                let [way, place] = way.children(SEQUENCE)?.try_into().ok()?;
                let Some(place) = place.content(0x86) else { continue };
                match way.content(OID)?.strip_prefix(oid::ACCESS) {
                    Some([1]) => self.ocsp.push(std::str::from_utf8(place).ok()?),
                    Some([2]) => self.issuers.push(std::str::from_utf8(place).ok()?),
                    _ => {}
                }
            }
            return Some(true);
        }
        match oid.strip_prefix(oid::EXTENSION) {
            Some([14]) => self.subject_key = Some(node.content(OCTET_STRING)?),
            Some([15]) => {
                let bits =
                    node.content(BIT_STRING)?.iter().skip(1).flat_map(|byte| (0..8).map(move |bit| byte << bit & 0x80));
                self.key_usage = bits.zip(0..9).map(|(bit, place)| i64::from(bit != 0) << place).sum();
            }
            Some([17]) => {
                self.names = Names::read(&node.children(SEQUENCE)?)?;
                if self.names.addresses.iter().any(|address| !matches!(address.len(), 4 | 16)) {
                    return None;
                }
                // A name that nobody understands is as if the extension was not understood.
                let names = &self.names;
                let none = names.dns.len() + names.emails.len() + names.uris.len() + names.addresses.len() == 0;
                return Some(!none);
            }
            Some([19]) => {
                let fields = node.children(SEQUENCE)?;
                let authority = fields.first().and_then(|field| field.content(BOOLEAN)) == Some(&[0xff]);
                let most = fields.iter().find(|field| field.tag == INTEGER);
                self.constraints =
                    Some((authority, most.map(Node::small).unwrap_or(Some(-1)).filter(|most| *most >= 0)));
            }
            Some([30]) => {
                for (list, into) in [(0xa0, &mut self.permitted), (0xa1, &mut self.excluded)] {
                    let Some(list) = node.children(SEQUENCE)?.into_iter().find(|node| node.tag == list) else {
                        continue;
                    };
                    let trees = super::super::asn1::nodes(list.value)?;
                    let names = trees.iter().map(|tree| tree.children(SEQUENCE)?.first().copied());
                    *into = Names::read(&names.collect::<Option<Vec<_>>>()?)?;
                }
                self.names_critical = critical;
            }
            Some([31]) => {
                for point in node.children(SEQUENCE)? {
                    let Some(full) = point.children(SEQUENCE)?.into_iter().find(|node| node.tag == 0xa0) else {
                        continue;
                    };
                    let Some(names) = Node::read(full.value)?.content(0xa0) else { continue };
                    self.revocation.extend(Names::read(&super::super::asn1::nodes(names)?)?.uris);
                }
            }
            Some([32]) => {
                for policy in node.children(SEQUENCE)? {
                    self.policies.push(policy.children(SEQUENCE)?.first()?.content(OID)?);
                }
            }
            Some([35]) => {
                let fields = node.children(SEQUENCE)?;
                self.authority_key = fields.into_iter().find(|field| field.tag == 0x80).map(|field| field.value);
            }
            Some([37]) => {
                let usages = node.children(SEQUENCE)?;
                self.usages = usages.iter().map(|usage| usage.content(OID)).collect::<Option<_>>()?;
            }
            _ => return Some(false),
        }
        Some(true)
    }
}

impl<'a> Names<'a> {
    fn read(nodes: &[Node<'a>]) -> Option<Names<'a>> {
        let mut names = Names::default();
        for node in nodes {
            let text = || std::str::from_utf8(node.value).ok().filter(|text| text.is_ascii());
            match node.tag {
                0x81 => names.emails.push(text()?),
                0x82 => names.dns.push(text()?),
                0x86 => names.uris.push(text()?),
                0x87 => names.addresses.push(node.value),
                _ => names.others = true,
            }
        }
        Some(names)
    }
}
