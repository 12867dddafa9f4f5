package root

test_root_is_denied {
	count(deny) == 1 with input as {"spec": {"containers": [{"securityContext": {"runAsUser": 0}}]}}
}
