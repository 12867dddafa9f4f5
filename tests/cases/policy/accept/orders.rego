package orders

import rego.v1

deny contains {"id": "amount", "message": sprintf("more than %d", [data.params.most]), "at": "/amount"} if input.body.amount > data.params.most

warn contains "sent by a test" if input.request.headers["x-test"]

deny contains {"code": "late", "message": "after hours", "at": "header:x-time", "severity": "warning"} if input.now > 1717030000

violation contains {"msg": "paths under /old end here"} if startswith(input.request.path, "/old")

deny contains {"id": "type", "message": "refunds go elsewhere", "at": "/type"} if input.event.type == "refund"
