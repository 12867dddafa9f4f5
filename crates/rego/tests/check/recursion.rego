# refused rego_recursion_error 5:1 rule data.t.a is recursive: data.t.a -> data.t.b -> data.t.a
# refused rego_recursion_error 10:1 rule data.t.b is recursive: data.t.b -> data.t.a -> data.t.b
package t

a if {
	input.kind == "Never"
	b
}

b if a
====
# refused rego_recursion_error 4:1 rule data.t.f is recursive: data.t.f -> data.t.f
package t

f(x) := f(x - 1) if x > 0
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p := count(data.t) if input.x
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p if data.t[input.x]
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p if data[input.x].p
====
# taken
package t

p if data[input.x].q
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p[x] := 1 if {
	some x in input.xs
	p.foo
}
====
# taken
package t

p.a := p.b
p.b := 1
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p contains x if x := [y | p[y]]
====
# refused rego_recursion_error 5:1 rule data.t.p is recursive
# refused rego_recursion_error 7:1 rule data.t.q is recursive
package t

p if not q

q if every _ in input.xs { p }
====
# refused rego_recursion_error 5:1 rule data.a.p is recursive: data.a.p -> data.b.q -> data.a.p
# refused rego_recursion_error 3:1 rule data.b.q is recursive: data.b.q -> data.a.p -> data.b.q
package a

p if data.b.q
----
package b

q if data.a.p
====
# taken
package t

p if q with data.t.r as 1

q if r

r := 2
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p := 1 if {
	input.x
} else := p
====
# refused rego_recursion_error 4:1 rule data.t.p is recursive
package t

p := $"{data.t.p}"
