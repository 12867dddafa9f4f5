package total

import rego.v1

deny contains {"id": "amount", "message": "more than 100", "at": "/amount"} if input.body.amount > 100
