package main

test_other if count(deny) == 1 with input as {"other": true}
