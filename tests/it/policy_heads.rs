//! A head that is undefined for one element leaves that element out, and no other: a denial never vanishes.

use countersign::Pack;
use serde_json::json;

#[test]
fn an_undefined_head_loses_itself_alone() {
    for module in [
        "deny contains item.m if some item in input.items",
        "deny contains item.m if { some item in input.items }",
        "deny contains {\"message\": item.m} if some item in input.items",
        "deny contains sprintf(\"%s\", [item.m]) if {\n\tsome item in input.items # each\n}",
        "deny contains m if some m in found\n\nfound contains item.m if some item in input.items",
        "deny contains m if some m in found\n\nfound[index] := item.m if some index, item in input.items",
        "deny contains m if some m, _ in found\n\nfound[item.m] := item if some item in input.items",
        "deny contains m if some m, _ in found\n\nfound[item.m] if some item in input.items",
        "deny contains concat(\"\", [item.m]) if\n\tsome item in input.items\n\nother := 1",
    ] {
        let source = json!({ "files": { "a.rego": format!("package a\n\nimport rego.v1\n\n{module}\n") } });
        let pack = Pack::from_json(&source.to_string()).unwrap();
        for items in [json!([{ "m": "bad" }, {}]), json!([{}, { "m": "bad" }]), json!([{}, { "m": "bad" }, {}])] {
            let input = json!({ "documents": [{ "items": items }], "now": 0 });
            let report = serde_json::to_value(pack.check_json(&input.to_string()).unwrap()).unwrap();
            assert_eq!(report["verdict"], "fail", "{module}: {report}");
            assert_eq!(report["findings"][0]["message"], "bad", "{module}: {report}");
        }
        let none = pack.check_json(&json!({ "documents": [{ "items": [{}, {}] }], "now": 0 }).to_string()).unwrap();
        assert_eq!(serde_json::to_value(none).unwrap()["verdict"], "pass", "{module}");
    }
}
