package kubernetes.encryption_test

import data.kubernetes.encryption
import future.keywords.not

# 2026-11-21T00:00:00Z
now := 1795219200

configuration(entries) := {"apiVersion": "apiserver.config.k8s.io/v1", "kind": "EncryptionConfiguration", "resources": entries}

with_provider(provider) := configuration([{"resources": ["secrets"], "providers": [provider, {"identity": {}}]}])

with_key(name) := with_provider({"aescbc": {"keys": [{"name": name, "secret": "c2VjcmV0"}]}})

errors(document) := {[finding.id, finding.at] |
	some finding in encryption.deny with input as document with data.now as now
}

warnings(document) := {[finding.id, finding.at] |
	some finding in encryption.warn with input as document with data.now as now
}

unencrypted(at) := {["kubernetes-etcd-encryption", at]}

old := {["kubernetes-encryption-key-age", "/resources/0/providers/0/aescbc/keys/0"]}

unknown := {["kubernetes-encryption-key-age-unknown", "/resources/0/providers/0/aescbc/keys/0"]}

test_encrypting_providers_pass if {
	every kind in ["aescbc", "aesgcm", "secretbox"] {
		document := with_provider({kind: {"keys": [{"name": "key-2026-11-01", "secret": "c2VjcmV0"}]}})
		count(errors(document)) == 0
		count(warnings(document)) == 0
	}
}

test_identity_first_fails if {
	errors(configuration([{"resources": ["secrets"], "providers": [{"identity": {}}, {"aescbc": {"keys": [{"name": "a"}]}}]}])) == unencrypted("/resources/0/providers/0")
	errors(with_provider({"rot13": {}})) == unencrypted("/resources/0/providers/0")
}

first(names, provider, others, other) := configuration([
	{"resources": names, "providers": [provider]},
	{"resources": others, "providers": [other]},
])

good_provider := {"secretbox": {"keys": [{"name": "2026-11-01"}]}}

test_entries_and_wildcards if {
	every name in ["secrets", "*.", "*.*"] {
		count(errors(first([name], good_provider, ["secrets"], {"identity": {}}))) == 0
		errors(first([name], {"identity": {}}, ["secrets"], good_provider)) == unencrypted("/resources/0/providers/0")
	}
	count(errors(first(["configmaps"], {"identity": {}}, ["events", "secrets"], good_provider))) == 0
	errors(first(["*.apps"], good_provider, ["secrets"], {"identity": {}})) == unencrypted("/resources/1/providers/0")
	errors(first(["configmaps"], good_provider, ["secrets.apps"], good_provider)) == unencrypted("/resources")
}

test_malformed_configurations_fail if {
	every entries in [null, {}, "x", 1] {
		errors(configuration(entries)) == unencrypted("")
	}
	every entries in [[], [null], [1], [{"resources": "secrets"}], [{"resources": [null, 1]}]] {
		errors(configuration(entries)) == unencrypted("/resources")
	}
	every providers in [null, {}, "x", [], [null], ["aescbc"]] {
		errors(configuration([{"resources": ["secrets"], "providers": providers}])) == unencrypted("/resources/0")
	}
	every provider in [{}, {"aescbc": {"keys": []}, "identity": {}}, {"aescbc": null}, {"aescbc": []}] {
		errors(with_provider(provider)) == unencrypted("/resources/0/providers/0")
	}
	every keys in [null, [], {}, "x", [null], [1]] {
		errors(with_provider({"aescbc": {"keys": keys}})) == unencrypted("/resources/0/providers/0/aescbc")
	}
	errors({"kind": "EncryptionConfiguration"}) == unencrypted("")
}

test_versions if {
	every version in ["v2", "", null, 1] {
		document := object.union(with_key("2026-11-01"), {"apiVersion": version})
		count(errors(document)) == 1
	}
	count(errors(object.union(with_key("2026-11-01"), {"apiVersion": "v1", "kind": "EncryptionConfig"}))) == 0
	every document in [null, 1, "x", [], {}, {"kind": "Secret"}] {
		count(errors(document)) + count(warnings(document)) == 0
	}
}

test_dates_in_names if {
	every name in ["key-2026-08-23", "key20260823", "2026_08_23", "k.2026.08.23.v2"] {
		count(errors(with_key(name))) + count(warnings(with_key(name))) == 0
	}
	every name in ["key-2026-08-22", "key20260822", "2026_08_22", "key-2026-11-01-of-2026-01-01"] {
		errors(with_key(name)) == old
		count(warnings(with_key(name))) == 0
	}
}

test_unknown_ages_warn if {
	every name in ["key1", "", null, 1, "2026-13-45", "2026-02-29", "2026-11-31", "2026-00-10", "20261301", "2027-01-01", "120260823", "key-26-08-23"] {
		warnings(with_key(name)) == unknown
		count(errors(with_key(name))) == 0
	}
	warnings(with_provider({"aescbc": {"keys": [{"secret": "c2VjcmV0"}]}})) == unknown
}

test_a_kms_key_has_no_date if {
	document := with_provider({"kms": {"apiVersion": "v2", "name": "vault", "endpoint": "unix:///s"}})
	warnings(document) == {["kubernetes-encryption-key-age-unknown", "/resources/0/providers/0/kms"]}
	count(errors(document)) == 0
	count(warnings(document)) == 0 with data.params as {"keys": [{"name": "vault", "created": "2026-11-01"}]}
}

stated(created) := {"keys": [{"name": "other", "created": "2020-01-01"}, {"name": "key1", "created": created}]}

test_stated_dates if {
	every created in ["2026-08-23", "2026-08-23T00:00:00Z", "2026-08-22T23:00:00-01:00", "2026-08-23T05:30:00.25+05:30", "2026-11-21T23:00:00Z"] {
		count(errors(with_key("key1"))) == 0 with data.params as stated(created)
		count(warnings(with_key("key1"))) == 0 with data.params as stated(created)
	}
	every created in ["2026-08-22", "2026-08-22T23:59:59Z", "2026-08-23T00:59:59+01:00"] {
		errors(with_key("key1")) == old with data.params as stated(created)
	}
}

test_wrong_stated_dates_warn if {
	every created in ["2026-13-45", "2026-11-01T25:00:00Z", "2026-11-01T10:00:00", "yesterday", "", null, 1, [], "2027-06-01"] {
		warnings(with_key("key1")) == unknown with data.params as stated(created)
		count(errors(with_key("key1"))) == 0 with data.params as stated(created)
	}
	every keys in [null, {}, "x", [null], [1], [{}], [{"name": "key1"}]] {
		warnings(with_key("key1")) == unknown with data.params as {"keys": keys}
	}
}

test_a_stated_date_counts_before_the_name if {
	errors(with_key("2026-11-01")) == old with data.params as {"keys": [{"name": "2026-11-01", "created": "2026-01-01"}]}
	warnings(with_key("2026-11-01")) == unknown with data.params as {"keys": [{"name": "2026-11-01", "created": "soon"}]}
}

test_leap_days if {
	encryption.seconds("2024-02-29") == 1709164800
	encryption.seconds("2000-02-29") == 951782400
	encryption.seconds("1970-01-01") == 0
	not encryption.seconds("1900-02-29")
}

test_the_set_may_require_one if {
	count(encryption.deny_missing) == 0 with data.documents as []
	count(encryption.deny_missing) == 1 with data.documents as [] with data.params as {"require": "encryption"}
	count(encryption.deny_missing) == 1 with data.documents as [{"kind": "Pod"}, 1] with data.params as {"require": ["encryption"]}
	count(encryption.deny_missing) == 0 with data.documents as [with_key("a")] with data.params as {"require": "encryption"}
}

unchecked := {finding.id | some finding in encryption.deny_missing}

test_what_was_not_checked_is_told if {
	note := {"kubernetes-etcd-encryption-unchecked"}
	unchecked == note with data.documents as [{"kind": "Pod"}, 1]
	unchecked == note with data.documents as [{"kind": "Pod"}] with data.params as {"require": []}
	every documents in [[], [{}], [1, null, "x"], [{"kind": 1}]] {
		count(unchecked) == 0 with data.documents as documents
	}
	count(unchecked) == 0 with data.documents as [{"kind": "Pod"}, with_key("a")]
	unchecked == {"kubernetes-etcd-encryption-missing"} with data.documents as [{"kind": "Pod"}] with data.params as {"require": "encryption"}
	count(unchecked) == 0 with data.documents as [{"kind": "Pod"}] with data.params as {"require": "none"}
}

texts(document) := text if {
	text := json.marshal(encryption.deny | encryption.warn) with input as document with data.now as now
}

test_messages_hold_no_key if {
	every document in [with_key("key1"), with_key("2020-01-01"), with_provider({"aescbc": {"keys": [{"name": 1, "secret": "c2VjcmV0"}]}})] {
		contains(texts(document), "kubernetes-encryption-key")
		not contains(texts(document), "c2VjcmV0")
	}
}
