package helpers

is_long(text) if count(text) > 3
