package lib.text

is_long(text) if count(text) > 3
