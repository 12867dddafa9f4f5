package p

x := [[[[[[[[[[[[]]]]]]]]]]]]

deny contains "x" if x
