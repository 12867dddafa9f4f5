package rules

import data.lib.text

deny contains "long" if text.is_long(input.name)
