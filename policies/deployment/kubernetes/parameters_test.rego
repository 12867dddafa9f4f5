package kubernetes.parameters_test

import data.kubernetes.parameters

test_known_parameters_say_nothing if {
	count(parameters.deny) == 0 with data.params as {
		"require": "encryption",
		"keys": [{"name": "a", "created": "2026-08-01"}, {"name": "b", "created": "2026-08-01T00:00:00Z"}],
		"exemptNamespaces": ["kube-system"],
	}
	count(parameters.warn) == 0 with data.params as {"require": ["encryption"]}
}

test_no_parameters_say_nothing if {
	count(parameters.deny) == 0 with data.params as {}
	count(parameters.warn) == 0 with data.params as {}
}

test_a_slip_in_a_value_is_an_error if {
	every params in [
		{"require": "encrypton"},
		{"require": true},
		{"keys": {"key1": "2026-08-01"}},
		{"keys": [{"nam": "key1", "created": "2026-08-01"}]},
		{"keys": [{"name": "key1", "created": "2026-13-01"}]},
		{"keys": ["key1"]},
	] {
		count(parameters.deny) == 1 with data.params as params
	}
}

test_a_slip_in_a_name_is_a_warning if {
	count(parameters.warn) == 1 with data.params as {"requir": "encryption"}
}
