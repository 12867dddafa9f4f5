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

/// A place that was read; of what is not there the place that it is missing from.
fn place(read: &Value, document: &Value) -> String {
    let mut at = read["at"].as_str().unwrap();
    while read["absent"] == true && document.pointer(at).is_none() {
        at = at.rsplit_once('/').unwrap().0;
    }
    at.to_owned()
}

/// The case, the finding, and the places that it rests on.
fn findings(pack: &str) -> Vec<(String, Value, Vec<String>)> {
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
        for finding in report["findings"].as_array().unwrap() {
            let (Some(number), Some(reads)) = (finding["document"].as_u64(), finding["reads"].as_array()) else {
                continue;
            };
            let document = &documents[usize::try_from(number).unwrap()];
            let places = reads.iter().map(|read| place(read, document)).collect();
            found.push((folder.to_owned(), finding.clone(), places));
        }
    }
    found
}

#[test]
fn a_finding_is_where_the_policy_says_it_is() {
    let (mut all, mut first, mut three) = (0, 0, 0);
    for pack in ["api-lifecycle", "coze-migration", "kubernetes"] {
        for (case, finding, places) in findings(pack) {
            let Some(at) = finding["at"].as_str() else { continue };
            let near: Vec<bool> = places.iter().map(|place| is_near(place, at)).collect();
            let (is_first, is_one) = (near.first() == Some(&true), near.iter().take(3).any(|near| *near));
            all += 1;
            first += usize::from(is_first);
            three += usize::from(is_one);
            if !is_first {
                let rank = if is_one { "not first" } else { "not in three" };
                println!("{rank}: {case}: {} at {at}: {}", finding["code"], places.join(" "));
            }
        }
    }
    println!("{first} and {three} of {all}: {} % and {} %", first * 100 / all, three * 100 / all);
    assert!(all > 160, "only {all} findings");
    assert!(first * 100 >= all * 85 && three * 100 >= all * 95, "{first} and {three} of {all}");
}

/// What all findings of a rule rest on is looked into once, not once for each. Where it was, a thousand took minutes.
#[test]
fn many_findings_of_a_rule_about_the_set_are_placed_soon() {
    let policy = "package p\n\
        # METADATA\n# custom:\n#   subject: set\n\
        deny contains {\"message\": \"found\", \"document\": index} if {\n\
            some index, document in data.documents\n\
            document.kind == \"Pod\"\n\
            not document.metadata.name in others\n\
        }\n\
        others contains document.metadata.name if {\n\
            some document in data.documents\n\
            document.kind != \"Pod\"\n\
        }\n";
    let pack = Pack::from_json(&json!({ "files": { "p.rego": policy } }).to_string()).unwrap();
    let pod =
        |number: usize| json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": format!("p{number}") } });
    let mut places = Vec::new();
    for count in [10, 100, 1000] {
        let begin = std::time::Instant::now();
        let documents: Vec<Value> = (0..count).map(pod).collect();
        let report = pack.check_json(&json!({ "documents": documents, "now": 0 }).to_string()).unwrap();
        let report = serde_json::to_value(&report).unwrap();
        assert_eq!(report["findings"].as_array().unwrap().len(), count);
        let reads = &report["findings"][count - 1]["reads"];
        places.push(reads.as_array().unwrap().iter().map(|read| read["at"].clone()).collect::<Vec<_>>());
        assert!(begin.elapsed() < std::time::Duration::from_secs(20), "{count}: {:?}", begin.elapsed());
    }
    assert_eq!(places[0], ["/metadata/name", "/kind"]);
    assert!(places.iter().all(|one| *one == places[0]), "{places:?}");
}
