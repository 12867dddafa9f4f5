//! Certificates, requests and keys as values: the members that Go's JSON has.

use data_encoding::BASE64;
use num_bigint::{BigInt, Sign};

use super::super::Fault;
use super::super::asn1::{Node, OID, SEQUENCE, SET, nodes};
use super::super::url::Url;
use super::certificate::{Certificate, Extensions, Names, Request, Signed};
use super::oid;
use crate::number::Number;
use crate::value::Value;

type Members = Vec<(Value, Value)>;

pub(super) fn member(name: &str, value: Value) -> (Value, Value) {
    (Value::from(name), value)
}

pub(super) fn bytes(bytes: &[u8]) -> Value {
    Value::from(BASE64.encode(bytes))
}

/// An integer, as DER has it.
fn integer(bytes: &[u8]) -> Result<Value, Fault> {
    Ok(Value::Number(Number::from_big(&BigInt::from_signed_bytes_be(bytes))?))
}

/// An integer that is not negative.
pub(super) fn unsigned(bytes: &[u8]) -> Result<Value, Fault> {
    Ok(Value::Number(Number::from_big(&BigInt::from_bytes_be(Sign::Plus, bytes))?))
}

/// An array, or null if there is nothing in it.
fn list<T>(items: &[T], value: impl Fn(&T) -> Value) -> Value {
    if items.is_empty() { Value::Null } else { Value::array(items.iter().map(value).collect()) }
}

fn texts(texts: &[&str]) -> Value {
    list(texts, |text| Value::from(*text))
}

fn oid(oid: &[u8]) -> Value {
    list(&oid::numbers(oid).unwrap_or_default(), |number| Value::from(*number))
}

pub(super) fn certificate(certificate: &Certificate<'_>, with_texts: bool) -> Result<Value, Fault> {
    let Certificate { extensions, signed, .. } = certificate;
    let mut members = vec![
        member("Raw", bytes(certificate.raw)),
        member("RawTBSCertificate", bytes(certificate.content)),
        member("RawIssuer", bytes(certificate.issuer)),
        member("Version", Value::from(certificate.version)),
        member("SerialNumber", integer(certificate.serial)?),
        member("Issuer", name(certificate.issuer)),
        member("NotBefore", Value::from(certificate.not_before.text.as_str())),
        member("NotAfter", Value::from(certificate.not_after.text.as_str())),
        member("KeyUsage", Value::from(extensions.key_usage)),
        member("UnhandledCriticalExtensions", list(&extensions.unknown, |unknown| oid(unknown))),
        member("SubjectKeyId", extensions.subject_key.map_or(Value::Null, bytes)),
        member("AuthorityKeyId", extensions.authority_key.map_or(Value::Null, bytes)),
        member("OCSPServer", texts(&extensions.ocsp)),
        member("IssuingCertificateURL", texts(&extensions.issuers)),
        member("CRLDistributionPoints", texts(&extensions.revocation)),
        member("PolicyIdentifiers", list(&extensions.policies, |policy| oid(policy))),
        member("Policies", list(&extensions.policies, |policy| Value::from(dotted(policy)))),
        member("PolicyMappings", Value::Null),
        member("PermittedDNSDomainsCritical", Value::from(extensions.names_critical)),
        member("BasicConstraintsValid", Value::from(extensions.constraints.is_some())),
        member("IsCA", Value::from(extensions.constraints.is_some_and(|(authority, _)| authority))),
    ];
    let most = extensions.constraints.map_or(0, |(_, most)| most.unwrap_or(-1));
    members.push(member("MaxPathLen", Value::from(most)));
    members.push(member("MaxPathLenZero", Value::from(extensions.constraints.is_some() && most == 0)));
    for name in ["InhibitAnyPolicy", "InhibitPolicyMapping", "RequireExplicitPolicy"] {
        members.push(member(name, Value::from(0)));
        members.push(member(&format!("{name}Zero"), Value::from(false)));
    }
    let place = |usage: &[u8]| oid::USAGES.iter().position(|(_, known)| *known == usage);
    let (known, unknown): (Vec<&[u8]>, Vec<&[u8]>) = extensions.usages.iter().partition(|usage| place(usage).is_some());
    let number = |usage: &&[u8]| Value::from(place(usage).and_then(|place| i64::try_from(place).ok()).unwrap_or(-1));
    members.push(member("ExtKeyUsage", list(&known, number)));
    members.push(member("UnknownExtKeyUsage", list(&unknown, |unknown| oid(unknown))));
    for (prefix, names) in [("Permitted", &extensions.permitted), ("Excluded", &extensions.excluded)] {
        members.push(member(&format!("{prefix}DNSDomains"), texts(&names.dns)));
        members.push(member(&format!("{prefix}EmailAddresses"), texts(&names.emails)));
        members.push(member(&format!("{prefix}URIDomains"), texts(&names.uris)));
        members.push(member(&format!("{prefix}IPRanges"), list(&names.addresses, |range| block(range))));
    }
    if with_texts {
        members.push(member("URIStrings", texts(&extensions.names.uris)));
    }
    both(&mut members, certificate.subject, certificate.key, signed, extensions)?;
    Ok(Value::object(members))
}

pub(super) fn request(request: &Request<'_>) -> Result<Value, Fault> {
    let mut members = vec![
        member("Raw", bytes(request.raw)),
        member("RawTBSCertificateRequest", bytes(request.content)),
        member("Version", Value::from(request.version)),
        member("Attributes", Value::Null),
    ];
    both(&mut members, request.subject, request.key, &request.signed, &request.extensions)?;
    Ok(Value::object(members))
}

/// What a certificate and a request both have.
fn both(
    members: &mut Members,
    subject: &[u8],
    key: &[u8],
    signed: &Signed<'_>,
    extensions: &Extensions<'_>,
) -> Result<(), Fault> {
    let Names { dns, emails, uris, addresses, .. } = &extensions.names;
    let (algorithm, public_key) = public_key(key)?;
    members.extend([
        member("RawSubject", bytes(subject)),
        member("RawSubjectPublicKeyInfo", bytes(key)),
        member("Subject", name(subject)),
        member("Signature", bytes(signed.signature)),
        member("SignatureAlgorithm", Value::from(signed.number)),
        member("PublicKeyAlgorithm", Value::from(algorithm)),
        member("PublicKey", public_key),
        member("DNSNames", texts(dns)),
        member("EmailAddresses", texts(emails)),
        member("IPAddresses", list(addresses, |bytes| Value::from(address(bytes)))),
        member("URIs", list(uris, |uri| url(uri))),
        member("ExtraExtensions", Value::Null),
    ]);
    let extension = |extension: &super::certificate::Extension<'_>| {
        Value::object(vec![
            member("Id", oid(extension.oid)),
            member("Critical", Value::from(extension.critical)),
            member("Value", bytes(extension.value)),
        ])
    };
    members.push(member("Extensions", list(&extensions.all, extension)));
    Ok(())
}

fn dotted(oid: &[u8]) -> String {
    let numbers = oid::numbers(oid).unwrap_or_default();
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(".")
}

fn address(bytes: &[u8]) -> String {
    match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
        (Ok(bytes), _) => std::net::Ipv4Addr::from(bytes).to_string(),
        (_, Ok(bytes)) => std::net::Ipv6Addr::from(bytes).to_canonical().to_string(),
        _ => String::new(),
    }
}

/// An address and a mask, each half of the bytes.
fn block(range: &[u8]) -> Value {
    let (ip, mask) = range.split_at_checked(range.len() / 2).unwrap_or_default();
    Value::object(vec![member("IP", Value::from(address(ip))), member("Mask", bytes(mask))])
}

/// A URL in the parts that Go takes it into; null if it is none.
fn url(text: &str) -> Value {
    let Ok(url) = Url::parse(text) else { return Value::Null };
    let texts = [
        ("Scheme", &url.scheme),
        ("Opaque", &url.opaque),
        ("Host", &url.host),
        ("Path", &url.path),
        ("RawPath", &url.raw_path),
        ("RawQuery", &url.raw_query),
        ("Fragment", &url.fragment),
        ("RawFragment", &String::new()),
    ];
    let mut members: Members = texts.iter().map(|(name, text)| member(name, Value::from(text.as_str()))).collect();
    members.push(member("User", Value::Null));
    members.push(member("OmitHost", Value::from(url.omit_host)));
    members.push(member("ForceQuery", Value::from(url.force_query)));
    Value::object(members)
}

/// A name: its parts in the order they stand, and by what they are.
fn name(der: &[u8]) -> Value {
    const LISTS: [(&str, u8); 7] = [
        ("Country", 6),
        ("Locality", 7),
        ("Organization", 10),
        ("OrganizationalUnit", 11),
        ("PostalCode", 17),
        ("Province", 8),
        ("StreetAddress", 9),
    ];
    let parts = name_parts(der).unwrap_or_default();
    let of_kind = |kind: u8| {
        let kind = [oid::NAME, &[kind]].concat();
        parts.iter().filter(move |(oid, _)| *oid == kind).filter_map(|(_, text)| text.as_deref())
    };
    let mut members: Members =
        LISTS.iter().map(|(name, kind)| member(name, texts(&of_kind(*kind).collect::<Vec<_>>()))).collect();
    for (name, kind) in [("CommonName", 3), ("SerialNumber", 5)] {
        members.push(member(name, Value::from(of_kind(kind).next_back().unwrap_or_default())));
    }
    let part = |(kind, text): &(&[u8], Option<String>)| {
        let value = text.as_deref().map_or(Value::Null, Value::from);
        Value::object(vec![member("Type", oid(kind)), member("Value", value)])
    };
    members.push(member("Names", list(&parts, part)));
    members.push(member("ExtraNames", Value::Null));
    Value::object(members)
}

/// The kinds and the texts; no text if it is no string.
fn name_parts(der: &[u8]) -> Option<Vec<(&[u8], Option<String>)>> {
    let mut parts = Vec::new();
    for set in Node::read(der)?.children(SEQUENCE)? {
        for part in set.children(SET)? {
            let [kind, value] = part.children(SEQUENCE)?.try_into().ok()?;
            parts.push((kind.content(OID)?, text(&value)));
        }
    }
    Some(parts)
}

fn text(node: &Node<'_>) -> Option<String> {
    match node.tag {
        // UTF-8, and subsets of it: numbers, printable, IA5.
        0x0c | 0x12 | 0x13 | 0x16 => String::from_utf8(node.value.to_vec()).ok(),
        // T.61, read as Latin-1.
        0x14 => Some(node.value.iter().map(|byte| char::from(*byte)).collect()),
        // BMP.
        0x1e => {
            let units = node.value.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
            String::from_utf16(&units.collect::<Vec<_>>()).ok()
        }
        _ => None,
    }
}

/// The number that Go gives the algorithm, and the key.
fn public_key(der: &[u8]) -> Result<(i64, Value), Fault> {
    Ok(match key_parts(der) {
        Some((oid::RSA, key)) => {
            let numbers = Node::read(key).and_then(|key| nodes(key.content(SEQUENCE)?));
            let numbers = numbers.unwrap_or_default();
            let [n, e] = numbers.as_slice() else { return Ok((1, Value::Null)) };
            let number = |node: &Node<'_>| unsigned(node.unsigned().unwrap_or_default());
            (1, Value::object(vec![member("N", number(n)?), member("E", number(e)?)]))
        }
        Some((oid::EC, point)) => (3, Value::object(coordinates(point)?)),
        Some((oid::ED25519, key)) => (4, bytes(key)),
        _ => (0, Value::Null),
    })
}

/// The curve has nothing that Go shows.
pub(super) fn coordinates(point: &[u8]) -> Result<Members, Fault> {
    let (x, y) = halves(point);
    Ok(vec![member("Curve", Value::object(Vec::new())), member("X", unsigned(x)?), member("Y", unsigned(y)?)])
}

/// Of a point that is not compressed.
pub(super) fn halves(point: &[u8]) -> (&[u8], &[u8]) {
    let both = point.strip_prefix(&[4]).unwrap_or_default();
    both.split_at_checked(both.len() / 2).unwrap_or_default()
}

/// The algorithm, and the key.
fn key_parts(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let [algorithm, key] = Node::read(der)?.children(SEQUENCE)?.try_into().ok()?;
    Some((algorithm.children(SEQUENCE)?.first()?.content(OID)?, key.bits()?))
}
