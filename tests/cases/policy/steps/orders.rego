package orders

import rego.v1

deny contains "never" if {
	some i in numbers.range(1, 10000)
	some j in numbers.range(1, 10000)
	i * j == 7919
}
