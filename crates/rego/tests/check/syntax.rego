# refused rego_parse_error 4:6 `01` is not a number
package t

p := 01
====
# refused rego_parse_error 4:6 `1.` is not a number
package t

p := 1.
====
# refused rego_parse_error 4:6 a string that does not end
package t

p := "abc
====
# refused rego_parse_error 4:8 a backslash that escapes nothing
package t

p := "a\q"
====
# refused rego_parse_error 4:10 expected a rule, found `"b"`
package t

p := "a" "b"
====
# refused rego_parse_error 4:6 `[` is never closed
package t

p := [1, 2
====
# refused rego_parse_error 4:14 expected `,` or `}`, found `"b"`
package t

p := {"a": 1 "b": 2}
====
# refused rego_parse_error 4:3 expected a rule, found `:=`
package

p := 1
====
# refused rego_parse_error 2:9 expected the name of the package,
package 1

p := 1
====
# refused rego_parse_error 2:1 a module begins with its package
p := 1
====
# refused rego_parse_error 4:1 a rule cannot be named `else`,
package t

else := 1
====
# refused rego_parse_error 4:16 a default rule has no body
package t

default p := 1 if true
====
# refused rego_parse_error 4:9 expected a rule, found `:=`
package t

default := 1
====
# refused rego_parse_error 4:10 expected a value, found the end
package t

p if x :=
====
# refused rego_parse_error 4:12 expected a value, found `}`
package t

p if { x = }
====
# refused rego_parse_error 4:10 expected a value, found `,`
package t

p := f(1,, 2)
====
# refused rego_parse_error 4:9 expected a value, found `,`
package t

p := {1,,2}
====
# refused rego_parse_error 4:12 expected a value, found `}`
package t

p if { not }
====
# refused rego_parse_error 4:30 expected a value, found `}`
package t

p if { input.x with input as }
====
# refused rego_parse_error 4:21 expected a value, found `as`
package t

p if { input.x with as 1 }
====
# refused rego_parse_error 4:13 expected a value, found `}`
package t

p if { some }
====
# refused rego_parse_error 4:11 expected a value, found the end
package t

p contains
====
# refused rego_parse_error 4:1 a rule cannot be named `contains`,
package t

contains x if true
====
# refused rego_parse_error 4:2 `(` is never closed
package t

p(x contains y
====
# refused rego_parse_error 4:6 a function cannot add to a
package t

p(x) contains y if y := x
====
# refused rego_parse_error 4:8 a rule cannot be named `contains`,
package t

p := 1 contains 2
====
# refused rego_parse_error 4:8 expected a value, found `:=`
package t

p if { := 1 }
====
# refused rego_parse_error 4:13 expected a value, found `:=`
package t

p if { 1 := := 2 }
====
# refused rego_parse_error 4:12 expected a name after the dot,
package t

p := input.
====
# refused rego_parse_error 4:11 `[` is never closed
package t

p := input[
====
# refused rego_parse_error 4:12 expected a name after the dot,
package t

p := input..x
====
# refused rego_parse_error 4:14 expected an operator, `;` or a
package t

p if { x := 1, y := 2 }
====
# refused rego_parse_error 4:11 expected a value, found `}`
package t

p = { x | }
====
# refused rego_parse_error 4:7 expected a value, found `|`
package t

p = [ | true ]
====
# refused rego_parse_error 5:3 `if` is missing before the body
# refused rego_parse_error 5:27 a name alone is no rule
package t

p { true } else { false } q
====
# refused rego_parse_error 3:1 a module has one package, at
package t
package u
p := 1
====
# refused rego_parse_error 4:19 expected a value, found `}`
package t

p if { every x in }
====
# refused rego_parse_error 4:16 expected `in`, found `[`
package t

p if { every x [1] { x } }
====
# refused rego_parse_error 4:11 a string that does not end
package t

p := $"a {"
====
# refused rego_parse_error 4:9 expected a value, found `}"`
package t

p := $"{}"
====
# refused rego_parse_error 4:6 `墳` is no part of Rego
package t

p := 墳
====
# refused rego_parse_error 5:10 `if` is missing before the body
# refused rego_parse_error 5:11 an empty body
package t

f(x) = y {}
====
# refused rego_parse_error 4:12 `{` is never closed
package t

p { true } { 
====
# refused rego_parse_error 4:10 expected an operator, `;` or a
package t

p if { a b }
====
# refused rego_type_error 4:6 undefined function set
package t

p := set(1)
====
# refused rego_parse_error 4:6 expected a value, found `&`
package t

p := &
====
# refused rego_parse_error 4:9 expected a value, found the end
package t

p := 1 &
====
# refused rego_parse_error 4:6 `(` is never closed
package t

p := (1
====
# refused rego_parse_error 4:7 expected a value, found `)`
package t

p := ()
====
# refused rego_parse_error 4:20 expected an operator, `;` or a
package t

p if { input.x = 1 = 2 }
====
# refused rego_parse_error 4:7 `[` is never closed
package t

p := x[ if x := 1
====
# refused rego_parse_error 4:4 `(` is never closed
package t

p.q( := 1
====
# refused rego_parse_error 4:3 expected a name after the dot,
package t

p.1 := 1
====
# refused rego_parse_error 4:2 `[` is never closed
package t

p[1 := 2
====
# refused rego_parse_error 4:1 a rule cannot be named `as`,
package t

as := 1
====
# refused rego_parse_error 4:1 a rule cannot be named `not`,
package t

not := 1
====
# refused rego_parse_error 4:8 expected the path of what is
package t

import := 1
====
# refused rego_unsafe_var_error 4:6 var every is unsafe
package t

p := every
====
# refused rego_unsafe_var_error 4:6 var null is unsafe
package t

p := null.x
====
# refused rego_unsafe_var_error 4:6 var true is unsafe
package t

p := true[0]
====
# refused rego_parse_error 4:6 a string has no members
package t

p := "a"[0]
====
# refused rego_parse_error 4:6 a number has no members
package t

p := 1[0]
