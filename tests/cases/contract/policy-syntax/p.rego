package p

deny contains "x" if {
