//! A sender of each scheme, written from the providers' documents and not from the crate: what it signs,
//! and how it sends it. Every part can be made wrong.

use countersign::Request;
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Digest;

pub const NOW: i64 = 1_717_030_000;

/// The shipped contracts that sign with an HMAC, or with a digest that has the key in it.
pub const SCHEMES: [&str; 18] = [
    "sub2api",
    "standard-webhooks",
    "svix",
    "stripe",
    "github",
    "slack",
    "shopify",
    "paddle",
    "line",
    "square",
    "hubspot-v1",
    "hubspot-v2",
    "hubspot-v3",
    "feishu",
    "twilio",
    "twilio-json",
    "coze-kb",
    "shopify-app-proxy",
];

/// What a form scheme sends.
pub const FORM: [(&str, &str); 6] = [
    ("To", "+15551234567"),
    ("From", "+15557654321"),
    ("Body", "Zoë says: 50% off & more = \"fun\" (ok)!"),
    ("City", "Straße*Nord ~1"),
    ("Empty", ""),
    ("AccountSid", "AC9f2b"),
];

/// One delivery: what is signed, and what is sent.
#[derive(Clone)]
pub struct Sender {
    pub scheme: &'static str,
    /// As the receiver is given it.
    pub key: String,
    /// As bytes, in place of the text.
    pub key_bytes: Option<Vec<u8>>,
    /// The bytes that the sender keys its MAC with.
    pub used: Vec<u8>,
    pub algorithm: &'static str,
    /// Of a form scheme: the sorted parameters.
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
            "standard-webhooks" | "svix" => format!("whsec_{}", BASE64.encode(secret)),
            "stripe" => format!("whsec_{}", HEXLOWER.encode(secret)),
            "line" => HEXLOWER.encode(secret),
            "twilio" | "twilio-json" => HEXLOWER.encode(&secret[..16]),
            "hubspot-v3" => BASE64.encode(secret),
            _ => format!("k{}", HEXLOWER.encode(secret).to_uppercase().replace('0', "z")),
        };
        let used = if matches!(scheme, "standard-webhooks" | "svix") { secret.to_vec() } else { key.clone().into() };
        let (time, url) = match scheme {
            "hubspot-v2" | "hubspot-v3" => {
                (format!("{NOW}000"), "https://app.example.com/hooks/crm?portal=62515&tags=a%2Cb".to_owned())
            }
            "square" | "twilio" | "twilio-json" => {
                (NOW.to_string(), "https://app.example.com/hooks/in?site=eu&tags=a%2Cb".to_owned())
            }
            "coze-kb" => {
                let time = "2024-05-30T00:46:40Z".to_owned();
                let query = format!("timestamp={time}&action=list&nonce=a1b2c3d4e5f67890&ids=7%2C9");
                (time, format!("/v1/kb/42/documents?{query}"))
            }
            "shopify-app-proxy" => {
                let query = "shop=one.myshopify.com&path_prefix=%2Fapps%2Fone&extra=1&extra=2&note=a%20b";
                (NOW.to_string(), format!("/proxy?{query}&timestamp={NOW}"))
            }
            _ => (NOW.to_string(), "/hooks".to_owned()),
        };
        let (signed_body, body) = match scheme {
            "twilio" => (sorted(&FORM), form(&FORM).into_bytes()),
            _ => (body.as_bytes().to_vec(), body.as_bytes().to_vec()),
        };
        Sender {
            scheme,
            used,
            key,
            key_bytes: None,
            algorithm: match scheme {
                "twilio" | "twilio-json" => "sha1",
                "hubspot-v1" | "hubspot-v2" | "feishu" => "digest-sha256",
                _ => "sha256",
            },
            signed_body,
            body,
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

    /// Whether the body is JSON, or any bytes, and signed.
    pub fn signs_body(&self) -> bool {
        !matches!(self.scheme, "coze-kb" | "shopify-app-proxy" | "twilio")
    }

    /// Whether its bytes are: not a digest of them in the URL.
    pub fn signs_bytes(&self) -> bool {
        self.signs_body() && self.scheme != "twilio-json"
    }

    pub fn signs_url(&self) -> bool {
        matches!(self.scheme, "hubspot-v2" | "hubspot-v3" | "square" | "twilio" | "twilio-json")
    }

    pub fn signs_time(&self) -> bool {
        let headers = matches!(self.scheme, "sub2api" | "standard-webhooks" | "svix" | "stripe" | "slack" | "paddle");
        headers || matches!(self.scheme, "hubspot-v3" | "feishu") || self.in_query()
    }

    /// Whether the time stands in the query, which is what is signed.
    pub fn in_query(&self) -> bool {
        matches!(self.scheme, "coze-kb" | "shopify-app-proxy")
    }

    pub fn in_base64(&self) -> bool {
        let list = matches!(self.scheme, "standard-webhooks" | "svix" | "shopify" | "line" | "hubspot-v3");
        list || matches!(self.scheme, "square" | "twilio" | "twilio-json")
    }

    pub fn is_digest(&self) -> bool {
        matches!(self.scheme, "hubspot-v1" | "hubspot-v2" | "feishu")
    }

    /// The whole URL: of one scheme with the digest of the body in it.
    fn address(&self, url: &str) -> String {
        match self.scheme {
            "twilio-json" => {
                format!("{url}&bodySHA256={}", HEXLOWER.encode(&sha2::Sha256::digest(&self.signed_body)))
            }
            _ => url.to_owned(),
        }
    }

    pub fn signed(&self) -> Vec<u8> {
        let time = self.signed_time.as_bytes();
        let (body, key, method) = (self.signed_body.as_slice(), self.used.as_slice(), self.signed_method.as_bytes());
        let url = self.address(&self.signed_url);
        match self.scheme {
            "sub2api" | "stripe" => [time, b".", body].concat(),
            "standard-webhooks" | "svix" => [b"msg_1.", time, b".", body].concat(),
            "slack" => [b"v0:", time, b":", body].concat(),
            "paddle" => [time, b":", body].concat(),
            "square" | "twilio" => [url.as_bytes(), body].concat(),
            "twilio-json" => url.into_bytes(),
            "hubspot-v1" => [key, body].concat(),
            "hubspot-v2" => [key, method, url.as_bytes(), body].concat(),
            "hubspot-v3" => [method, url.as_bytes(), body, time].concat(),
            "feishu" => [time, b"n0nce", key, body].concat(),
            "coze-kb" => {
                let (path, query) = self.signed_url.split_once('?').unwrap();
                let mut pairs: Vec<&str> = query.split('&').collect();
                pairs.sort_unstable();
                format!("{}|{path}|{}", self.signed_method, pairs.join("&")).into_bytes()
            }
            "shopify-app-proxy" => parameters(&self.signed_url).concat().into_bytes(),
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
            url: self.address(&self.url),
            headers: self.extra.clone(),
            body: self.body.clone(),
            mac,
        };
        let form = if self.scheme == "twilio" { "x-www-form-urlencoded" } else { "json" };
        delivered.headers.push(("content-type".into(), format!("application/{form}")));
        if self.in_query() {
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
            "svix" => ("svix-signature", shaped(format!("v1,{text}"))),
            "stripe" => ("Stripe-Signature", format!("t={time},{}", shaped(format!("v1={text}")))),
            "github" => ("X-Hub-Signature-256", shaped(format!("sha256={text}"))),
            "slack" => ("X-Slack-Signature", shaped(format!("v0={text}"))),
            "shopify" => ("X-Shopify-Hmac-Sha256", shaped(text.into())),
            "paddle" => ("Paddle-Signature", format!("ts={time};{}", shaped(format!("h1={text}")))),
            "line" => ("X-Line-Signature", shaped(text.into())),
            "square" => ("X-Square-HmacSha256-Signature", shaped(text.into())),
            "hubspot-v1" | "hubspot-v2" => ("X-HubSpot-Signature", shaped(text.into())),
            "hubspot-v3" => ("X-HubSpot-Signature-v3", shaped(text.into())),
            "feishu" => ("X-Lark-Signature", shaped(text.into())),
            "twilio" | "twilio-json" => ("X-Twilio-Signature", shaped(text.into())),
            _ => ("", shaped(text.into())),
        };
        let time_header = match self.scheme {
            "sub2api" => Some("X-CS-Timestamp"),
            "standard-webhooks" => Some("webhook-timestamp"),
            "svix" => Some("svix-timestamp"),
            "slack" => Some("X-Slack-Request-Timestamp"),
            "hubspot-v3" => Some("X-HubSpot-Request-Timestamp"),
            "feishu" => Some("X-Lark-Request-Timestamp"),
            _ => None,
        };
        if let Some(header) = time_header.filter(|_| !self.without_time) {
            put(header, time.to_owned());
        }
        match self.scheme {
            "standard-webhooks" => put("webhook-id", "msg_1".into()),
            "svix" => put("svix-id", "msg_1".into()),
            "feishu" => put("X-Lark-Request-Nonce", "n0nce".into()),
            "hubspot-v1" | "hubspot-v2" => {
                put("X-HubSpot-Signature-Version", self.scheme.trim_start_matches("hubspot-").into());
            }
            _ => {}
        }
        match (self.header, name) {
            (Some(other), _) => put(other, value),
            (None, "") => delivered.url.push_str(&format!("&signature={value}")),
            (None, name) => put(name, value),
        }
    }
}

/// As browsers write a form.
pub fn form(pairs: &[(&str, &str)]) -> String {
    written(pairs, b"*-._", "+")
}

/// With what stays unescaped, and what a space becomes.
pub fn written(pairs: &[(&str, &str)], safe: &[u8], space: &str) -> String {
    let encode = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b' ' => space.to_owned(),
            byte if byte.is_ascii_alphanumeric() || safe.contains(&byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    pairs.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// Names and values side by side, in the order of names.
pub fn sorted(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut pairs = pairs.to_vec();
    pairs.sort_unstable();
    pairs.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()].concat()).collect()
}

/// The decoded parameters of the app proxy's query, sorted, those of one name joined by commas.
pub fn parameters(url: &str) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    for pair in url.split_once('?').unwrap().1.split('&') {
        let (name, value) = pair.split_once('=').unwrap();
        let value = value.replace("%2F", "/").replace("%20", " ").replace('+', " ");
        match pairs.iter_mut().find(|known| known.starts_with(&format!("{name}="))) {
            Some(known) => known.push_str(&format!(",{value}")),
            None => pairs.push(format!("{name}={value}")),
        }
    }
    pairs.sort_unstable();
    pairs
}

pub fn mac(algorithm: &str, key: &[u8], bytes: &[u8]) -> Vec<u8> {
    fn of<M: Mac + KeyInit>(key: &[u8], bytes: &[u8]) -> Vec<u8> {
        let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
        mac.update(bytes);
        mac.finalize().into_bytes().to_vec()
    }
    match algorithm {
        "digest-sha1" => sha1::Sha1::digest(bytes).to_vec(),
        "digest-sha256" => sha2::Sha256::digest(bytes).to_vec(),
        "sha1" => of::<Hmac<sha1::Sha1>>(key, bytes),
        "sha384" => of::<Hmac<sha2::Sha384>>(key, bytes),
        "sha512" => of::<Hmac<sha2::Sha512>>(key, bytes),
        _ => of::<Hmac<sha2::Sha256>>(key, bytes),
    }
}
