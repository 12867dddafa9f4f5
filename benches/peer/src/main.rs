//! The same task natively, in plain regorus and in the machine that the modules have: microseconds for a document, by
//! round, as JSON. The task is read from the file that is named.

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    native::main();
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::sync::Arc;
    use std::time::Instant;

    use countersign_peer::{Peer, Task};
    use countersign_rego::budget::{Budget, Limits};
    use countersign_rego::builtins::standard;
    use countersign_rego::machine::{Machine, Settings};
    use countersign_rego::plan::{DocumentId, Program};
    use countersign_rego::source::Sources;
    use countersign_rego::value::Value;
    use countersign_rego::{check, json, parse};

    const ROUNDS: usize = 21;

    struct Ours {
        machine: Machine,
        rules: Vec<DocumentId>,
    }

    impl Ours {
        fn load(task: &Task) -> Ours {
            let registry = standard();
            let mut sources = Sources::default();
            let module = |text: &String| {
                let file = sources.add("policy.rego", text.as_str());
                parse::module(&sources, file, None, &parse::Limits::default()).unwrap()
            };
            let modules = task.modules.iter().map(module).collect();
            let program = Program::new(&check::modules(modules, &registry).unwrap(), &registry);
            let path = |rule: &String| rule.split('.').skip(1).map(str::to_owned).collect::<Vec<_>>();
            let rules = task.rules.iter().map(|rule| program.document(&path(rule)).unwrap()).collect();
            let mut machine = Machine::new(Arc::new(program), Settings::default());
            machine.set_data(read(&task.data)).unwrap();
            Ours { machine, rules }
        }

        fn check(&mut self, document: Value) -> usize {
            self.machine.set_input(Some(document)).unwrap();
            let mut found = 0;
            for rule in &self.rules {
                if let Some(Value::Set(findings)) = self.machine.document(*rule).unwrap() {
                    found += findings.elements().len();
                }
            }
            found
        }
    }

    fn read(value: &serde_json::Value) -> Value {
        let limits = Limits { steps: u64::MAX, bytes: u64::MAX, ..Limits::default() };
        json::read(&value.to_string(), &mut Budget::new(limits)).unwrap()
    }

    /// Microseconds for each of the documents, in `ROUNDS` rounds, and the findings of all.
    fn timed<D: Clone>(documents: &[D], mut check: impl FnMut(D) -> usize) -> (Vec<f64>, usize) {
        let mut found = 0;
        let mut round = || {
            let start = Instant::now();
            found = documents.iter().map(|document| check(document.clone())).sum();
            start.elapsed().as_secs_f64() * 1e6 / documents.len() as f64
        };
        round();
        let times = (0..ROUNDS).map(|_| round()).collect();
        (times, found)
    }

    pub fn main() {
        let file = std::env::args().nth(1).expect("the file of a task");
        let task: Task = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let mut ours = Ours::load(&task);
        let documents: Vec<Value> = task.documents.iter().map(read).collect();
        let (our_times, our_findings) = timed(&documents, |document| ours.check(document));
        let mut peer = Peer::load(&task).unwrap();
        let documents: Vec<regorus::Value> = task.documents.iter().cloned().map(regorus::Value::from).collect();
        let (times, findings) = timed(&documents, |document| peer.check(document).unwrap());
        assert_eq!(our_findings, findings, "the engines find different things");
        println!("{}", serde_json::json!({ "ours": our_times, "theirs": times, "findings": findings }));
    }
}
