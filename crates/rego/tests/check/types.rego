# refused rego_type_error 5:2 count: invalid argument(s)
package t

p if {
	count(1) == 1
}
====
# refused rego_type_error 6:2 startswith: invalid argument(s)
package t

p if {
	x := 1
	startswith(x, "a")
}
====
# refused rego_type_error 5:2 match error
package t

p if {
	1 == "a"
}
====
# refused rego_type_error 6:2 match error
package t

p if {
	x := 1
	x == "a"
}
====
# taken
package t

p if {
	x := 1
	x != "a"
}
====
# refused rego_type_error 6:2 undefined ref: x.a
package t

p if {
	x := 1
	x.a
}
====
# refused rego_type_error 6:2 did you mean `name`?
package t

p if {
	x := {"name": 1}
	x.nmae
}
====
# refused rego_type_error 4:6 undefined ref: data.t.q.b
package t

p if q.b

q := {"a": 1}
====
# taken
package t

p if q.a

q := {"a": 1}
====
# refused rego_type_error 4:6 undefined ref: data.t.q.x
package t

p if q.x

q := true if input.x
====
# refused rego_type_error 4:6 undefined ref: data.t.f
package t

p := f

f(x) := x
====
# refused rego_type_error 4:6 data.t.f: invalid argument(s)
package t

p := f("a")

f(x) := x + 1
====
# taken
package t

p := f("a")

f(x) := x + 1 if x > 1
f(x) := upper(x)
====
# refused rego_type_error 4:6 data.t.f: invalid argument(s)
package t

p := f(1)

f("a") := 1
====
# refused rego_type_error 4:6 plus: invalid argument(s)
package t

p := 1 + "a"
====
# refused rego_type_error 4:6 upper: invalid argument(s)
package t

p := upper(count([1]))
====
# refused rego_type_error 4:16 upper: invalid argument(s)
package t

p := [x | x := upper(1)]
====
# refused rego_type_error 5:24 upper: invalid argument(s)
package t

p if {
	every x in input.xs { upper(1) == x }
}
====
# refused rego_type_error 5:6 upper: invalid argument(s)
package t

p if {
	not upper(1)
}
====
# refused rego_type_error 4:6 sum: invalid argument(s)
package t

p := sum(["a"])
====
# refused rego_type_error 4:6 concat: invalid argument(s)
package t

p := concat(",", [1, 2])
====
# refused rego_type_error 4:6 upper: invalid argument(s)
package t

p := upper(split("a b", " "))
====
# refused rego_type_error 5:2 match error
package t

p if {
	[1, 2] == [1, 2, 3]
}
====
# refused rego_type_error 5:2 match error
package t

p if {
	[x] = "a"
}
====
# refused rego_type_error 6:12 undefined ref
package t

p if {
	xs := 5
	some x in xs
	x == 1
}
====
# taken
package t

p if {
	every x in 5 { x == 1 }
}
====
# taken
package t

p if regex.match("(", input.kind)
====
# taken
package t

p if data.t.missing == 1
====
# refused rego_type_error 5:2 match error
package t

p if {
	data.u == 1
}
----
package u

q := 1
====
# refused rego_type_error 4:6 object.get: invalid argument(s)
package t

p := object.get([1], "a", 1)
====
# taken
package t

p := object.get(input, ["a", "b"], 1)
====
# refused rego_type_error 6:2 match error
package t

p if {
	x := {1, 2}
	x == [1, 2]
}
====
# refused rego_type_error 6:2 undefined ref: s.a
package t

p if {
	s := {1, 2}
	s.a
}
====
# taken
package t

p if {
	x := input.x
	upper(x) == "A"
	x > 1
}
====
# refused rego_parse_error 4:1 an unknown import
package t

import future.keywords.foo
====
# refused rego_parse_error 4:1 an unknown import
package t

import foo.bar
====
# taken
package t

import data.nope.x

p if x.y == 1
====
# taken
package t

p := 1 if {
	input.x
} else := "a"

q if p == "a"
====
# refused rego_type_error 8:6 match error
package t

p := 1 if {
	input.x
} else := "a"

q if p == true
====
# taken
package t

p if {
	x := {"a": 1}
	x == {input.y: 2}
}
====
# refused rego_type_error 6:2 match error
package t

p if {
	x := {"a": 1}
	x == {"b": 2}
}
====
# refused rego_type_error 6:2 match error
package t

p if {
	x := {"a": 1, "b": 2}
	x == {"a": 1}
}
