package team.images_test

import data.team.images

pod(image) := {"kind": "Pod", "spec": {"containers": [{"name": "c", "image": image}]}}

test_latest_is_denied if {
	count(images.deny) == 1 with input as pod("i:latest")
}

test_a_version_is_taken if {
	count(images.deny) == 0 with input as pod("i:1")
}
