# taken
# METADATA
# title: One
package t

p := 1
----
# METADATA
# title: Two
package t

q := 2
====
# refused rego_type_error 1:1 package annotation redeclared
# METADATA
# title: One
package t

p := rego.metadata.rule()
----
# METADATA
# title: Two
package t

q := 2
====
# refused rego_type_error 5:7 function rego.metadata.chain has arity 0, got 2 arguments
package t


p := [rego.metadata.chain(1, 2)]
