package shop_test

import data.shop

pod(image) := {"metadata": {"name": "p", "labels": {"owner": "a"}}, "spec": {"containers": [{"name": "c", "image": image}]}}

test_version if count(shop.deny) == 0 with input as pod("web:1.4.2")

test_latest if count(shop.deny) == 2 with input as pod("web:latest")

half := 1

half := 2

test_error if half == 1

todo_tag if false
