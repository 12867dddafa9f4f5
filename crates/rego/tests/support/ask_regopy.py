"""Answers questions about Rego with regopy, which is rego-cpp: a line of JSON for each question, a line for each answer.

A question has `modules` (texts), `data`, `inputs` (or `term`, the input as Rego writes it), and asks for `rules` (paths
as `a/b`) or a `query`. The answer is a list of the values of all rules for the first input, then for the next: each is
`[value]`, `[]` where it is undefined, or `"error"`. The value of a query is the bindings of its solutions. Each question
has a process of its own: a crash or an endless run is an error.
"""

import json
import os
import signal
import sys

from regopy import Interpreter, rego_version

SECONDS = 30


def loaded(question):
    rego = Interpreter()
    rego.strict_built_in_errors = question.get("strict", False)
    for number, text in enumerate(question["modules"]):
        rego.add_module(f"{number}.rego", text)
    # It does not read an escaped letter beyond U+FFFF.
    rego.add_data_json(json.dumps(question["data"], ensure_ascii=False))
    return rego


def of_query(question):
    rego = loaded(question)
    if "term" in question:
        rego.set_input_term(question["term"])
    elif question["inputs"]:
        rego.set_input(question["inputs"][0])
    output = rego.query(question["query"])
    if not output.ok():
        return ["error"]
    if str(output) == "undefined":
        return [[[]]]
    solutions = json.loads(str(output))
    solutions = solutions if isinstance(solutions, list) else [solutions]
    bindings = [solution.get("bindings", {}) for solution in solutions]
    # It counts the input among the variables where it was set as a term.
    return [[[{name: value for name, value in binding.items() if name != "input"} for binding in bindings]]]


def of_rules(question):
    rego = loaded(question)
    bundle = rego.build(None, question["rules"])

    def value(rule):
        output = rego.query_bundle_entrypoint(bundle, rule)
        if not output.ok():
            return "error"
        text = str(output)
        return [] if text == "undefined" else json.loads(text)["expressions"]

    given = []
    for value_of_input in question["inputs"]:
        rego.set_input(value_of_input)
        given.extend(value(rule) for rule in question["rules"])
    return given


def answer(question):
    try:
        return of_query(question) if "query" in question else of_rules(question)
    except Exception:
        return "error"


def in_a_process(question):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(SECONDS)
        os.close(reading)
        # It prints what it thinks of a policy.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        with os.fdopen(writing, "w") as pipe:
            json.dump(answer(question), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return text or '"error"'


print(rego_version(), flush=True)
for line in sys.stdin:
    print(in_a_process(json.loads(line)), flush=True)
