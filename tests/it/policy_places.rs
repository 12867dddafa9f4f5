//! Where a finding is, if its policy does not say: the shipped packs say it, so what the engine found by itself is held
//! against that.

use countersign::Pack;
use serde_json::{Value, json};

use crate::{files_below, json_file, root};

/// Whether a place is the policy's own, the one above it, or one below it.
fn is_near(place: &str, at: &str) -> bool {
    let above = at.rsplit_once('/').map_or("", |(above, _)| above);
    place == at || place == above || place.strip_prefix(at).is_some_and(|rest| rest.starts_with('/'))
}

fn findings(pack: &str) -> Vec<(String, Value)> {
    let modules: serde_json::Map<_, _> = crate::policy::modules(&root().join("policies/deployment").join(pack))
        .into_iter()
        .map(|(name, text)| (name, Value::from(text)))
        .collect();
    let pack_of = Pack::from_json(&json!({ "files": modules }).to_string()).unwrap();
    let mut found = Vec::new();
    for file in files_below(&root().join("tests/cases").join(pack)).iter().filter(|file| file.ends_with("input.json")) {
        let folder = file.parent().unwrap().strip_prefix(root()).unwrap().to_str().unwrap();
        let case = json_file(&format!("{folder}/case.json"));
        let documents = json_file(&format!("{folder}/input.json"));
        let input =
            json!({ "documents": documents, "data": case["data"], "params": case["params"], "now": case["now"] });
        let Ok(report) = pack_of.check_json(&input.to_string()) else { continue };
        let report = serde_json::to_value(&report).unwrap();
        found.extend(report["findings"].as_array().unwrap().iter().map(|finding| (folder.to_owned(), finding.clone())));
    }
    found
}

#[test]
fn a_finding_is_where_the_policy_says_it_is() {
    let (mut all, mut first, mut three) = (0, 0, 0);
    for pack in ["api-lifecycle", "coze-migration", "kubernetes"] {
        for (case, finding) in findings(pack) {
            let (Some(at), Some(reads)) = (finding["at"].as_str(), finding["reads"].as_array()) else { continue };
            let near: Vec<bool> = reads.iter().map(|read| is_near(read["at"].as_str().unwrap(), at)).collect();
            let (is_first, is_third) = (near.first() == Some(&true), near.iter().take(3).any(|near| *near));
            all += 1;
            first += usize::from(is_first);
            three += usize::from(is_third);
            if !is_first {
                let places: Vec<_> = reads.iter().take(6).map(|read| read["at"].as_str().unwrap()).collect();
                println!(
                    "{} {case}: {} is at {at}, not {}",
                    if is_third { "2-3" } else { "far" },
                    finding["code"],
                    places.join(" ")
                );
            }
        }
    }
    println!("{first} and {three} of {all}: {} % and {} %", first * 100 / all, three * 100 / all);
    assert!(all > 200, "only {all} findings");
}
