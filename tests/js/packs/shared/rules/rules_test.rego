package rules

test_long if count(deny) == 1 with input as {"name": "four"}
