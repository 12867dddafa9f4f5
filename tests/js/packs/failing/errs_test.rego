package errs_test

half := 1

half := 2

test_divides if half == 1
