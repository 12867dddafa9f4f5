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
		{"kubernetes": "restricted"},
		{"kubernetes": {"level": "strict"}},
		{"kubernetes.level": "Restricted"},
		{"kubernetes": {"version": 1.3}},
		{"kubernetes.version": "1.30"},
		{"kubernetes": {"version": "v1.030"}},
		{"kubernetes": {"off": {"a": "b"}}},
		{"kubernetes": {"off": ["policy-pss-privilegd"]}},
	] {
		count(parameters.deny) == 1 with data.params as params
	}
}

test_a_slip_in_a_name_is_a_warning if {
	count(parameters.warn) == 1 with data.params as {"requir": "encryption"}
	count(parameters.warn) == 1 with data.params as {"kubernetes": {"levle": "baseline", "version": "latest"}}
	count(parameters.warn) == 1 with data.params as {"kubernetes.levle": "baseline"}
}

test_both_ways_to_say_a_level_are_one if {
	every params in [{"kubernetes": {"level": "restricted"}}, {"kubernetes.level": "restricted"}] {
		parameters.level == "restricted" with data.params as params
		count(parameters.deny) == 0 with data.params as params
		count(parameters.warn) == 0 with data.params as params
	}
}

test_what_is_switched_off if {
	every off in [["policy-pss-privileged", "pss-sysctls"], "policy-pss-privileged,pss-sysctls"] {
		parameters.off == {"pss-privileged", "pss-sysctls"} with data.params as {"kubernetes": {"off": off}}
		count(parameters.deny) == 0 with data.params as {"kubernetes": {"off": off}}
	}
}
