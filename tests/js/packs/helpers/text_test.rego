package helpers_test

import data.helpers

test_long if helpers.is_long("four")
