//! What no contract may declare although the language allows every part of it: what can never hold, and what is a
//! security property in name only.

use crate::error::{ContractCode, ContractError};
use crate::gate::Gate;
use crate::grammar::{Algorithm, Segment};
use crate::place::Place;
use crate::signature::field::{Declared, Origin};
use crate::signature::{Engine, Scheme, segments};

/// Headers that describe the kind of a message, and never identify one.
const OF_THE_KIND: [&str; 8] =
    ["accept", "accept-encoding", "connection", "content-encoding", "content-type", "host", "origin", "user-agent"];

pub(super) fn check(gate: &Gate) -> Result<(), ContractError> {
    let scheme = gate.scheme.as_ref().and_then(Engine::segments);
    if let Some(scheme) = scheme {
        check_signed(scheme, gate)?;
    }
    check_document(scheme, gate)?;
    check_methods(gate)?;
    check_key(gate)
}

/// A signature covers one message: it is neither the same for all messages nor part of what it signs.
fn check_signed(scheme: &Scheme, gate: &Gate) -> Result<(), ContractError> {
    let wrong = |message: &str| Err(ContractError::new(ContractCode::ContractSignature, "/signature/signed", message));
    if let Some(message) = scheme.signs_itself(gate.reader.form_field()) {
        return wrong(message);
    }
    let same = |segment: &Segment| match segment {
        Segment::Literal(_) | Segment::Method(_) | Segment::Optional(_) | Segment::Secret(_) => true,
        Segment::Field(name) => field(&scheme.fields, name).is_some_and(Declared::is_constant),
        Segment::Path(_) => !gate.kind.has_parameters(),
        _ => false,
    };
    if scheme.algorithm != Algorithm::Token && scheme.signed.iter().all(same) {
        let message = "what is signed is the same in every message, so whoever saw one signature can send any other";
        return wrong(message).map_err(|error: ContractError| {
            error.help("sign the body, or a time and an id; a sender that signs nothing else has a `token`")
        });
    }
    Ok(())
}

/// Checks that what the signature or freshness reads from a document can exist there.
fn check_document(scheme: Option<&Scheme>, gate: &Gate) -> Result<(), ContractError> {
    let signature = scheme.into_iter().flat_map(|scheme| {
        let fields = scheme.fields.iter();
        let fields = fields.map(|field| (format!("/signature/fields/{}/from", field.name), &field.from));
        fields.chain([("/signature/from".to_owned(), &scheme.from)]).map(|read| (ContractCode::ContractSignature, read))
    });
    let time = gate.window.iter().flat_map(|window| &window.own);
    let time = time.map(|field| (ContractCode::ContractFreshness, ("/freshness/field/from".to_owned(), &field.from)));
    for (code, (at, from)) in signature.chain(time) {
        if let Origin::Body(pointer) = from
            && let Some(message) = gate.reader.lacks(pointer)
        {
            return Err(ContractError::new(code, at, message));
        }
    }
    Ok(())
}

/// A request without a body has a method that the contract accepts.
fn check_methods(gate: &Gate) -> Result<(), ContractError> {
    let methods = gate.kind.methods();
    let other = gate.reader.without_body().iter().position(|method| !methods.contains(&method.name()));
    other.map_or(Ok(()), |index| {
        let at = format!("/payload/withoutBody/{index}");
        let message = "a method of `request.methods` is meant here: no other request is accepted";
        Err(ContractError::new(ContractCode::ContractRequest, at, message))
    })
}

/// If all messages share a key, the second one would be a copy of the first.
fn check_key(gate: &Gate) -> Result<(), ContractError> {
    let Some(memory) = &gate.memory else { return Ok(()) };
    if memory.key.iter().any(|place| tells_apart(place, gate)) {
        return Ok(());
    }
    let message = "nothing in the key tells one message from the next: the second would be a duplicate, and lost";
    let help = "name an id or a nonce of the message, or `signed` where the body is signed";
    Err(ContractError::new(ContractCode::ContractReplay, "/replay/key", message).help(help))
}

fn tells_apart(place: &Place, gate: &Gate) -> bool {
    let scheme = gate.scheme.as_ref().and_then(Engine::segments);
    let declared = gate.scheme.as_ref().map(Engine::fields).unwrap_or_default();
    // A field that is read from there, or a token that is the same in every message.
    let of_field = |here: &dyn Fn(&Origin) -> bool| {
        let token = scheme.is_some_and(|scheme| scheme.algorithm == Algorithm::Token && here(&scheme.from));
        !token && declared.iter().find(|field| here(&field.from)).is_none_or(Declared::tells_apart)
    };
    match place {
        Place::Field(name) => match &gate.scheme {
            Some(Engine::Dpop(_)) => name == "jti",
            Some(Engine::Rfc9421(_)) => name == "nonce",
            _ => field(declared, name).is_none_or(Declared::tells_apart),
        },
        Place::Header(name) => {
            let token = name == "authorization" && matches!(gate.scheme, Some(Engine::Dpop(_)));
            !token
                && !OF_THE_KIND.contains(&name.as_str())
                && of_field(&|from| matches!(from, Origin::Header(names) if names.contains(name)))
        }
        Place::Path(_) => true,
        Place::Pointer(pointer) => of_field(&|from| matches!(from, Origin::Body(at) if at == pointer)),
        Place::Query(name) => of_field(&|from| matches!(from, Origin::Query(other) if other == name)),
        Place::Signed => scheme.is_none_or(|scheme| signs_apart(scheme, gate)),
        Place::Status => false,
    }
}

fn signs_apart(scheme: &Scheme, gate: &Gate) -> bool {
    segments::flat(&scheme.signed).into_iter().any(|(segment, _)| match segment {
        Segment::Literal(_) | Segment::Method(_) | Segment::Optional(_) | Segment::Secret(_) => false,
        Segment::Field(name) => field(&scheme.fields, name).is_none_or(Declared::tells_apart),
        Segment::Path(_) => gate.kind.has_parameters(),
        _ => true,
    })
}

fn field<'a>(fields: &'a [Declared], name: &str) -> Option<&'a Declared> {
    fields.iter().find(|field| field.name == name)
}
