"""Answers questions about Rego with regopy, which is rego-cpp: a line of JSON for each question, a line for each answer.

A question has `modules` (texts), `data`, `inputs` (or `term`, the input as Rego writes it), and asks for `rules` (paths
as `a/b`) or a `query`. The answer is a list of the values of all rules for the first input, then for the next: each is
`[value]`, `[]` where it is undefined, or `"error"`. The value of a query is the bindings of its solutions. An answer is
`"error"` where the modules do not load. With `rounds` it is the microseconds that an input took, by round. Each question
has a process of its own; where that dies of an input or does not end, its rules are errors, and the rest has another.
"""

import json
import os
import re
import resource
import sys
import time

from regopy import Interpreter, rego_version

# For an input, of the processor: a busy machine changes no answer. What ends takes less than one.
SECONDS = 20

# In a comprehension, rego-cpp takes the comma of `some k, v in xs` for the comprehension's. Here xs is a name or a call.
SOME = re.compile(r"some (\w+), (\w+) in ([a-z][\w.]*(?:\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\))?)")


def in_comprehension(before):
    closed = 0
    for at, letter in reversed(list(enumerate(before))):
        if letter in ")]}":
            closed += 1
        elif letter in "([{":
            if closed == 0:
                return " |" in before[at:]
            closed -= 1
    return False


def without_comma(found):
    before = found.string[: found.start()]
    if not in_comprehension(before[before.rfind("\n\n") + 1 :]):
        return found.group()
    key, value, collection = found.groups()
    value = "_ =" if value == "_" else f"{value} :="
    return f"some {key}; {value} {collection}[{key}]"


def loaded(question):
    rego = Interpreter()
    rego.strict_built_in_errors = question.get("strict", False)
    for number, text in enumerate(question["modules"]):
        rego.add_module(f"{number}.rego", SOME.sub(without_comma, text) if "rules" in question else text)
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
        return [["error"]]
    if str(output) == "undefined":
        return [[[[]]]]
    solutions = json.loads(str(output))
    solutions = solutions if isinstance(solutions, list) else [solutions]
    bindings = [solution.get("bindings", {}) for solution in solutions]
    # It counts the input among the variables where it was set as a term.
    return [[[[{name: value for name, value in binding.items() if name != "input"} for binding in bindings]]]]


def of_rules(question):
    rego = loaded(question)
    bundle = rego.build(None, question["rules"])

    def value(rule):
        try:
            output = rego.query_bundle_entrypoint(bundle, rule)
        except ValueError:
            # What it wrote is no JSON.
            return "error"
        if not output.ok():
            return "error"
        text = str(output)
        return [] if text == "undefined" else json.loads(text)["expressions"]

    inputs = [json.dumps(value, ensure_ascii=False) for value in question["inputs"]]

    def values(value_of_input):
        rego.set_input_term(value_of_input)
        return [value(rule) for rule in question["rules"]]

    def microseconds():
        start = time.perf_counter()
        for value_of_input in inputs:
            values(value_of_input)
        return (time.perf_counter() - start) * 1e6 / len(inputs)

    if "rounds" in question:
        return [[microseconds() for _ in range(question["rounds"])]]
    return (values(value_of_input) for value_of_input in inputs)


def write_answers(question, pipe):
    """A line once the modules are loaded, then one for each input, or one for all of them."""

    def limit():
        most = time.process_time() + SECONDS * question.get("rounds", 1)
        resource.setrlimit(resource.RLIMIT_CPU, (int(most) + 1, resource.RLIM_INFINITY))

    def write(answer):
        print(json.dumps(answer), file=pipe, flush=True)
        limit()

    limit()
    try:
        answers = of_query(question) if "query" in question else of_rules(question)
        write("loaded")
        for answer in answers:
            write(answer)
    except Exception:
        write("error")


def in_a_process(question):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        # It prints what it thinks of a policy.
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        with os.fdopen(writing, "w") as pipe:
            write_answers(question, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        lines = [json.loads(line) for line in pipe if line.endswith("\n")]
    os.waitpid(child, 0)
    return lines[1:] if lines[:1] == ["loaded"] else ["error"]


def answer(question):
    inputs = question["inputs"]
    wanted = 1 if "query" in question or "rounds" in question else len(inputs)
    given = []
    while len(given) < wanted:
        answers = in_a_process({**question, "inputs": inputs[len(given) :]} if wanted > 1 else question)
        if "error" in answers:
            return "error"
        given += answers
        if len(given) < wanted:
            given.append(["error"] * len(question.get("rules", [""])))
    return [value for values in given for value in values]


print(rego_version(), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
