=== comprehensions
package t.h

xs := numbers.range(1, 2000)
deny := [[x, y, z] | x := xs[_]; y := xs[_]; z := xs[_]]

=== comprehension_of_texts
package t.h

big := concat("", [x | numbers.range(1, 90000)[_]; x := "0123456789"])
deny := [concat("", [big, sprintf("%d", [n])]) | n := numbers.range(1, 90000)[_]]

=== sprintf_wide
package t.h

deny := [sprintf("%099999999d", [n]) | n := numbers.range(1, 1000)[_]]

=== sprintf_many_wide
package t.h

deny := [sprintf("%999999d%999999d", [n, n]) | n := numbers.range(1, 90000)[_]]

=== regex_replace
package t.h

a := concat("", ["a" | numbers.range(1, 1000)[_]])
deny := b if {
	x1 := regex.replace(a, "a", a)
	x2 := regex.replace(x1, "a", a)
	b := regex.replace(x2, "a", a)
}

=== regex_loop
package t.h

a := concat("", ["ab" | numbers.range(1, 20000)[_]])
deny := {n | n := numbers.range(1, 90000)[_]; regex.match(sprintf("(a|b)*c{%d}", [n % 200]), a)}

=== marshal_shared
package t.h

deny := json.marshal(x20) if {
	x0 := ["aaaaaaaaaaaaaaaa"]
	x1 := [x0, x0, x0, x0]
	x2 := [x1, x1, x1, x1]
	x3 := [x2, x2, x2, x2]
	x4 := [x3, x3, x3, x3]
	x5 := [x4, x4, x4, x4]
	x6 := [x5, x5, x5, x5]
	x7 := [x6, x6, x6, x6]
	x8 := [x7, x7, x7, x7]
	x9 := [x8, x8, x8, x8]
	x10 := [x9, x9, x9, x9]
	x11 := [x10, x10, x10, x10]
	x12 := [x11, x11, x11, x11]
	x13 := [x12, x12, x12, x12]
	x14 := [x13, x13, x13, x13]
	x15 := [x14, x14, x14, x14]
	x16 := [x15, x15, x15, x15]
	x17 := [x16, x16, x16, x16]
	x18 := [x17, x17, x17, x17]
	x19 := [x18, x18, x18, x18]
	x20 := [x19, x19, x19, x19]
}

=== marshal_many
package t.h

xs := numbers.range(1, 50000)
deny := [json.marshal(xs) | xs[_]]

=== concat_doubling
package t.h

deny := x40 if {
	x0 := "0123456789"
	x1 := concat("", [x0, x0])
	x2 := concat("", [x1, x1])
	x3 := concat("", [x2, x2])
	x4 := concat("", [x3, x3])
	x5 := concat("", [x4, x4])
	x6 := concat("", [x5, x5])
	x7 := concat("", [x6, x6])
	x8 := concat("", [x7, x7])
	x9 := concat("", [x8, x8])
	x10 := concat("", [x9, x9])
	x11 := concat("", [x10, x10])
	x12 := concat("", [x11, x11])
	x13 := concat("", [x12, x12])
	x14 := concat("", [x13, x13])
	x15 := concat("", [x14, x14])
	x16 := concat("", [x15, x15])
	x17 := concat("", [x16, x16])
	x18 := concat("", [x17, x17])
	x19 := concat("", [x18, x18])
	x20 := concat("", [x19, x19])
	x21 := concat("", [x20, x20])
	x22 := concat("", [x21, x21])
	x23 := concat("", [x22, x22])
	x24 := concat("", [x23, x23])
	x25 := concat("", [x24, x24])
	x26 := concat("", [x25, x25])
	x27 := concat("", [x26, x26])
	x28 := concat("", [x27, x27])
	x29 := concat("", [x28, x28])
	x30 := concat("", [x29, x29])
	x31 := concat("", [x30, x30])
	x32 := concat("", [x31, x31])
	x33 := concat("", [x32, x32])
	x34 := concat("", [x33, x33])
	x35 := concat("", [x34, x34])
	x36 := concat("", [x35, x35])
	x37 := concat("", [x36, x36])
	x38 := concat("", [x37, x37])
	x39 := concat("", [x38, x38])
	x40 := concat("", [x39, x39])
}

=== replace_doubling
package t.h

deny := x40 if {
	x0 := "aa"
	x1 := replace(x0, "a", "aa")
	x2 := replace(x1, "a", "aa")
	x3 := replace(x2, "a", "aa")
	x4 := replace(x3, "a", "aa")
	x5 := replace(x4, "a", "aa")
	x6 := replace(x5, "a", "aa")
	x7 := replace(x6, "a", "aa")
	x8 := replace(x7, "a", "aa")
	x9 := replace(x8, "a", "aa")
	x10 := replace(x9, "a", "aa")
	x11 := replace(x10, "a", "aa")
	x12 := replace(x11, "a", "aa")
	x13 := replace(x12, "a", "aa")
	x14 := replace(x13, "a", "aa")
	x15 := replace(x14, "a", "aa")
	x16 := replace(x15, "a", "aa")
	x17 := replace(x16, "a", "aa")
	x18 := replace(x17, "a", "aa")
	x19 := replace(x18, "a", "aa")
	x20 := replace(x19, "a", "aa")
	x21 := replace(x20, "a", "aa")
	x22 := replace(x21, "a", "aa")
	x23 := replace(x22, "a", "aa")
	x24 := replace(x23, "a", "aa")
	x25 := replace(x24, "a", "aa")
	x26 := replace(x25, "a", "aa")
	x27 := replace(x26, "a", "aa")
	x28 := replace(x27, "a", "aa")
	x29 := replace(x28, "a", "aa")
	x30 := replace(x29, "a", "aa")
	x31 := replace(x30, "a", "aa")
	x32 := replace(x31, "a", "aa")
	x33 := replace(x32, "a", "aa")
	x34 := replace(x33, "a", "aa")
	x35 := replace(x34, "a", "aa")
	x36 := replace(x35, "a", "aa")
	x37 := replace(x36, "a", "aa")
	x38 := replace(x37, "a", "aa")
	x39 := replace(x38, "a", "aa")
	x40 := replace(x39, "a", "aa")
}

=== sets_of_sets
package t.h

deny := x30 if {
	x0 := {1}
	x1 := {x0, {x0, 1}, [x0]}
	x2 := {x1, {x1, 2}, [x1]}
	x3 := {x2, {x2, 3}, [x2]}
	x4 := {x3, {x3, 4}, [x3]}
	x5 := {x4, {x4, 5}, [x4]}
	x6 := {x5, {x5, 6}, [x5]}
	x7 := {x6, {x6, 7}, [x6]}
	x8 := {x7, {x7, 8}, [x7]}
	x9 := {x8, {x8, 9}, [x8]}
	x10 := {x9, {x9, 10}, [x9]}
	x11 := {x10, {x10, 11}, [x10]}
	x12 := {x11, {x11, 12}, [x11]}
	x13 := {x12, {x12, 13}, [x12]}
	x14 := {x13, {x13, 14}, [x13]}
	x15 := {x14, {x14, 15}, [x14]}
	x16 := {x15, {x15, 16}, [x15]}
	x17 := {x16, {x16, 17}, [x16]}
	x18 := {x17, {x17, 18}, [x17]}
	x19 := {x18, {x18, 19}, [x18]}
	x20 := {x19, {x19, 20}, [x19]}
	x21 := {x20, {x20, 21}, [x20]}
	x22 := {x21, {x21, 22}, [x21]}
	x23 := {x22, {x22, 23}, [x22]}
	x24 := {x23, {x23, 24}, [x23]}
	x25 := {x24, {x24, 25}, [x24]}
	x26 := {x25, {x25, 26}, [x25]}
	x27 := {x26, {x26, 27}, [x26]}
	x28 := {x27, {x27, 28}, [x27]}
	x29 := {x28, {x28, 29}, [x28]}
	x30 := {x29, {x29, 30}, [x29]}
}

=== power_set
package t.h

deny := {{a, b, c, d, e} | xs := numbers.range(1, 60); a := xs[_]; b := xs[_]; c := xs[_]; d := xs[_]; e := xs[_]}

=== range_huge
package t.h

deny := numbers.range(1, 1e15)

=== range_step
package t.h

deny := [numbers.range_step(1, 99999, 1) | numbers.range(1, 99999)[_]]

=== object_union
package t.h

deny := x30 if {
	x0 := {k: v | some k, v in numbers.range(1, 1000)}
	x1 := object.union(x0, {"a1": x0, "b1": {"c": x0}})
	x2 := object.union(x1, {"a2": x1, "b2": {"c": x1}})
	x3 := object.union(x2, {"a3": x2, "b3": {"c": x2}})
	x4 := object.union(x3, {"a4": x3, "b4": {"c": x3}})
	x5 := object.union(x4, {"a5": x4, "b5": {"c": x4}})
	x6 := object.union(x5, {"a6": x5, "b6": {"c": x5}})
	x7 := object.union(x6, {"a7": x6, "b7": {"c": x6}})
	x8 := object.union(x7, {"a8": x7, "b8": {"c": x7}})
	x9 := object.union(x8, {"a9": x8, "b9": {"c": x8}})
	x10 := object.union(x9, {"a10": x9, "b10": {"c": x9}})
	x11 := object.union(x10, {"a11": x10, "b11": {"c": x10}})
	x12 := object.union(x11, {"a12": x11, "b12": {"c": x11}})
	x13 := object.union(x12, {"a13": x12, "b13": {"c": x12}})
	x14 := object.union(x13, {"a14": x13, "b14": {"c": x13}})
	x15 := object.union(x14, {"a15": x14, "b15": {"c": x14}})
	x16 := object.union(x15, {"a16": x15, "b16": {"c": x15}})
	x17 := object.union(x16, {"a17": x16, "b17": {"c": x16}})
	x18 := object.union(x17, {"a18": x17, "b18": {"c": x17}})
	x19 := object.union(x18, {"a19": x18, "b19": {"c": x18}})
	x20 := object.union(x19, {"a20": x19, "b20": {"c": x19}})
	x21 := object.union(x20, {"a21": x20, "b21": {"c": x20}})
	x22 := object.union(x21, {"a22": x21, "b22": {"c": x21}})
	x23 := object.union(x22, {"a23": x22, "b23": {"c": x22}})
	x24 := object.union(x23, {"a24": x23, "b24": {"c": x23}})
	x25 := object.union(x24, {"a25": x24, "b25": {"c": x24}})
	x26 := object.union(x25, {"a26": x25, "b26": {"c": x25}})
	x27 := object.union(x26, {"a27": x26, "b27": {"c": x26}})
	x28 := object.union(x27, {"a28": x27, "b28": {"c": x27}})
	x29 := object.union(x28, {"a29": x28, "b29": {"c": x28}})
	x30 := object.union(x29, {"a30": x29, "b30": {"c": x29}})
}

=== union_n
package t.h

o := {sprintf("k%d", [n]): n | n := numbers.range(1, 5000)[_]}
deny := [object.union_n([o, {"x": n}]) | n := numbers.range(1, 90000)[_]]

=== walk_shared
package t.h

deny := count([p | walk(x25, [p, _])]) if {
	x0 := [1]
	x1 := {"a": x0, "b": x0}
	x2 := {"a": x1, "b": x1}
	x3 := {"a": x2, "b": x2}
	x4 := {"a": x3, "b": x3}
	x5 := {"a": x4, "b": x4}
	x6 := {"a": x5, "b": x5}
	x7 := {"a": x6, "b": x6}
	x8 := {"a": x7, "b": x7}
	x9 := {"a": x8, "b": x8}
	x10 := {"a": x9, "b": x9}
	x11 := {"a": x10, "b": x10}
	x12 := {"a": x11, "b": x11}
	x13 := {"a": x12, "b": x12}
	x14 := {"a": x13, "b": x13}
	x15 := {"a": x14, "b": x14}
	x16 := {"a": x15, "b": x15}
	x17 := {"a": x16, "b": x16}
	x18 := {"a": x17, "b": x17}
	x19 := {"a": x18, "b": x18}
	x20 := {"a": x19, "b": x19}
	x21 := {"a": x20, "b": x20}
	x22 := {"a": x21, "b": x21}
	x23 := {"a": x22, "b": x22}
	x24 := {"a": x23, "b": x23}
	x25 := {"a": x24, "b": x24}
}

=== walk_of_walk
package t.h

deny := {[p, q] | walk(input, [p, _]); walk(data, [q, _]); walk(xs, [r, _]); walk(xs, [s, _]); r != s}
xs := [[n, [n]] | n := numbers.range(1, 5000)[_]]

=== units
package t.h

deny := [x | n := numbers.range(1, 90000)[_]; x := units.parse(sprintf("%d999999999999999999999999999999999999999Ei", [n]))]

=== units_digits
package t.h

nines := concat("", ["9" | numbers.range(1, 90000)[_]])
deny := [units.parse_bytes(concat("", [nines, "Ei"])) * units.parse_bytes(nines) | numbers.range(1, 90000)[_]]

=== base64_doubling
package t.h

deny := x40 if {
	x0 := concat("", ["0123456789" | numbers.range(1, 1000)[_]])
	x1 := base64.encode(concat("", [x0, x0]))
	x2 := base64.encode(concat("", [x1, x1]))
	x3 := base64.encode(concat("", [x2, x2]))
	x4 := base64.encode(concat("", [x3, x3]))
	x5 := base64.encode(concat("", [x4, x4]))
	x6 := base64.encode(concat("", [x5, x5]))
	x7 := base64.encode(concat("", [x6, x6]))
	x8 := base64.encode(concat("", [x7, x7]))
	x9 := base64.encode(concat("", [x8, x8]))
	x10 := base64.encode(concat("", [x9, x9]))
	x11 := base64.encode(concat("", [x10, x10]))
	x12 := base64.encode(concat("", [x11, x11]))
	x13 := base64.encode(concat("", [x12, x12]))
	x14 := base64.encode(concat("", [x13, x13]))
	x15 := base64.encode(concat("", [x14, x14]))
	x16 := base64.encode(concat("", [x15, x15]))
	x17 := base64.encode(concat("", [x16, x16]))
	x18 := base64.encode(concat("", [x17, x17]))
	x19 := base64.encode(concat("", [x18, x18]))
	x20 := base64.encode(concat("", [x19, x19]))
	x21 := base64.encode(concat("", [x20, x20]))
	x22 := base64.encode(concat("", [x21, x21]))
	x23 := base64.encode(concat("", [x22, x22]))
	x24 := base64.encode(concat("", [x23, x23]))
	x25 := base64.encode(concat("", [x24, x24]))
	x26 := base64.encode(concat("", [x25, x25]))
	x27 := base64.encode(concat("", [x26, x26]))
	x28 := base64.encode(concat("", [x27, x27]))
	x29 := base64.encode(concat("", [x28, x28]))
	x30 := base64.encode(concat("", [x29, x29]))
	x31 := base64.encode(concat("", [x30, x30]))
	x32 := base64.encode(concat("", [x31, x31]))
	x33 := base64.encode(concat("", [x32, x32]))
	x34 := base64.encode(concat("", [x33, x33]))
	x35 := base64.encode(concat("", [x34, x34]))
	x36 := base64.encode(concat("", [x35, x35]))
	x37 := base64.encode(concat("", [x36, x36]))
	x38 := base64.encode(concat("", [x37, x37]))
	x39 := base64.encode(concat("", [x38, x38]))
	x40 := base64.encode(concat("", [x39, x39]))
}

=== replace_n
package t.h

m := {sprintf("%d", [n]): concat("", ["9876543210" | numbers.range(1, 1000)[_]]) | n := numbers.range(0, 9)[_]}
deny := x if {
	a := strings.replace_n(m, "0123456789")
	b := strings.replace_n(m, a)
	x := strings.replace_n(m, b)
}

=== quote_meta
package t.h

deny := x40 if {
	x0 := "****"
	x1 := glob.quote_meta(x0)
	x2 := glob.quote_meta(x1)
	x3 := glob.quote_meta(x2)
	x4 := glob.quote_meta(x3)
	x5 := glob.quote_meta(x4)
	x6 := glob.quote_meta(x5)
	x7 := glob.quote_meta(x6)
	x8 := glob.quote_meta(x7)
	x9 := glob.quote_meta(x8)
	x10 := glob.quote_meta(x9)
	x11 := glob.quote_meta(x10)
	x12 := glob.quote_meta(x11)
	x13 := glob.quote_meta(x12)
	x14 := glob.quote_meta(x13)
	x15 := glob.quote_meta(x14)
	x16 := glob.quote_meta(x15)
	x17 := glob.quote_meta(x16)
	x18 := glob.quote_meta(x17)
	x19 := glob.quote_meta(x18)
	x20 := glob.quote_meta(x19)
	x21 := glob.quote_meta(x20)
	x22 := glob.quote_meta(x21)
	x23 := glob.quote_meta(x22)
	x24 := glob.quote_meta(x23)
	x25 := glob.quote_meta(x24)
	x26 := glob.quote_meta(x25)
	x27 := glob.quote_meta(x26)
	x28 := glob.quote_meta(x27)
	x29 := glob.quote_meta(x28)
	x30 := glob.quote_meta(x29)
	x31 := glob.quote_meta(x30)
	x32 := glob.quote_meta(x31)
	x33 := glob.quote_meta(x32)
	x34 := glob.quote_meta(x33)
	x35 := glob.quote_meta(x34)
	x36 := glob.quote_meta(x35)
	x37 := glob.quote_meta(x36)
	x38 := glob.quote_meta(x37)
	x39 := glob.quote_meta(x38)
	x40 := glob.quote_meta(x39)
}

=== glob_many
package t.h

deny := {n | n := numbers.range(1, 90000)[_]; glob.match(sprintf("{a,b,c{d,e{f,g}}}*%d*{x,y}*{z,[a-z]}", [n]), [], "abcdefghijklmnopqrstuvwxyz")}

=== time_format
package t.h

layout := concat(" ", ["Monday, 02-Jan-06 15:04:05.999999999 MST" | numbers.range(1, 5000)[_]])
deny := [time.format([n, "America/New_York", layout]) | n := numbers.range(1, 90000)[_]]

=== time_diff
package t.h

deny := {time.diff(n * 1000000000000, 0) | n := numbers.range(1, 99999)[_]; numbers.range(1, 99999)[_]}

=== jwt_keys
package t.h

key := concat("", ["k" | numbers.range(1, 90000)[_]])
deny := [io.jwt.encode_sign({"alg": "HS512"}, {"n": n, "k": key}, {"kty": "oct", "k": base64url.encode_no_pad(key)}) | n := numbers.range(1, 90000)[_]]

=== jwt_verify
package t.h

token := concat(".", [base64url.encode_no_pad(`{"alg":"RS256"}`), "e30", base64url.encode_no_pad("x")])
pem := concat("", ["-----BEGIN PUBLIC KEY-----\n", concat("", ["AAAA" | numbers.range(1, 90000)[_]]), "\n-----END PUBLIC KEY-----"])
deny := {n | n := numbers.range(1, 90000)[_]; not io.jwt.verify_rs256(token, pem)}

=== function_passed
package t.h

f0(x) := x + 1
f1(x) := f0(f0(x))
f2(x) := f1(f1(x))
f3(x) := f2(f2(x))
f4(x) := f3(f3(x))
f5(x) := f4(f4(x))
f6(x) := f5(f5(x))
f7(x) := f6(f6(x))
f8(x) := f7(f7(x))
f9(x) := f8(f8(x))
f10(x) := f9(f9(x))
f11(x) := f10(f10(x))
f12(x) := f11(f11(x))
f13(x) := f12(f12(x))
f14(x) := f13(f13(x))
f15(x) := f14(f14(x))
f16(x) := f15(f15(x))
f17(x) := f16(f16(x))
f18(x) := f17(f17(x))
f19(x) := f18(f18(x))
f20(x) := f19(f19(x))
f21(x) := f20(f20(x))
f22(x) := f21(f21(x))
f23(x) := f22(f22(x))
f24(x) := f23(f23(x))
f25(x) := f24(f24(x))
f26(x) := f25(f25(x))
f27(x) := f26(f26(x))
f28(x) := f27(f27(x))
f29(x) := f28(f28(x))
f30(x) := f29(f29(x))
f31(x) := f30(f30(x))
f32(x) := f31(f31(x))
f33(x) := f32(f32(x))
f34(x) := f33(f33(x))
f35(x) := f34(f34(x))
f36(x) := f35(f35(x))
f37(x) := f36(f36(x))
f38(x) := f37(f37(x))
f39(x) := f38(f38(x))

deny := f39(1)

=== with_nested
package t.h

p0 := input.n
p1 := [a, b] if {
	a := p0 with input.n as 1
	b := p0 with input.n as 101
}
p2 := [a, b] if {
	a := p1 with input.n as 2
	b := p1 with input.n as 102
}
p3 := [a, b] if {
	a := p2 with input.n as 3
	b := p2 with input.n as 103
}
p4 := [a, b] if {
	a := p3 with input.n as 4
	b := p3 with input.n as 104
}
p5 := [a, b] if {
	a := p4 with input.n as 5
	b := p4 with input.n as 105
}
p6 := [a, b] if {
	a := p5 with input.n as 6
	b := p5 with input.n as 106
}
p7 := [a, b] if {
	a := p6 with input.n as 7
	b := p6 with input.n as 107
}
p8 := [a, b] if {
	a := p7 with input.n as 8
	b := p7 with input.n as 108
}
p9 := [a, b] if {
	a := p8 with input.n as 9
	b := p8 with input.n as 109
}
p10 := [a, b] if {
	a := p9 with input.n as 10
	b := p9 with input.n as 110
}
p11 := [a, b] if {
	a := p10 with input.n as 11
	b := p10 with input.n as 111
}
p12 := [a, b] if {
	a := p11 with input.n as 12
	b := p11 with input.n as 112
}
p13 := [a, b] if {
	a := p12 with input.n as 13
	b := p12 with input.n as 113
}
p14 := [a, b] if {
	a := p13 with input.n as 14
	b := p13 with input.n as 114
}
p15 := [a, b] if {
	a := p14 with input.n as 15
	b := p14 with input.n as 115
}
p16 := [a, b] if {
	a := p15 with input.n as 16
	b := p15 with input.n as 116
}
p17 := [a, b] if {
	a := p16 with input.n as 17
	b := p16 with input.n as 117
}
p18 := [a, b] if {
	a := p17 with input.n as 18
	b := p17 with input.n as 118
}
p19 := [a, b] if {
	a := p18 with input.n as 19
	b := p18 with input.n as 119
}
p20 := [a, b] if {
	a := p19 with input.n as 20
	b := p19 with input.n as 120
}
p21 := [a, b] if {
	a := p20 with input.n as 21
	b := p20 with input.n as 121
}
p22 := [a, b] if {
	a := p21 with input.n as 22
	b := p21 with input.n as 122
}
p23 := [a, b] if {
	a := p22 with input.n as 23
	b := p22 with input.n as 123
}
p24 := [a, b] if {
	a := p23 with input.n as 24
	b := p23 with input.n as 124
}
p25 := [a, b] if {
	a := p24 with input.n as 25
	b := p24 with input.n as 125
}
p26 := [a, b] if {
	a := p25 with input.n as 26
	b := p25 with input.n as 126
}
p27 := [a, b] if {
	a := p26 with input.n as 27
	b := p26 with input.n as 127
}
p28 := [a, b] if {
	a := p27 with input.n as 28
	b := p27 with input.n as 128
}
p29 := [a, b] if {
	a := p28 with input.n as 29
	b := p28 with input.n as 129
}

deny := p29

=== deep_every
package t.h

deny if {
every x0 in numbers.range(1, 50) {
every x1 in numbers.range(1, 50) {
every x2 in numbers.range(1, 50) {
every x3 in numbers.range(1, 50) {
every x4 in numbers.range(1, 50) {
every x5 in numbers.range(1, 50) {
every x6 in numbers.range(1, 50) {
every x7 in numbers.range(1, 50) {
every x8 in numbers.range(1, 50) {
every x9 in numbers.range(1, 50) {
every x10 in numbers.range(1, 50) {
every x11 in numbers.range(1, 50) {
every x12 in numbers.range(1, 50) {
every x13 in numbers.range(1, 50) {
every x14 in numbers.range(1, 50) {
every x15 in numbers.range(1, 50) {
every x16 in numbers.range(1, 50) {
every x17 in numbers.range(1, 50) {
every x18 in numbers.range(1, 50) {
every x19 in numbers.range(1, 50) {
every x20 in numbers.range(1, 50) {
every x21 in numbers.range(1, 50) {
every x22 in numbers.range(1, 50) {
every x23 in numbers.range(1, 50) {
every x24 in numbers.range(1, 50) {
every x25 in numbers.range(1, 50) {
every x26 in numbers.range(1, 50) {
every x27 in numbers.range(1, 50) {
every x28 in numbers.range(1, 50) {
every x29 in numbers.range(1, 50) {
every x30 in numbers.range(1, 50) {
every x31 in numbers.range(1, 50) {
every x32 in numbers.range(1, 50) {
every x33 in numbers.range(1, 50) {
every x34 in numbers.range(1, 50) {
every x35 in numbers.range(1, 50) {
every x36 in numbers.range(1, 50) {
every x37 in numbers.range(1, 50) {
every x38 in numbers.range(1, 50) {
every x39 in numbers.range(1, 50) {
every x40 in numbers.range(1, 50) {
every x41 in numbers.range(1, 50) {
every x42 in numbers.range(1, 50) {
every x43 in numbers.range(1, 50) {
every x44 in numbers.range(1, 50) {
every x45 in numbers.range(1, 50) {
every x46 in numbers.range(1, 50) {
every x47 in numbers.range(1, 50) {
every x48 in numbers.range(1, 50) {
every x49 in numbers.range(1, 50) {
every x50 in numbers.range(1, 50) {
every x51 in numbers.range(1, 50) {
every x52 in numbers.range(1, 50) {
every x53 in numbers.range(1, 50) {
every x54 in numbers.range(1, 50) {
every x55 in numbers.range(1, 50) {
every x56 in numbers.range(1, 50) {
every x57 in numbers.range(1, 50) {
every x58 in numbers.range(1, 50) {
every x59 in numbers.range(1, 50) {
x0 > 0
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}
}

=== deep_some
package t.h

deny if {
	xs := numbers.range(1, 50)
	some x0 in xs
	some x1 in xs
	some x2 in xs
	some x3 in xs
	some x4 in xs
	some x5 in xs
	some x6 in xs
	some x7 in xs
	some x8 in xs
	some x9 in xs
	some x10 in xs
	some x11 in xs
	some x12 in xs
	some x13 in xs
	some x14 in xs
	some x15 in xs
	some x16 in xs
	some x17 in xs
	some x18 in xs
	some x19 in xs
	some x20 in xs
	some x21 in xs
	some x22 in xs
	some x23 in xs
	some x24 in xs
	some x25 in xs
	some x26 in xs
	some x27 in xs
	some x28 in xs
	some x29 in xs
	some x30 in xs
	some x31 in xs
	some x32 in xs
	some x33 in xs
	some x34 in xs
	some x35 in xs
	some x36 in xs
	some x37 in xs
	some x38 in xs
	some x39 in xs
	some x40 in xs
	some x41 in xs
	some x42 in xs
	some x43 in xs
	some x44 in xs
	some x45 in xs
	some x46 in xs
	some x47 in xs
	some x48 in xs
	some x49 in xs
	some x50 in xs
	some x51 in xs
	some x52 in xs
	some x53 in xs
	some x54 in xs
	some x55 in xs
	some x56 in xs
	some x57 in xs
	some x58 in xs
	some x59 in xs
	x0 + x59 == 1000
}

=== cross_product
package t.h

a := {sprintf("%d", [n]) | n := numbers.range(1, 3000)[_]}
deny := {x | some p in a; some q in a; x := concat("/", [p, q])}

=== sort_texts
package t.h

t := concat("", ["x" | numbers.range(1, 90000)[_]])
ts := [concat("", [t, sprintf("%d", [n])]) | n := numbers.range(1, 500)[_]]
deny := [sort(ts) | numbers.range(1, 90000)[_]]

=== split_many
package t.h

t := concat("", ["a," | numbers.range(1, 90000)[_]])
deny := [split(t, ",") | numbers.range(1, 90000)[_]]

=== unmarshal_many
package t.h

t := json.marshal(numbers.range(1, 90000))
deny := [json.unmarshal(t) | numbers.range(1, 90000)[_]]

=== yaml_anchors
package t.h

lines := array.concat(["a0: &a0 [x, x, x, x, x, x, x, x, x]"], [sprintf("a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]", [n, n, n - 1, n - 1, n - 1, n - 1, n - 1, n - 1, n - 1, n - 1]) | n := numbers.range(1, 12)[_]])
deny := count(json.marshal(yaml.unmarshal(concat("\n", lines))))

=== schema_many
package t.h

x := [[n, [n]] | n := numbers.range(1, 20000)[_]]
deny := {n | n := numbers.range(1, 90000)[_]; y := object.subset({"a": x}, {"a": x}); y; x == [z | z := x[_]]}

=== patch
package t.h

ops := [{"op": "add", "path": sprintf("/a/%d", [n]), "value": "0123456789"} | n := numbers.range(0, 9999)[_]]
deny := [json.patch({"a": []}, ops) | numbers.range(1, 90000)[_]]

=== cidr
package t.h

deny := [net.cidr_expand("10.0.0.0/8") | numbers.range(1, 90)[_]]

=== cidr_merge
package t.h

cs := [sprintf("10.%d.%d.0/24", [n / 256, n % 256]) | n := numbers.range(0, 60000)[_]]
deny := [net.cidr_merge(cs) | numbers.range(1, 90000)[_]]

=== graph
package t.h

g := {sprintf("%d", [n]): [sprintf("%d", [m]) | m := numbers.range(1, 300)[_]] | n := numbers.range(1, 300)[_]}
deny := [graph.reachable_paths(g, {"1"}) | numbers.range(1, 90000)[_]]

=== template
package t.h

a := concat("", ["a" | numbers.range(1, 90000)[_]])
deny := [$"{a}{a}{a}{a}{a}{a}{a}{n}" | n := numbers.range(1, 90000)[_]]

=== bits
package t.h

deny := [bits.lsh(n, 60000) | n := numbers.range(1, 90000)[_]]

=== indexof_n
package t.h

t := concat("", ["a" | numbers.range(1, 90000)[_]])
deny := [indexof_n(t, "a") | numbers.range(1, 90000)[_]]

=== hex_doubling
package t.h

deny := x40 if {
	x0 := "0123456789"
	x1 := hex.encode(x0)
	x2 := hex.encode(x1)
	x3 := hex.encode(x2)
	x4 := hex.encode(x3)
	x5 := hex.encode(x4)
	x6 := hex.encode(x5)
	x7 := hex.encode(x6)
	x8 := hex.encode(x7)
	x9 := hex.encode(x8)
	x10 := hex.encode(x9)
	x11 := hex.encode(x10)
	x12 := hex.encode(x11)
	x13 := hex.encode(x12)
	x14 := hex.encode(x13)
	x15 := hex.encode(x14)
	x16 := hex.encode(x15)
	x17 := hex.encode(x16)
	x18 := hex.encode(x17)
	x19 := hex.encode(x18)
	x20 := hex.encode(x19)
	x21 := hex.encode(x20)
	x22 := hex.encode(x21)
	x23 := hex.encode(x22)
	x24 := hex.encode(x23)
	x25 := hex.encode(x24)
	x26 := hex.encode(x25)
	x27 := hex.encode(x26)
	x28 := hex.encode(x27)
	x29 := hex.encode(x28)
	x30 := hex.encode(x29)
	x31 := hex.encode(x30)
	x32 := hex.encode(x31)
	x33 := hex.encode(x32)
	x34 := hex.encode(x33)
	x35 := hex.encode(x34)
	x36 := hex.encode(x35)
	x37 := hex.encode(x36)
	x38 := hex.encode(x37)
	x39 := hex.encode(x38)
	x40 := hex.encode(x39)
}

=== urlquery
package t.h

o := {sprintf("k%d", [n]): "ä ö ü" | n := numbers.range(1, 9000)[_]}
deny := [urlquery.encode_object(o) | numbers.range(1, 90000)[_]]

=== crypto
package t.h

t := concat("", ["a" | numbers.range(1, 90000)[_]])
deny := {crypto.hmac.sha512(t, sprintf("%d", [n])) | n := numbers.range(1, 90000)[_]}

=== partial_objects
package t.h

p[a][b][c] := [a, b, c] if {
	some a, b, c
	xs := numbers.range(1, 2000)
	xs[a]
	xs[b]
	xs[c]
}
deny := p

=== print
package t.h

t := concat("", ["a" | numbers.range(1, 90000)[_]])
deny if {
	some n in numbers.range(1, 90000)
	print(t, n, t, t)
	n == 0
}

=== to_number
package t.h

t := concat("", ["1" | numbers.range(1, 90000)[_]])
deny := [x | n := numbers.range(1, 90000)[_]; x := to_number(concat("", [t, sprintf("%d", [n])]))]

=== semver_texts
package t.h

t := concat("", ["1." | numbers.range(1, 90000)[_]])
deny := {n | n := numbers.range(1, 90000)[_]; not semver.is_valid(concat("", [t, sprintf("%d", [n])]))}
