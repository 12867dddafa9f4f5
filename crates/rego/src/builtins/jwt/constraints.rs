//! What a token must meet.

use super::super::keys::PublicKey;
use super::super::operands::error;
use super::super::{Context, Fault};
use super::{Key, keys};
use crate::value::{Object, Value};

/// The constraints that a policy gives.
pub(super) struct Constraints {
    pub keys: Vec<Key>,
    pub algorithm: Option<String>,
    issuer: Option<String>,
    audience: Option<String>,
    /// In seconds since 1970.
    time: f64,
}

impl Constraints {
    pub fn read(context: &mut Context<'_>, members: &Object) -> Result<Constraints, Fault> {
        let (mut algorithm, mut issuer, mut audience, mut secret, mut cert) = (None, None, None, None, None);
        #[allow(clippy::cast_precision_loss, reason = "OPA compares times as floats, too")]
        let mut time = context.now as f64;
        for (name, value) in members.members() {
            let text = |name| {
                let text = value.as_str().map(str::to_owned);
                text.ok_or_else(|| error(format!("{name} constraint: must be a string")))
            };
            match name.as_str() {
                Some("alg") => algorithm = Some(text("alg")?),
                Some("iss") => issuer = Some(text("iss")?),
                Some("aud") => audience = Some(text("aud")?),
                Some("secret") => secret = Some(text("secret")?),
                Some("cert") => cert = Some(keys(context, &text("cert")?)?),
                Some("time") => {
                    let Value::Number(number) = value else {
                        return Err(error("token time constraint: must be a number"));
                    };
                    time = number.as_f64().ok_or_else(|| error("token time constraint: must be a number"))?;
                    if time < 0.0 {
                        return Err(error("token time constraint: must not be negative"));
                    }
                }
                _ => return Err(error("unknown token validation constraint")),
            }
        }
        // An empty text is no constraint.
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let keys = match (cert, given(secret)) {
            (Some(_), Some(_)) => return Err(error("duplicate key constraints")),
            (None, None) => return Err(error("no key constraint")),
            (Some(keys), None) => keys,
            (None, Some(secret)) => {
                vec![Key { key: PublicKey::Secret(secret.into_bytes()), algorithm: None, id: None }]
            }
        };
        let time = time / 1e9;
        Ok(Constraints { keys, algorithm: given(algorithm), issuer: given(issuer), audience: given(audience), time })
    }

    /// Whether the claims hold.
    pub fn hold(&self, payload: &Value) -> Result<bool, Fault> {
        if let Some(issuer) = &self.issuer {
            match payload.member("iss") {
                Some(Value::String(given)) if **given == **issuer => {}
                Some(Value::String(_)) | None => return Ok(false),
                Some(_) => return Err(error("iss value must be a string")),
            }
        }
        // A token that is meant for somebody is only valid for them.
        let meant = |audience: &Value| audience.as_str() == Some(self.audience.as_deref().unwrap_or_default());
        let for_us = match payload.member("aud") {
            None => self.audience.is_none(),
            Some(Value::Array(audiences)) => audiences.items().iter().any(meant),
            Some(audience) => meant(audience),
        };
        if !for_us {
            return Ok(false);
        }
        let time = |name: &str| match payload.member(name) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.as_f64().unwrap_or(f64::INFINITY))),
            Some(_) => Err(error(format!("{name} value must be a number"))),
        };
        Ok(time("exp")?.is_none_or(|end| self.time < end) && time("nbf")?.is_none_or(|start| self.time >= start))
    }
}
