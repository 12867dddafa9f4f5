//! Every component value that RFC 9421 prints for a request, one row each, and those that may not be made.
//! A row holds if a signature over that very value verifies.

use countersign::{Check, Gate, Request};
use serde_json::json;

use crate::httpsig::{BODY, codes, contract, gate, options, set, signed};

/// What the signature stage says of a request whose one covered component is said to have this value.
fn judged(method: &str, url: &str, headers: &[(&str, &str)], component: &str, value: &str) -> Vec<String> {
    let mut all = signed("sig1", &[(component, value)], "");
    all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let gate = gate(json!({ "components": [] }));
    let verdict = gate.check(&Request::new(method, url, &all, BODY), &Check::default());
    let findings = verdict.findings.iter().filter(|finding| format!("{:?}", finding.stage) == "Signature");
    findings.map(|finding| finding.code.to_string()).collect()
}

fn holds(method: &str, url: &str, headers: &[(&str, &str)], rows: &[(&str, &str)]) {
    for (component, value) in rows {
        let found = judged(method, url, headers, component, value);
        assert!(found.is_empty(), "{component}: {value} -> {found:?}");
        let other = judged(method, url, headers, component, &format!("{value}?"));
        assert_eq!(other, ["signature-mismatch"], "{component}: {value}?");
    }
}

fn fails(method: &str, url: &str, headers: &[(&str, &str)], rows: &[(&str, &str, &str)]) {
    for (component, value, code) in rows {
        assert_eq!(judged(method, url, headers, component, value), [*code], "{component}: {value}");
    }
}

const HOST: (&str, &str) = ("Host", "www.example.com");

/// Section 2.1. `Example-Dict` is no field that is registered: with parameters `Priority` stands for it,
/// which is a dictionary too.
#[test]
fn fields() {
    let headers = [
        HOST,
        ("Date", "Tue, 20 Apr 2021 02:07:56 GMT"),
        ("X-OWS-Header", "   Leading and trailing whitespace.   "),
        ("Cache-Control", "max-age=60"),
        ("Cache-Control", "   must-revalidate"),
        ("Example-Dict", "  a=1,    b=2;x=1;y=2,   c=(a   b   c)"),
        ("X-Empty-Header", " "),
    ];
    let rows = [
        ("\"host\"", "www.example.com"),
        ("\"date\"", "Tue, 20 Apr 2021 02:07:56 GMT"),
        ("\"x-ows-header\"", "Leading and trailing whitespace."),
        ("\"cache-control\"", "max-age=60, must-revalidate"),
        ("\"example-dict\"", "a=1,    b=2;x=1;y=2,   c=(a   b   c)"),
        ("\"x-empty-header\"", ""),
    ];
    holds("POST", "/", &headers, &rows);
    // RFC 9112, section 5.2, lets a server refuse a folded line, and the request stage does.
    let folded = [HOST, ("X-Obs-Fold-Header", "Obsolete\r\n    line folding.")];
    fails("POST", "/", &folded, &[("\"x-obs-fold-header\"", "Obsolete line folding.", "httpsig-component")]);
}

/// Section 2.1.1.
#[test]
fn strict_fields() {
    let headers = [
        ("Priority", "  a=1,    b=2;x=1;y=2,   c=(a   b   c)"),
        ("Example-Dict", "a=1"),
        ("Client-Cert", ":AAAA:;  a"),
        ("Client-Cert-Chain", ":AAAA:  ,\t:AAAB:"),
        ("Client-Cert-Chain", " (1.50 -0.0 00.5  007);x=?1;y=?0"),
        ("Want-Repr-Digest", ""),
        ("Repr-Digest", "sha-256"),
        ("Signature-Input", "sig1=(\"priority\";sf)"),
        ("Accept-Signature", "a=1, b=2, a=3"),
        ("Want-Content-Digest", "a;x=1;x=2"),
        ("Content-Digest", "a=1,"),
    ];
    let rows = [
        ("\"priority\"", "a=1,    b=2;x=1;y=2,   c=(a   b   c)"),
        ("\"priority\";sf", "a=1, b=2;x=1;y=2, c=(a b c)"),
        ("\"client-cert\";sf", ":AAAA:;a"),
        ("\"client-cert-chain\";sf", ":AAAA:, :AAAB:, (1.5 0.0 0.5 7);x;y=?0"),
        ("\"want-repr-digest\";sf", ""),
        ("\"repr-digest\";sf", "sha-256"),
    ];
    holds("POST", "/", &headers[..7], &rows);
    let code = "httpsig-component";
    let rows = [
        ("\"example-dict\";sf", "a=1", code),
        ("\"dictionary-id\";sf", "", code),
        ("\"priority\";sf;sf", "", code),
        ("\"priority\";sf=?0", "", code),
        ("\"priority\";sf=1", "", code),
        ("\"@path\";sf", "/", code),
        ("\"priority\";tr", "", code),
        ("\"priority\";req", "", code),
        ("\"@path\";req", "/", code),
        ("\"priority\";other", "", code),
        // A name twice: RFC 9651 takes the last, and whoever takes the first reads what nobody signed.
        ("\"accept-signature\";sf", "a=3, b=2", code),
        ("\"accept-signature\";key=\"a\"", "3", code),
        ("\"want-content-digest\";sf", "a;x=2", code),
    ];
    let rest = [&headers[..2], &headers[8..10]].concat();
    fails("POST", "/", &rest, &rows);
    for value in ["a=1,", "a=(1", "\"", "a=\u{e9}"] {
        fails("POST", "/", &[("Priority", value)], &[("\"priority\";sf", value, code)]);
    }
    fails("POST", "/", &[("Client-Cert", ":AAAA:, :AAAA:")], &[("\"client-cert\";sf", ":AAAA:, :AAAA:", code)]);
    fails("POST", "/", &[("Client-Cert-Chain", "a,,b")], &[("\"client-cert-chain\";sf", "a, b", code)]);
}

/// Section 2.1.2.
#[test]
fn members_of_dictionaries() {
    let headers = [("Priority", "  a=1, b=2;x=1;y=2"), ("Priority", "c=(a   b    c), d"), ("Client-Cert", ":AAAA:")];
    let rows = [
        ("\"priority\";key=\"a\"", "1"),
        ("\"priority\";key=\"d\"", "?1"),
        ("\"priority\";key=\"b\"", "2;x=1;y=2"),
        ("\"priority\";key=\"c\"", "(a b c)"),
        ("\"priority\";sf;key=\"a\"", "1"),
        ("\"priority\";key=\"a\";sf", "1"),
    ];
    holds("POST", "/", &headers, &rows);
    let rows = [
        ("\"priority\";key=\"e\"", "1"),
        ("\"priority\";key", "1"),
        ("\"priority\";key=a", "1"),
        ("\"priority\";key=\"a\";key=\"b\"", "1"),
        ("\"client-cert\";key=\"a\"", "1"),
        ("\"example-dict\";key=\"c\"", "1"),
    ]
    .map(|(component, value)| (component, value, "httpsig-component"));
    fails("POST", "/", &headers, &rows);
    // The order of parameters tells two components apart no more than it does two names.
    let twice = signed("s", &[("\"priority\";key=\"a\";sf", "1"), ("\"priority\";sf;key=\"a\"", "1")], "");
    let all: Vec<_> = twice.into_iter().chain([("Priority".to_owned(), "a=1".to_owned())]).collect();
    let verdict = gate(json!({ "components": [] })).check(&Request::new("POST", "/", &all, BODY), &Check::default());
    assert_eq!(codes(&verdict), set("httpsig-component"), "{}", verdict.to_json());
}

/// Section 2.1.3.
#[test]
fn byte_sequences() {
    let two = [("Example-Header", "value, with, lots"), ("Example-Header", "of, commas")];
    let one = [("Example-Header", "value, with, lots, of, commas")];
    let component = "\"example-header\";bs";
    holds("POST", "/", &two, &[("\"example-header\"", "value, with, lots, of, commas")]);
    holds("POST", "/", &one, &[("\"example-header\"", "value, with, lots, of, commas")]);
    holds("POST", "/", &two, &[(component, ":dmFsdWUsIHdpdGgsIGxvdHM=:, :b2YsIGNvbW1hcw==:")]);
    holds("POST", "/", &one, &[(component, ":dmFsdWUsIHdpdGgsIGxvdHMsIG9mLCBjb21tYXM=:")]);
    // Every character is a byte, as runtimes hand headers over; what is none has no value.
    holds("POST", "/", &[("Example-Header", "\u{e9}")], &[(component, ":6Q==:")]);
    let code = "httpsig-component";
    fails("POST", "/", &[("Example-Header", "\u{20ac}")], &[(component, ":4oKs:", code)]);
    let both =
        [("\"priority\";bs;sf", "", code), ("\"priority\";key=\"a\";bs", "", code), ("\"priority\";bs;bs", "", code)];
    fails("POST", "/", &[("Priority", "a=1")], &both);
}

/// Sections 2.2.1 to 2.2.9.
#[test]
fn derived_components() {
    let rows = [
        ("\"@method\"", "POST"),
        ("\"@target-uri\"", "https://www.example.com/path?param=value"),
        ("\"@authority\"", "www.example.com"),
        ("\"@request-target\"", "/path?param=value"),
        ("\"@path\"", "/path"),
        ("\"@query\"", "?param=value"),
    ];
    holds("POST", "/path?param=value", &[HOST], &rows);
    holds("POST", "http://www.example.com/path?param=value", &[HOST], &[("\"@scheme\"", "http")]);
    holds("CONNECT", "www.example.com:80", &[HOST], &[("\"@request-target\"", "www.example.com:80")]);
    holds("OPTIONS", "*", &[HOST], &[("\"@request-target\"", "*")]);
    let baz = [("\"@query\"", "?param=value&foo=bar&baz=bat%2Dman")];
    holds("GET", "/path?param=value&foo=bar&baz=bat%2Dman", &[HOST], &baz);
    holds("POST", "/path?queryString", &[HOST], &[("\"@query\"", "?queryString")]);
    holds("POST", "/path", &[HOST], &[("\"@query\"", "?")]);
    holds("POST", "https://www.example.com", &[], &[("\"@path\"", "/")]);
    let rows = [
        ("\"@query-param\";name=\"baz\"", "batman"),
        ("\"@query-param\";name=\"qux\"", ""),
        ("\"@query-param\";name=\"param\"", "value"),
    ];
    holds("GET", "/path?param=value&foo=bar&baz=batman&qux=", &[HOST], &rows);
    let url = "/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something";
    let rows = [
        ("\"@query-param\";name=\"var\"", "this%20is%20a%20big%0Amultiline%20value"),
        ("\"@query-param\";name=\"bar\"", "with%20plus%20whitespace"),
        ("\"@query-param\";name=\"fa%C3%A7ade%22%3A%20\"", "something"),
    ];
    holds("GET", url, &[HOST], &rows);
    let rows = [
        // Not encoded, as the RFC prints what would be invalid.
        ("\"@query-param\";name=\"bar\"", "with plus whitespace", "signature-mismatch"),
        ("\"@query-param\";name=\"var\"", "this is a big\nmultiline value", "signature-mismatch"),
        ("\"@query-param\";name=\"fa\u{e7}ade\\\": \"", "something", "signature-malformed"),
        ("\"@query-param\";name=\"absent\"", "", "httpsig-component"),
        ("\"@status\"", "200", "httpsig-component"),
        ("\"@unknown\"", "", "httpsig-component"),
        ("\"@signature-params\"", "", "httpsig-component"),
    ];
    fails("GET", url, &[HOST], &rows);
    // Who sends the absolute form speaks to a proxy: a receiver is told the URL, and not its form.
    let absolute = "https://www.example.com/path?param=value";
    fails("GET", absolute, &[], &[("\"@request-target\"", absolute, "signature-mismatch")]);
}

/// A contract may ask for them too, and says what they speak for.
#[test]
fn a_contract_asks_for_components_with_parameters() {
    let ask = |component: &str, headers: &[(&str, &str)], covered: (&str, &str)| {
        let document = contract(json!({ "components": [component] }));
        let gate = Gate::compile(&document.to_string(), options("k1")).unwrap();
        let mut all = signed("s", &[covered], "");
        all.extend(headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let verdict = gate.check(&Request::new("POST", "/", &all, BODY), &Check::default());
        (codes(&verdict), verdict.signature.map(|signature| signature.covers.to_vec()).unwrap_or_default())
    };
    let digest = data_encoding::BASE64.encode(&<sha2::Sha256 as sha2::Digest>::digest(BODY));
    let header = format!("sha-256=:{digest}:, md5=:AAAA:");
    let (name, value) = ("content-digest;key=\"sha-256\"", format!(":{digest}:"));
    let own = [("Content-Digest", header.as_str())];
    let (found, covers) = ask(name, &own, ("\"content-digest\";key=\"sha-256\"", &value));
    assert_eq!((found, covers), (set(""), vec!["body".to_owned()]));
    let (found, covers) = ask("content-digest;key=\"md5\"", &own, ("\"content-digest\";key=\"md5\"", ":AAAA:"));
    assert_eq!((found, covers), (set(""), vec![]));
    let other = header.replace(&digest, &data_encoding::BASE64.encode(&[0; 32]));
    let own = [("Content-Digest", other.as_str())];
    let value = format!(":{}:", data_encoding::BASE64.encode(&[0; 32]));
    assert_eq!(ask(name, &own, ("\"content-digest\";key=\"sha-256\"", &value)).0, set("digest-mismatch"));
    let (found, covers) = ask("x-list;bs", &[("X-List", "a")], ("\"x-list\";bs", ":YQ==:"));
    assert_eq!((found, covers), (set(""), vec!["header:x-list".to_owned()]));
    // Another form of the same field is another component.
    assert_eq!(ask("x-list;bs", &[("X-List", "a")], ("\"x-list\"", "a")).0, set("httpsig-component"));
    let either = ask("priority;sf;key=\"u\"", &[("Priority", "u=1")], ("\"priority\";key=\"u\";sf", "1"));
    assert_eq!(either.0, set(""));
}

/// The sender chooses how many members and parameters it names: each field and the query are read once for all
/// of them. Read for each, this took 51 s.
#[test]
fn many_components_cost_one_reading() {
    let (mut members, mut lines) = (Vec::new(), Vec::new());
    for index in 0..1_000 {
        members.push(format!("k{index}={index}"));
        lines.push((format!("\"priority\";key=\"k{index}\""), index.to_string()));
        lines.push((format!("\"@query-param\";name=\"k{index}\""), index.to_string()));
    }
    let ballast = format!("z=({})", "1 ".repeat(3_000));
    let priority = [members.join(", "), ballast.clone()].join(", ");
    let url = format!("https://hooks.example.org/?{}&{}", members.join("&"), "y=1&".repeat(20_000));
    let lines: Vec<(&str, &str)> = lines.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut headers = signed("s", &lines, "");
    headers.push(("Priority".into(), priority));
    let gate = Gate::compile(
        &contract(json!({ "components": [] })).to_string(),
        with!(options("k1"); limits: with!(countersign::Limits::default(); header_bytes: 1 << 20, url_bytes: 1 << 20)),
    )
    .unwrap();
    let started = std::time::Instant::now();
    let verdict = gate.check(&Request::new("POST", &url, &headers, BODY), &Check::default());
    assert_eq!(codes(&verdict), set(""), "{}", verdict.to_json());
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}
