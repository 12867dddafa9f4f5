package names_test

import data.names

test_a_name_is_asked_for if {
	found := names.deny with input as {"metadata": {}}
	print("found", found)
	count(found) == 2
}

test_table[name] if {
	some name, case in {
		"with a name": {"metadata": {"name": "n"}, "count": 0},
		"<without> & \"none\"": {"metadata": {}, "count": 0},
	}
	count(names.deny) == case.count with input as case
}

test_passes if true

todo_test_later if false
