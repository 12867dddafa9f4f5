package main

test_one if count(deny) == 1 with input as {"one": true}
