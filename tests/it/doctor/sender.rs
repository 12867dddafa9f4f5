//! A sender of each scheme, written from the providers' documents and not from the crate: what it signs,
//! and how it sends it. Every part can be made wrong.

use countersign::Request;
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};

pub const NOW: i64 = 1_717_030_000;

pub const SCHEMES: [&str; 10] =
    ["sub2api", "standard-webhooks", "stripe", "github", "slack", "shopify", "paddle", "line", "hubspot-v3", "coze-kb"];

/// One delivery: what is signed, and what is sent.
#[derive(Clone)]
pub struct Sender {
    pub scheme: &'static str,
    /// As the receiver is given it.
    pub key: String,
    /// The bytes that the sender keys its MAC with.
    pub used: Vec<u8>,
    pub algorithm: &'static str,
    pub signed_body: Vec<u8>,
    pub body: Vec<u8>,
    pub signed_time: String,
    pub time: String,
    pub signed_method: String,
    pub signed_url: String,
    pub url: String,
    /// The signed bytes, in place of the scheme's.
    pub template: Option<fn(&Sender) -> Vec<u8>>,
    /// The MAC as text, in place of the scheme's encoding.
    pub encode: Option<fn(&[u8]) -> String>,
    /// The whole value of the signature, from the encoded MAC, in place of the scheme's shape.
    pub shape: Option<fn(&str) -> String>,
    /// The header of the signature, in place of the scheme's.
    pub header: Option<&'static str>,
    pub extra: Vec<(String, String)>,
    pub without_time: bool,
}

/// A request with its own parts.
pub struct Delivered {
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// For the test that looks for it.
    pub mac: Vec<u8>,
}

impl Delivered {
    pub fn request(&self) -> Request<'_> {
        Request::new(self.method, &self.url, &self.headers, &self.body)
    }
}

impl Sender {
    pub fn new(scheme: &'static str, secret: &[u8], body: &str) -> Sender {
        let key = match scheme {
            "standard-webhooks" => format!("whsec_{}", BASE64.encode(secret)),
            "stripe" => format!("whsec_{}", HEXLOWER.encode(secret)),
            "line" => HEXLOWER.encode(secret),
            "hubspot-v3" => BASE64.encode(secret),
            _ => format!("k{}", HEXLOWER.encode(secret).to_uppercase().replace('0', "z")),
        };
        let used = if scheme == "standard-webhooks" { secret.to_vec() } else { key.clone().into_bytes() };
        let (time, url) = match scheme {
            "hubspot-v3" => (format!("{NOW}000"), "https://app.example.com/hooks/crm?portal=62515".to_owned()),
            "coze-kb" => {
                let time = "2024-05-30T00:46:40Z".to_owned();
                let query = format!("timestamp={time}&action=list&nonce=a1b2c3d4e5f67890&ids=7%2C9");
                (time, format!("/v1/kb/42/documents?{query}"))
            }
            _ => (NOW.to_string(), "/hooks".to_owned()),
        };
        Sender {
            scheme,
            used,
            key,
            algorithm: "sha256",
            signed_body: body.as_bytes().to_vec(),
            body: body.as_bytes().to_vec(),
            signed_time: time.clone(),
            time,
            signed_method: "POST".into(),
            signed_url: url.clone(),
            url,
            template: None,
            encode: None,
            shape: None,
            header: None,
            extra: Vec::new(),
            without_time: false,
        }
    }

    pub fn signs_body(&self) -> bool {
        self.scheme != "coze-kb"
    }

    pub fn signs_time(&self) -> bool {
        !matches!(self.scheme, "github" | "shopify" | "line")
    }

    pub fn in_base64(&self) -> bool {
        matches!(self.scheme, "standard-webhooks" | "shopify" | "line" | "hubspot-v3")
    }

    pub fn signed(&self) -> Vec<u8> {
        let time = self.signed_time.as_bytes();
        let body = self.signed_body.as_slice();
        match self.scheme {
            "sub2api" | "stripe" => [time, b".", body].concat(),
            "standard-webhooks" => [b"msg_1.", time, b".", body].concat(),
            "slack" => [b"v0:", time, b":", body].concat(),
            "paddle" => [time, b":", body].concat(),
            "hubspot-v3" => [self.signed_method.as_bytes(), self.signed_url.as_bytes(), body, time].concat(),
            "coze-kb" => {
                let (path, query) = self.signed_url.split_once('?').unwrap();
                let query = query.replace(&self.time, &self.signed_time);
                let mut pairs: Vec<&str> = query.split('&').collect();
                pairs.sort_unstable();
                format!("{}|{path}|{}", self.signed_method, pairs.join("&")).into_bytes()
            }
            _ => body.to_vec(),
        }
    }

    pub fn send(&self) -> Delivered {
        let signed = self.template.map_or_else(|| self.signed(), |template| template(self));
        let mac = mac(self.algorithm, &self.used, &signed);
        let plain = if self.in_base64() { BASE64.encode(&mac) } else { HEXLOWER.encode(&mac) };
        let text = self.encode.map_or(plain, |encode| encode(&mac));
        let mut delivered = Delivered {
            method: "POST",
            url: self.url.replace(&self.signed_time, &self.time),
            headers: self.extra.clone(),
            body: self.body.clone(),
            mac,
        };
        delivered.headers.push(("content-type".into(), "application/json".into()));
        if !self.signs_body() {
            delivered.body.clear();
        }
        self.place(&text, &mut delivered);
        delivered
    }

    fn place(&self, text: &str, delivered: &mut Delivered) {
        let time = self.time.as_str();
        let mut put = |name: &str, value: String| delivered.headers.push((name.to_owned(), value));
        let shaped = |usual: String| self.shape.map_or(usual, |shape| shape(text));
        let (name, value) = match self.scheme {
            "sub2api" => ("X-CS-Signature", shaped(text.into())),
            "standard-webhooks" => ("webhook-signature", shaped(format!("v1,{text}"))),
            "stripe" => ("Stripe-Signature", format!("t={time},{}", shaped(format!("v1={text}")))),
            "github" => ("X-Hub-Signature-256", shaped(format!("sha256={text}"))),
            "slack" => ("X-Slack-Signature", shaped(format!("v0={text}"))),
            "shopify" => ("X-Shopify-Hmac-Sha256", shaped(text.into())),
            "paddle" => ("Paddle-Signature", format!("ts={time};{}", shaped(format!("h1={text}")))),
            "line" => ("X-Line-Signature", shaped(text.into())),
            "hubspot-v3" => ("X-HubSpot-Signature-v3", shaped(text.into())),
            _ => ("", shaped(text.into())),
        };
        let time_header = match self.scheme {
            "sub2api" => Some("X-CS-Timestamp"),
            "standard-webhooks" => Some("webhook-timestamp"),
            "slack" => Some("X-Slack-Request-Timestamp"),
            "hubspot-v3" => Some("X-HubSpot-Request-Timestamp"),
            _ => None,
        };
        if let Some(header) = time_header.filter(|_| !self.without_time) {
            put(header, time.to_owned());
        }
        if self.scheme == "standard-webhooks" {
            put("webhook-id", "msg_1".into());
        }
        match (self.header, name) {
            (Some(other), _) => put(other, value),
            (None, "") => delivered.url.push_str(&format!("&signature={value}")),
            (None, name) => put(name, value),
        }
    }
}

pub fn mac(algorithm: &str, key: &[u8], bytes: &[u8]) -> Vec<u8> {
    fn of<M: Mac + KeyInit>(key: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
        mac.update(bytes);
        mac.finalize().into_bytes().to_vec()
    }
    match algorithm {
        "sha1" => of::<Hmac<sha1::Sha1>>(key, bytes),
        "sha384" => of::<Hmac<sha2::Sha384>>(key, bytes),
        "sha512" => of::<Hmac<sha2::Sha512>>(key, bytes),
        _ => of::<Hmac<sha2::Sha256>>(key, bytes),
    }
}
