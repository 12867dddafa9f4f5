# refused rego_compile_error 6:2 var x assigned above
package t

p if {
	x := 1
	x := 2
}
====
# refused rego_compile_error 6:2 var x referenced above
package t

p if {
	x > 1
	x := 2
}
====
# refused rego_compile_error 4:14 arg x redeclared
package t

f(x) := y if x := 1
====
# refused rego_compile_error 5:7 arg x redeclared
package t

f(x) if {
	some x
	input[x]
}
====
# refused rego_compile_error 6:7 var x declared above
package t

p if {
	some x
	some x
	input[x]
}
====
# refused rego_compile_error 6:2 var x declared above
package t

p if {
	some x
	x := 1
}
====
# taken
package t

p if {
	x := 1
	y := [x | x := 2]
	y == [x]
}
====
# refused rego_compile_error 5:7 declared var x unused
package t

p if {
	some x
	input.kind == "Pod"
}
====
# refused rego_compile_error 5:10 declared var y unused
package t

p if {
	some x, y
	input.xs[x]
}
====
# taken
package t

p contains x if {
	some x
	input.xs[x]
}
====
# refused rego_compile_error 4:16 declared var y unused
package t

p := [1 | some y]
====
# refused rego_compile_error 5:8 declared var k unused
package t

p if {
	every k, v in input.xs { v > 1 }
}
====
# taken
package t

p if {
	every _, v in input.xs { v > 1 }
}
====
# refused rego_compile_error 5:24 var x declared above
package t

p if {
	every x in input.xs { x := 1 }
}
====
# refused rego_compile_error 5:2 variables must not shadow input
package t

p if {
	input := 1
	input == 1
}
====
# refused rego_compile_error 5:2 variables must not shadow data
package t

p if {
	data := 1
	data == 1
}
====
# refused rego_compile_error 4:3 args must not shadow input
package t

f(input) := 1
====
# refused rego_compile_error 4:6 args must not shadow data
package t

f(x, data) := x
====
# refused rego_compile_error 4:1 rules must not shadow input
package t

input := 1
====
# refused rego_compile_error 5:2 import must not shadow import data.b.x
package t

import data.a.x
 import data.b.x

p := x
====
# taken
package t

import data.a.x
import data.b.x as y

p := [x, y]
====
# refused rego_compile_error 5:2 cannot assign to number
package t

p if {
	1 := input.x
}
====
# refused rego_compile_error 5:2 cannot assign to ref
package t

p if {
	input.x := 1
}
====
# refused rego_compile_error 5:6 cannot assign vars inside negated expression
package t

p if {
	not x := 1
}
====
# refused rego_compile_error 7:6 cannot assign vars inside negated expression
package t

import future.keywords.not

p if {
	not x := 1
}
====
# refused rego_compile_error 7:2 cannot assign vars inside implicit or operand
package t

import future.keywords.or

p if {
	x := 1 or input.b
}
====
# refused rego_compile_error 4:3 rule arguments cannot contain calls
package t

f(count(x)) := 1
====
# refused rego_compile_error 6:2 called function f shadowed
package t

p if {
	f := 1
	f(1)
}

f(x) := x
====
# taken
package t

p if {
	q := 1
	q == 1
}

q := 2
====
# refused rego_compile_error 5:2 var q referenced above
package t

p if {
	q := q + 1
}

q := 2
====
# refused rego_compile_error 5:12 var x is undeclared
package t

p if {
	y := $"a {x}"
	y == "a"
}
====
# taken
package t

p := $"a {input.x}"
====
# taken
package t

p := $"{x} b" if {
	x := input.x
}
====
# taken
package t

count(x) := 1 if x == 1

p := count(1)
====
# taken
package t
p[x] { input := {"a": 1}; x := input.a }
====
# taken
package t

f([x, y], {"a": z}, 1, _) := x + y + z

p := f([1, 2], {"a": 3}, 1, 5)
====
# taken
package t

f(x, x) := 1

p := f(1, 1)
====
# taken
package t

p if {
	some x in input.xs
	y := {x | some x in input.ys}
	y[x]
}
====
# refused rego_compile_error 6:7 var x declared above
package t

p if {
	some x in input.xs
	some x in input.ys
	x == 1
}
