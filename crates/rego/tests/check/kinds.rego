# refused rego_type_error 5:1 conflicting rules data.t.p found
package t

p := 1
p contains 2
====
# refused rego_type_error 5:1 conflicting rules data.t.p found
package t

p := 1
p(x) := x
====
# refused rego_type_error 5:1 conflicting rules data.t.f found
package t

f(x) := x
f(x, y) := x + y
====
# refused rego_type_error 5:1 multiple default rules data.t.p found
package t

default p := 1
default p := 2

p := 3 if input.x
====
# refused rego_type_error 5:1 multiple default rules data.t.f found
package t

default f(_) := 1
default f(_) := 2

f(x) := x
====
# refused rego_type_error 5:1 conflicting rules data.t.p found
package t

default p := 1
p contains 2
====
# refused rego_type_error 4:1 rule data.t.p conflicts with [data.t.p.q]
package t

p := {"a": 1}
p.q := 2
====
# refused rego_type_error 4:1 rule data.t.p.q conflicts with [data.t.p.q.r]
package t

p.q := 1
p.q.r := 2
====
# refused rego_type_error 4:1 rule data.t.p conflicts with [data.t.p.q]
package t

p contains 1
p.q := 2
====
# taken
package t

p.q := 1
p.r := 2
p[x] := y if some x, y in input.xs
====
# refused rego_type_error 5:1 conflicting rules data.t.p found
package t

p[x] := 1 if some x in input.xs
p := {}
====
# refused rego_type_error 5:1 conflicting rules data.t.p found
package t

p[x] := 1 if some x in input.xs
p[x] contains 1 if some x in input.xs
====
# refused rego_type_error 4:1 rule data.a.b conflicts with [data.a.b.c]
package a

b := 1
----
package a.b

c := 2
====
# refused rego_type_error 4:1 package a.b conflicts with rule data.a.b
package a

b := 1
----
package a.b
====
# taken
package a

b contains x if some x in input.xs
----
package a

b contains "y"
====
# refused rego_type_error 3:1 conflicting rules data.a.b found
package a

b := 1
----
package a

b contains "y"
====
# refused rego_parse_error 4:14 the value of a default rule
package t

default p := input.x
====
# refused rego_parse_error 4:14 the value of a default rule
package t

default p := count([1])
====
# taken
package t

default p := [1, {"a": {2}}]

p := 1 if input.x
====
# taken
package t

default f(_) := 1

f(x) := x if x > 1
====
# refused rego_parse_error 4:14 the parameters of a default function
package t

default f(x, x) := 1
====
# taken
package t

p := 1
p := 2 if input.x
