# refused rego_unsafe_var_error 5:2 var y is unsafe
package t

p if {
	y == 1
}
====
# taken
package t

p contains x if { z = x + 1; x = 2; q[w] }

q contains 1
====
# taken
package t

p contains x if { x = y + 1; y = 2 }
====
# refused rego_unsafe_var_error 5:15 var i is unsafe
package t

p if {
	not input.xs[i] == 1
}
====
# refused rego_unsafe_var_error 5:15 var _ is unsafe
package t

p if {
	not input.xs[_] == 1
}
====
# taken
package t

p if {
	some i
	input.ys[i]
	not input.xs[i] == 1
}
====
# refused rego_unsafe_var_error 5:8 var x is unsafe
package t

p if {
	y := [x | true]
	y == []
}
====
# refused rego_unsafe_var_error 4:16 var y is unsafe
package t

p := [x | x := y + 1]
====
# refused rego_unsafe_var_error 5:28 var n is unsafe
package t

p if {
	every x in input.xs { x > n }
}
====
# taken
package t

p if {
	n := input.n
	every x in input.xs { x > n }
}
====
# taken
package t

p if {
	every x in input.xs { x > n }
	n = input.n
}
====
# refused rego_unsafe_var_error 5:26 var v is unsafe
package t

p if {
	input.x with input.x as v
}
====
# taken
package t

p if {
	input.x with input.x as v
	v = 1
}
====
# refused rego_unsafe_var_error 4:12 var x is unsafe
package t

p contains x if true
====
# refused rego_unsafe_var_error 4:6 var x is unsafe
package t

p := x if true
====
# refused rego_unsafe_var_error 4:3 var k is unsafe
package t

p[k] := 1 if true
====
# refused rego_unsafe_var_error 4:13 var b is unsafe
package t

f(a) := a + b
====
# taken
package t

f(a) := a + b if b = 1
====
# refused rego_unsafe_var_error 5:8 var x is unsafe
package t

p if {
	count(x) == 1
}
====
# refused rego_unsafe_var_error 6:7 var x is unsafe
# refused rego_unsafe_var_error 6:10 var y is unsafe
package t

p if {
	plus(x, y, 3)
}
====
# taken
package t

p if {
	plus(1, 2, x)
	x == 3
}
====
# refused rego_unsafe_var_error 5:2 var x is unsafe
package t

p if {
	x = y
}
====
# taken
package t

p if {
	[x, y] = [y, 1]
	x == 1
}
====
# refused rego_unsafe_var_error 5:3 var x is unsafe
package t

p if {
	{x: 1} = input.obj
}
====
# refused rego_unsafe_var_error 5:3 var x is unsafe
package t

p if {
	{x, 1} = input.set
}
====
# taken
package t

p if {
	{"a": x} = input.obj
	x > 1
}
====
# refused rego_unsafe_var_error 5:2 var user_is_admin is unsafe
package t

p if {
	user_is_admin
}
====
# refused rego_unsafe_var_error 5:2 did you mean `is_admin`?
package t

p if {
	is_admn
}

is_admin if input.admin
====
# taken
package t

p if {
	x := {y | y := input.xs[_]; y > n}
	count(x) > 1
	n = 3
}
====
# refused rego_unsafe_var_error 5:2 var foo is unsafe
package t

p if {
	foo.bar
}
====
# taken
package t

p if {
	input.x[i] == input.y[i]
}
====
# refused rego_unsafe_var_error 5:16 var y is unsafe
package t

p if {
	x := input.xs[y[j]]
	x == y
}
====
# taken
package t

import future.keywords.not

p if {
	not { input.xs[_] == 1 }
}
====
# refused rego_unsafe_var_error 7:15 var i is unsafe
package t

import future.keywords.not

p if {
	not input.xs[i] == 1
}
====
# refused rego_unsafe_var_error 7:2 var x is unsafe
package t

import future.keywords.or

p if {
	x = 1 or input.b
}
====
# taken
package t

import future.keywords.or

p if {
	{ x := input.a; x > 1 } or input.b
}
====
# refused rego_unsafe_var_error 7:17 var x is unsafe
package t

import future.keywords.and

p if {
	{ x := 1 } and x == 1
}
====
# refused rego_unsafe_var_error 5:6 var x is unsafe
package t

p if {
	not x
}
====
# refused rego_unsafe_var_error 5:6 var a is unsafe
package t

p if {
	f(g(a)) == 1
}

f(x) := x

g(x) := x
====
# taken
package t

p[k] contains v if {
	some k, v in input.xs
}
====
# taken
package t

p contains v if {
	walk(input, [_, v])
}
====
# refused rego_unsafe_var_error 5:18 var i is unsafe
package t

p if {
	x := concat("", i)
	x == "a"
}
