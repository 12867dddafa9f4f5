package main

deny contains "other" if input.other
