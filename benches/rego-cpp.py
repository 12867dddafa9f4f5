"""What regopy takes for a document of a task: microseconds, by round, as a list of JSON."""

import json
import sys
import time

from regopy import Input, Interpreter

ROUNDS = 11

with open(sys.argv[1], encoding="utf-8") as file:
    task = json.load(file)
rego = Interpreter()
for number, text in enumerate(task["modules"]):
    rego.add_module(f"{number}.rego", text)
rego.add_data_json(json.dumps(task["data"], ensure_ascii=False))
rules = [rule.removeprefix("data.").replace(".", "/") for rule in task["rules"]]
bundle = rego.build(None, rules)
inputs = [Input(document) for document in task["documents"]]


def round_of_all():
    start = time.perf_counter()
    for document in inputs:
        rego.set_input(document)
        for rule in rules:
            if not rego.query_bundle_entrypoint(bundle, rule).ok():
                raise SystemExit(f"regopy fails at {rule}")
    return (time.perf_counter() - start) * 1e6 / len(inputs)


print(json.dumps([round_of_all() for _ in range(ROUNDS)]))
