# METADATA
# title: The parameters of this pack
# description: What is asked with a slip of the pen is asked all the same, or said aloud.
package kubernetes.parameters

# METADATA
# title: A parameter says what it means
# custom:
#   id: kubernetes-parameter
#   severity: error
#   subject: set
#   remedy: see the parameters in the README of the pack
deny contains finding if {
	some message in problems
	finding := {"id": "kubernetes-parameter", "message": message}
}

# METADATA
# title: A parameter is one that the pack knows
# custom:
#   id: kubernetes-parameter-unknown
#   severity: warning
#   subject: set
#   remedy: the pack knows exemptNamespaces, keys and require; another pack's are none of its business
warn contains finding if {
	some name, _ in data.params
	not name in {"exemptNamespaces", "keys", "require"}
	finding := {
		"id": "kubernetes-parameter-unknown",
		"message": sprintf("no rule reads the parameter `%s`", [name]),
	}
}

problems contains sprintf("`require` may be `encryption` or `none`, and is `%v`", [data.params.require]) if {
	not known_requirement(data.params.require)
}

problems contains "`keys` is a list of `{ name, created }`" if not is_array(object.get(data.params, "keys", []))

problems contains sprintf("`keys[%d]` is not `{ name, created }`, both texts", [index]) if {
	some index, key in listed_keys
	not names_a_key(key)
}

problems contains sprintf("`keys[%d].created` is neither a day (2026-08-01) nor RFC 3339", [index]) if {
	some index, key in listed_keys
	names_a_key(key)
	not is_day(key.created)
}

listed_keys := data.params.keys if {
	is_array(data.params.keys)
} else := []

known_requirement(value) if value in {"encryption", "none"}

known_requirement(value) if {
	is_array(value)
	every one in value {
		one == "encryption"
	}
}

names_a_key(key) if {
	is_string(key.name)
	is_string(key.created)
}

is_day(text) if regex.match(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([Tt ].*)?$`, text)
