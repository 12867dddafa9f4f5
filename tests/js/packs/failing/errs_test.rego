package errs_test

test_divides if 1 / count([]) == 1
