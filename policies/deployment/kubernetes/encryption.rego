# METADATA
# title: Encryption of secrets in etcd
# description: >-
#   The API server encrypts secrets before they are written to etcd, under a key that is at most 90 days old.
# related_resources:
#   - ref: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
#   - ref: https://kubernetes.io/docs/reference/config-api/apiserver-config.v1/
package kubernetes.encryption

import future.keywords.not

# METADATA
# title: The first provider for secrets encrypts
# custom:
#   id: kubernetes-etcd-encryption
#   severity: error
#   remedy: put aescbc, aesgcm, secretbox or kms first among the providers of the first entry for `secrets`
deny contains finding if {
	is_configuration(input)
	some problem in problems
	finding := {"id": "kubernetes-etcd-encryption", "message": problem.message, "at": problem.at}
}

# METADATA
# title: The first key is at most 90 days old
# custom:
#   id: kubernetes-encryption-key-age
#   severity: error
#   remedy: put a new key first, restart every API server, and rewrite all secrets
deny contains finding if {
	age_seconds > limit_seconds
	finding := {
		"id": "kubernetes-encryption-key-age",
		"message": sprintf("the first key `%s` is %d days old, and 90 are allowed", [key.name, days(age_seconds)]),
		"at": key.at,
	}
}

# METADATA
# title: The first key's age is known
# custom:
#   id: kubernetes-encryption-key-age-unknown
#   severity: warning
#   remedy: >-
#     name the key's day in `params.keys: [{ name, created }]` of a data file, or in the key's name (`key-2026-08-01`)
warn contains finding if {
	key
	not age_seconds
	finding := {
		"id": "kubernetes-encryption-key-age-unknown",
		"message": sprintf("nobody knows how old the first key %s is%s", [key_title, unknown_reason]),
		"at": key.at,
	}
}

# METADATA
# title: The set has an EncryptionConfiguration
# custom:
#   id: kubernetes-etcd-encryption-missing
#   severity: error
#   subject: set
#   remedy: add the EncryptionConfiguration that the API server is started with
deny_missing contains finding if {
	required
	is_absent
	finding := {
		"id": "kubernetes-etcd-encryption-missing",
		"message": "no document is an EncryptionConfiguration, and one is required",
	}
}

# METADATA
# title: Encryption and the age of its key were looked at
# custom:
#   id: kubernetes-etcd-encryption-unchecked
#   severity: info
#   subject: set
#   remedy: >-
#     check the EncryptionConfiguration that the API server is started with, too; --set require=encryption fails without one,
#     --set require=none says that it is checked elsewhere
deny_missing contains finding if {
	not required
	not is_waived
	is_of_kubernetes
	is_absent
	finding := {
		"id": "kubernetes-etcd-encryption-unchecked",
		"message": "no document is an EncryptionConfiguration: encryption of secrets in etcd, and a key of at most 90 days, were not checked",
	}
}

is_absent if {
	every document in data.documents {
		not is_configuration(document)
	}
}

is_of_kubernetes if {
	some document in data.documents
	is_string(document.kind)
}

is_waived if data.params.require == "none"

required if data.params.require == "encryption"

required if {
	is_array(data.params.require)
	"encryption" in data.params.require
}

# EncryptionConfig was its name before Kubernetes 1.13.
is_configuration(document) if document.kind in {"EncryptionConfiguration", "EncryptionConfig"}

# What every part below reads, so that a document of another kind or type is none of their business.
config := input if {
	is_object(input)
	is_configuration(input)
} else := {}

encrypting := {"aescbc", "aesgcm", "kms", "secretbox"}

# The first entry that is for secrets decides, and in it the first provider.
matching := [index |
	some index, candidate in config.resources
	is_array(candidate.resources)
	some name in candidate.resources
	name in {"secrets", "*.", "*.*"}
] if {
	is_array(config.resources)
} else := []

entry_at := sprintf("/resources/%d", [matching[0]])

entry := config.resources[matching[0]]

provider_at := sprintf("%s/providers/0", [entry_at])

provider := entry.providers[0] if {
	is_array(entry.providers)
	is_object(entry.providers[0])
}

names := [name | some name, _ in provider] if provider

problems contains {"message": "nothing is encrypted: the configuration has no list of `resources`", "at": ""} if {
	not is_array(object.get(config, "resources", null))
}

problems contains {"message": "no entry is for `secrets`, so they are written in plain text", "at": "/resources"} if {
	is_array(config.resources)
	count(matching) == 0
}

problems contains {"message": "the entry for `secrets` has no provider", "at": entry_at} if {
	entry
	not provider
}

problems contains {"message": message, "at": provider_at} if {
	count(names) != 1
	message := sprintf("the first provider for `secrets` must have one kind, and has %d", [count(names)])
}

problems contains {"message": message, "at": provider_at} if {
	count(names) == 1
	not names[0] in encrypting
	message := sprintf("the first provider for `secrets` is `%s`, which writes them in plain text or is unknown", [names[0]])
}

problems contains {"message": message, "at": provider_at} if {
	count(names) == 1
	names[0] in encrypting
	not settings
	message := sprintf("the first provider for `secrets`, `%s`, has no settings", [names[0]])
}

problems contains {"message": message, "at": sprintf("%s/%s", [provider_at, names[0]])} if {
	settings
	names[0] in {"aescbc", "aesgcm", "secretbox"}
	not is_object(object.get(settings, "keys", null)[0])
	message := sprintf("the first provider for `secrets`, `%s`, has no keys", [names[0]])
}

problems contains {"message": "the `apiVersion` is not one that the API server reads", "at": version_at} if {
	not object.get(config, "apiVersion", null) in {"apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1", "v1"}
}

version_at := "/apiVersion" if {
	is_string(config.apiVersion)
} else := ""

settings := provider[names[0]] if {
	count(names) == 1
	is_object(provider[names[0]])
}

# The key that new secrets are written with: its name, and where it stands. Never the key itself.
key := {"name": object.get(settings, "name", ""), "at": sprintf("%s/kms", [provider_at])} if {
	is_configuration(config)
	names[0] == "kms"
	settings
} else := {"name": object.get(settings.keys[0], "name", ""), "at": sprintf("%s/%s/keys/0", [provider_at, names[0]])} if {
	is_configuration(config)
	names[0] in encrypting
	is_array(settings.keys)
	is_object(settings.keys[0])
}

key_title := sprintf("`%s`", [key.name]) if {
	is_string(key.name)
	key.name != ""
} else := "without a name"

limit_seconds := 90 * 86400

# Clocks and time zones differ by up to a day; a date further ahead says nothing about the age.
age_seconds := max([0, data.now - created]) if created - data.now <= 86400

unknown_reason := ": its date lies in the future" if created else := ""

# The oldest of the dates that the parameters name for it, else of those in its name.
created := min(stated) if {
	count(stated) > 0
} else := min(written) if {
	count(written) > 0
	not is_stated
}

listed contains item.created if {
	is_array(data.params.keys)
	some item in data.params.keys
	item.name == key.name
}

is_stated if count(listed) > 0

stated contains seconds(date) if {
	some date in listed
}

written contains civil(parts[1], parts[2], parts[3]) if {
	is_string(key.name)
	some parts in regex.find_all_string_submatch_n(`(?:^|[^0-9])((?:19|20)[0-9]{2})[-_.]?([0-9]{2})[-_.]?([0-9]{2})(?:[^0-9]|$)`, key.name, -1)
}

# A day (`2026-08-01`) or an RFC 3339 time, in Unix seconds; undefined when there is no such day.
seconds(date) := civil(parts[1], parts[2], parts[3]) if {
	is_string(date)
	some parts in regex.find_all_string_submatch_n(`^([0-9]{4})-([0-9]{2})-([0-9]{2})$`, date, 1)
}

seconds(date) := ((civil(parts[1], parts[2], parts[3]) + (hour * 3600)) + ((minute * 60) + second)) - offset if {
	is_string(date)
	some parts in regex.find_all_string_submatch_n(`^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$`, date, 1)
	hour := number(parts[4])
	minute := number(parts[5])
	second := number(parts[6])
	hour < 24
	minute < 60
	second < 60
	offset := offset_seconds(parts[7])
}

offset_seconds(zone) := 0 if lower(zone) == "z"

offset_seconds(zone) := sign * ((number(substring(zone, 1, 2)) * 3600) + (number(substring(zone, 4, 2)) * 60)) if {
	lower(zone) != "z"
	sign := {"+": 1, "-": -1}[substring(zone, 0, 1)]
}

# Digits may begin with zeros, which no JSON number does.
number(digits) := to_number(concat("", ["1", digits])) - to_number(concat("", ["1", substring("0000", 0, count(digits))]))

# Unix seconds of a day's begin, after Howard Hinnant's days_from_civil.
civil(year_digits, month_digits, day_digits) := ((era_days + year_days) - 719468) * 86400 if {
	month := number(month_digits)
	day := number(day_digits)
	year := number(year_digits)
	month >= 1
	month <= 12
	day >= 1
	day <= month_length(year, month)
	shifted := year - march_year[month]
	era_days := floor(shifted / 400) * 146097
	of_era := shifted - (floor(shifted / 400) * 400)
	of_year := floor(((153 * march_month[month]) + 2) / 5) + (day - 1)
	year_days := ((of_era * 365) + floor(of_era / 4)) + (of_year - floor(of_era / 100))
}

march_year := {1: 1, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0, 8: 0, 9: 0, 10: 0, 11: 0, 12: 0}

march_month := {1: 10, 2: 11, 3: 0, 4: 1, 5: 2, 6: 3, 7: 4, 8: 5, 9: 6, 10: 7, 11: 8, 12: 9}

month_length(_, month) := 30 if month in {4, 6, 9, 11}

month_length(_, month) := 31 if month in {1, 3, 5, 7, 8, 10, 12}

month_length(year, 2) := 29 if leap(year)

month_length(year, 2) := 28 if not leap(year)

leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

leap(year) if year % 400 == 0

# A day that has begun counts: what is over the limit is never called as old as the limit.
days(seconds_) := ceil(seconds_ / 86400)
