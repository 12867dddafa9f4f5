# refused rego_type_error 5:2 function data.t.f has arity 1, got 3 arguments
package t

p if {
	f(1, 2, 3)
}

f(x) := x
====
# refused rego_type_error 5:2 function count has arity 1, got 3 arguments
package t

p if {
	count(1, 2, 3)
}
====
# refused rego_type_error 5:7 function count has arity 1, got 2 arguments
package t

p if {
	1 == (count([1], 2))
}
====
# refused rego_type_error 5:7 function count has arity 1, got 2 arguments
package t

p if {
	x := count([1], 2)
	x == 1
}
====
# refused rego_type_error 4:16 function data.t.f has arity 2, got 1 argument
package t

p := [x | x := f(1)]

f(x, y) := x + y
====
# refused rego_type_error 5:24 function data.t.f has arity 2, got 1 argument
package t

p if {
	every x in input.xs { f(x) == 2 }
}

f(x, y) := x + y
====
# refused rego_type_error 5:6 function startswith has arity 2, got 1 argument
package t

p if {
	not startswith("a")
}
====
# refused rego_type_error 5:26 function count has arity 1, got 0 arguments
package t

p if {
	input.x with input.x as count()
}
====
# refused rego_type_error 5:2 undefined function is_bad
package t

p if {
	is_bad(input)
}
====
# refused rego_type_error 5:2 did you mean `is_bad`?
package t

p if {
	isbad(input)
}

is_bad(x) if x.bad
====
# refused rego_type_error 5:2 did you mean `startswith`?
package t

p if {
	startwith("a", "b")
}
====
# refused rego_type_error 5:2 undefined function foo.bar
package t

p if {
	foo.bar(1)
}
====
# refused rego_type_error 5:2 undefined function data.lib.missing
package t

p if {
	data.lib.missing(input)
}
====
# refused rego_type_error 7:2 did you mean `data.lib.helper`?
package t

import data.lib

p if {
	lib.helpr(input)
}
----
package lib

helper(x) := x
====
# refused rego_type_error 5:2 undefined function data.t.p
package t

q if {
	p(1)
}

p := 1
====
# refused rego_type_error 4:6 http.send
package t

p := http.send({"method": "get", "url": "x"})
====
# refused rego_type_error 4:6 rand.intn
package t

p := rand.intn("x", 3)
====
# refused rego_type_error 4:6 opa.runtime
package t

p := opa.runtime()
====
# refused rego_type_error 4:6 net.lookup_ip_addr
package t

p := net.lookup_ip_addr("example.com")
====
# refused rego_type_error 4:6 graphql.is_valid
package t

p := graphql.is_valid("a", "b")
====
# taken
package t

p := http.send({"method": "get", "url": "x"}).body

mock(_) := {"body": 1}

test_p if p == 1 with http.send as mock
====
# refused rego_type_error 4:6 deprecated built-in function calls in expression: any
package t

p := any([true])
====
# taken
package t
p { any([true]) }
====
# refused rego_type_error 4:6 print used as value
package t

p := print("a")
====
# taken
package t

p if {
	print("a", input.x)
}
====
# refused rego_compile_error 4:19 target must not be a relation
package t

p if input.x with walk as count
====
# refused rego_compile_error 4:19 with keyword cannot partially replace virtual document(s)
package t

p if input.x with data.t.q.a as 1

q := {"a": 2}
====
# refused rego_type_error 4:6 match error
package t

p if q == 1 with data.t.q as 1

q := {"a": 2}
====
# refused rego_type_error 4:19 with keyword target must reference existing input, data, or a function
package t

p if input.x with foo.bar as 1
====
# refused rego_type_error 4:11 replaced by one with as many arguments
package t

p if f(1) with data.t.f as g

f(x) := x

g(x, y) := x + y
====
# taken
package t

p if count([1]) == 3 with count as three

three(_) := 3
====
# taken
package t

p if count([1]) == 3 with count as 3
====
# refused rego_compile_error 4:20 replacement of internal function
package t

p if 1 in [1] with internal.member_2 as true
====
# refused rego_type_error 5:2 undefined function
package t

p if {
	data.lib[input.x](1)
}
====
# refused rego_type_error 5:7 undefined function f
package t

p if {
	f := f(1)
	f == 1
}

f(x) := x
====
# taken
package t

p := f("a")

f(x) := x + 1 if {
	x > 1
} else := upper(x)
====
# taken
package t

default f(_) := 1

f(x) := x + 1

p := f("a")
====
# refused rego_type_error 4:6 deprecated built-in function calls in expression: all
package t
import rego.v1
p if all([true])
