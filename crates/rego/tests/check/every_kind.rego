# refused rego_unsafe_var_error 4:8 var z is unsafe
package t

p if { z.w == "x" }
====
# refused rego_unsafe_var_error 5:17 var j is unsafe
package t

p if {
	not input.list[j].off
}
====
# refused rego_unsafe_var_error 4:8 var n is unsafe
package t

p if { n > 0; n < 9 }
====
# refused rego_unsafe_var_error 4:21 var w is unsafe
package t

p := [v | v := [w | w != 0]]
====
# refused rego_unsafe_var_error 4:8 var x is unsafe
package t

p if { x = [x | x = 1] }
====
# refused rego_unsafe_var_error 5:8 var x is unsafe
# refused rego_unsafe_var_error 5:12 var y is unsafe
package t

p if { x = y; x = [y | y = 1] }
====
# refused rego_unsafe_var_error 4:18 var where is unsafe
package t

p contains {"a": where[k]} if true
====
# refused rego_unsafe_var_error 4:33 var doc is unsafe
package t

p if { data.a.b.c with input as doc }
====
# refused rego_unsafe_var_error 4:26 var n is unsafe
package t

p if { false } else if { n > 1 }
====
# refused rego_unsafe_var_error 4:24 var other is unsafe
package t

p if { false } else := other if { true }
====
# refused rego_unsafe_var_error 4:12 var who is unsafe
package t

p contains who
====
# refused rego_unsafe_var_error 4:6 var yes is unsafe
package t

p := yes
====
# refused rego_unsafe_var_error 5:22 var a is unsafe
# refused rego_unsafe_var_error 5:27 var x is unsafe
package t

p[x] contains x if { a == x }
====
# taken
package t

p contains x if {
	x = input.a
	not x == "b"
}
====
# refused rego_unsafe_var_error 7:22 var msg is unsafe
package t

deny contains msg if {
	input.kind == "Pod"
	not input.spec.host
	x := sprintf("%v", [msg])
	x == ""
}
====
# refused rego_compile_error 4:4 args must not shadow input (use a
package t

f([input]) if true
====
# refused rego_compile_error 4:9 args must not shadow data (use a
package t

f({"a": data}) if true
====
# refused rego_compile_error 5:2 cannot assign to null
package t

p if {
	null := input.x
}
====
# refused rego_compile_error 5:2 cannot assign to string
package t

p if {
	"a" := input.x
}
====
# refused rego_compile_error 5:2 cannot assign to boolean
package t

p if {
	true := input.x
}
====
# refused rego_compile_error 5:2 cannot assign to comprehension
package t

p if {
	[true | true] := input.x
}
====
# refused rego_compile_error 5:2 cannot assign to call
package t

p if {
	input.x + 1 := 2
}
====
# refused rego_compile_error 5:6 cannot assign to number
package t

p if {
	[z, 1] := [1, 2]
	z == 1
}
====
# refused rego_compile_error 6:6 var b assigned above
package t

p if {
	b := 1
	[a, b] := [1, 2]
	a == b
}
====
# refused rego_compile_error 4:19 var n assigned above
package t

p := [1 | n := 1; n := 2]
====
# refused rego_compile_error 5:2 rules must not shadow input
package t


	input.a := "b"
====
# refused rego_compile_error 4:1 rules must not shadow data
package t

data contains "a"
====
# refused rego_compile_error 4:1 rules must not shadow input
package t

input(x) := x
====
# refused rego_compile_error 5:2 variables must not shadow input
package t

p := [x |
	input := 1
	x := 2
]
====
# refused rego_compile_error 4:13 variables must not shadow input (use a
package t

p if { some input in [1]; input == 1 }
====
# refused rego_compile_error 4:14 variables must not shadow data (use a
package t

p if { every data in [1] { data == 1 } }
====
# refused rego_compile_error 6:1 import must not shadow import data.bar
package t

import data.foo

import data.bar as foo

p if foo == "bar"
====
# refused rego_compile_error 5:1 import must not shadow import data.foo
package t

import data.foo
import data.foo

p if foo == "bar"
====
# taken
package t
import data.foo
import data.foo
p { foo == "bar" }
====
# refused rego_compile_error 6:1 import must not shadow import data.foo
package t
import rego.v1

import data.other.foo
import data.foo

p if foo == "bar"
====
# refused rego_type_error 7:6 undefined function data.t.f
package t

default f := ""

f := 1 if input.x
r := f()
====
# refused rego_type_error 4:6 undefined function g
package t

r := g()
====
# refused rego_type_error 6:12 undefined ref: data.t.f
package t

f(x) := x
p if {
	some x in f
	x == 1
}
====
# refused rego_type_error 4:9 undefined ref: data.t.f
package t

p if { [f] }

f(x) := x
====
# refused rego_type_error 5:6 sum: invalid argument(s)
package t

a := "foo"
s := sum([1, a])
====
# refused rego_type_error 5:9 undefined ref: data.u[x]
package t

p if {
	x = 1; data.u[x]
}
----
package u

q := 1
====
# refused rego_type_error 5:2 undefined ref: data[1]
package t

p if {
	data[1]
	q
}

q := 1
====
# refused rego_type_error 5:13 undefined ref: data.t.q[arr[0]]
package t

p if {
	arr = [1]; data.t.q[arr[0]]
}

q := {"a": 1}
====
# refused rego_type_error 5:2 undefined ref: data.t.q[...]
package t

p if {
	data.t.q[[1, 2]]
}

q := {"a": 1}
====
# refused rego_type_error 6:2 undefined ref: arr[0].dead
package t

p if {
	arr = [[1], [2]]
	arr[0].dead
}
====
# refused rego_type_error 6:2 undefined ref: a[...]
package t

p if {
	a = {[1], [2]}
	a[["x"]]
}
====
# refused rego_type_error 7:2 undefined ref: foo[0][bar]
package t

p if {
	foo = [[1]]
	bar = "bar"
	foo[0][bar]
}
====
# refused rego_type_error 5:2 match error
package t

p if {
	null = true
}
====
# refused rego_type_error 5:2 match error
package t

p if {
	[1, 2, 3] = [1, 2, "3"]
}
====
# refused rego_type_error 5:2 match error
package t

p if {
	[true | true] = [x | a = [1, "b"]; x = a[_]]
}
====
# refused rego_type_error 5:2 match error
package t

p if {
	{"a": 1, "b": "2"} = {"a": 1, "b": 2}
}
====
# refused rego_type_error 5:18 match error
package t

p if {
	x = ["str", 1]; x[_] = null
}
====
# refused rego_type_error 4:17 count: invalid argument(s)
package t

p if { _ = [1 | count(1)] }
====
# refused rego_type_error 4:6 data.t.f: invalid argument(s)
package t

p := f(["a", 5])

f([a, b]) := split(a, b)
====
# taken
package t

p := f([5, ["a", true]])

f([x, y]) := sprintf("%v%v", [x, y])
====
# refused rego_recursion_error 6:1 rule data.t.a is recursive: data.t.a -> data.t.b
# refused rego_recursion_error 7:1 rule data.t.b is recursive: data.t.b -> data.t.c
# refused rego_recursion_error 8:1 rule data.t.c is recursive: data.t.c -> data.t.a
package t

a if b
b if c
c if { d; a }
d if input.x
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive: data.t.p -> data.t.p
package t

p if data
====
# refused rego_recursion_error 5:1 rule data.t.foo is recursive
package t

name := "t"
foo contains x if data[name].foo[x]
====
# refused rego_recursion_error 5:1 rule data.t.foo is recursive: data.t.foo -> data.t.bar
# refused rego_recursion_error 6:1 rule data.t.bar is recursive: data.t.bar -> data.t.foo
package t

foo(x) := bar("b", x)
bar(x, y) := foo([x, y])
====
# refused rego_recursion_error 5:1 rule data.t.f is recursive: data.t.f -> data.t.p
# refused rego_recursion_error 6:1 rule data.t.p is recursive: data.t.p -> data.t.f
package t

f(x) := p[x]
p[x] := f(y) if { x = "a"; y = 1 }
====
# refused rego_recursion_error 4:1 rule data.t.q is recursive
package t

q contains 1 if every x in q { x == 1 }
====
# refused rego_recursion_error 4:1 rule data.a.p is recursive: data.a.p -> data.b.q
# refused rego_recursion_error 2:1 rule data.b.q is recursive: data.b.q -> data.a.p
package a
p[x] := y if { data.b[x][y] }
----
package b
q[x] := y if { data.a.p[x] = y }
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p if p with input as {}
====
# refused rego_recursion_error 4:1 rule data.t.test_p is recursive
package t

test_p if count(data.t.test_p) == 0 with data.t.x as 1
====
# refused rego_type_error 2:1 conflicting rules data.t.p.q.r found
package t
p.q.r if { true }
----
package t.p.q
r(_) := 2
====
# refused rego_type_error 2:1 multiple default rules data.t.p.q found
package t
default p.q := 3
----
package t.p
default q := 4
====
# refused rego_type_error 4:1 conflicting rules data.t.p.q.w found
package t
p.q.w[x] := 1 if x := "foo"
p.q.w contains "bar"
====
# taken
package t
p.q.w contains "baz"
----
package t
p.q.w contains "bar"
====
# refused rego_type_error 3:1 package t.q.r conflicts with rule
package t.q
r if { true }
----
package t.q.r
====
# refused rego_type_error 3:1 rule data.t.p.q.r conflicts with
package t
p.q.r if { true }
p.q.r.s if { true }
====
# refused rego_type_error 3:1 rule data.t.p conflicts with
package t
p := x if { x := 1 }
p.r[s] := 2 if { s := "foo" }
====
# refused rego_type_error 4:1 conflicting rules data.t.p.q
package t
p.q := 1
p.q[r] := 2 if { r := "foo" }
====
# taken
package t
p[r] := x if { r = input.key; x = input.bar }
p.q[r] := x if { r = input.key; x = input.bar }
====
# taken
package t
p[r] := x if { r = input.key; x = input.bar }
p.q contains r if { r = input.key }
====
# refused rego_type_error 4:1 conflicting rules data.t.p found
package t
p[r] := x if { r = input.key; x = input.bar }
p contains q if { q = 1 }
====
# refused rego_type_error 4:1 conflicting rules data.t.index
package t
index contains p.id if { some p in input.prefs }
index[p.id] contains p if { some p in input.prefs }
====
# refused rego_type_error 3:1 rule data.t.p conflicts with
package t
p(x) := x
p.q.r if { true }
====
# refused rego_type_error 3:1 rule data.t.p.q conflicts with
package t
p.q(x) := x
p.q.r if { true }
====
# refused rego_type_error 3:1 conflicts with
package t
a[x].c := i if some i, x in ["one", "two"]
a.b.d(x) := x
====
# refused rego_type_error 3:1 conflicts with
package t
a[x].c := i if some i, x in ["one", "two"]
----
package t.a.b
d(x) := x
====
# taken
package t
p[x].q if x := "a"
p.r.s := 1
====
# taken
package t
p[x] := y if { x := "a"; y := "b" }
----
package t.p.q.r
t := 1
====
# refused rego_compile_error 4:7 called function foo shadowed
package t

p := [foo(bar) | foo := 1; bar := 2]
====
# refused rego_compile_error 4:13 called function foo shadowed
package t

p := [upper(foo(bar)) | foo := 1; bar := 2]
====
# refused rego_compile_error 6:14 var _ is undeclared
package t

p := msg if {
	a := ["a", "b"]
	msg := $"{a[_]}"
}
====
# refused rego_compile_error 4:18 replacement of "eq" invalid
package t

p if { true with eq as f }
f(_, _) := true
====
# refused rego_compile_error 4:18 replacement of "rego.metadata.chain" invalid
package t

p if { true with rego.metadata.chain as [] }
====
# refused rego_compile_error 4:18 replacement of internal function "internal.print" invalid
package t

p if { true with internal.print as f }
f(_) := true
====
# refused rego_type_error 4:13 as many arguments
package t

p if { true with count as f }
f(_, _) := 1
====
# refused rego_unsafe_var_error 4:33 var now is unsafe
package t

p if { true with time.now_ns as now }
====
# taken
package t

now := 1
p if { true with time.now_ns as now }
====
# refused rego_parse_error 4:1 an unknown import
package t

import rego
====
# refused rego_parse_error 4:1 an unknown import
package t

import rego.v1.x
====
# refused rego_parse_error 4:1 rego
package t

import rego.v1 as other
====
# refused rego_parse_error 4:17 expected a string in the brackets
package t

import data.foo[x]
====
# refused rego_parse_error 4:18 expected a string in the brackets
package t

import input.foo[0]
====
# refused rego_parse_error 5:1 
package t

import data.
p := 1
====
# refused rego_parse_error 4:14 the value of a default rule
package t

default a := b
====
# refused rego_parse_error 4:11 the parameters of a default function
package t

default f([x]) := 1
====
# refused rego_parse_error 4:11 the parameters of a default function
package t

default f(1) := 1
====
# refused rego_parse_error 4:13 expected `:=` and the value of the
package t

default a[0]
====
# refused rego_parse_error 4:12 `not` cannot stand before `some`: negate a
package t

p if { not some x in input.xs }
====
# refused rego_parse_error 4:12 `not` cannot stand before `every`: say what
package t

p if { not every x in input.xs { x } }
====
# refused rego_parse_error 4:14 
package t

p if { every 10 in input.xs { true } }
====
# refused rego_parse_error 4:28 expected `{`, the body of `every`, found
package t

p if { every x in input.xs }
====
# refused rego_parse_error 4:18 expected `in`, found `}`
package t

p if { some f(x) }
====
# refused rego_parse_error 4:14 expected a value, found `}`
package t

p if { true; }
====
# refused rego_parse_error 4:2 
package t

a-b := 1
====
# refused rego_parse_error 4:10 
package t

p if { a b c }
====
# refused rego_parse_error 4:1 
package t

{ a := 1 }
====
# refused rego_parse_error 5:2 METADATA that is no YAML: mapping values
package t

# METADATA
# title: a: b
p := 1
====
# refused rego_parse_error 5:2 `scope` in METADATA is not `everywhere`: choose
package t

# METADATA
# scope: everywhere
p := 1
====
# refused rego_parse_error 5:2 METADATA whose `scope` is the package stands
package t

# METADATA
# scope: package
p := 1
====
# refused rego_parse_error 4:1 
package t

# METADATA
p := 1
====
# refused rego_parse_error 5:1 
package t

p := 1
# METADATA
# title: nothing follows
====
# refused rego_parse_error 3:1 
package t
# METADATA
# title: imports have none
import data.x
p := x
====
# refused rego_parse_error 5:2 `entrypoint` in METADATA is for a document
package t
# METADATA
# scope: rule
# entrypoint: true
p := 1
====
# refused rego_parse_error 4:2 `related_resources` in METADATA is a list of
package t
# METADATA
# related_resources:
# - description: no ref
p := 1
====
# refused rego_parse_error 4:2 `authors` in METADATA is a list of
package t
# METADATA
# authors:
# - {}
p := 1
====
# refused rego_parse_error 3:1 
package t
# METADATA
# - a list
p := 1
====
# refused rego_type_error 9:1 document annotation redeclared
package t

# METADATA
# scope: document
# title: One
p := 1 if rego.metadata.rule()

# METADATA
# scope: document
# title: Two
p := 2 if input.x
