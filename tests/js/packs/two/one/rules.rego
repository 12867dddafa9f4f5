package main

deny contains "one" if input.one
