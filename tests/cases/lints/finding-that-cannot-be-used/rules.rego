package slips

deny contains {"message": "a place that is no pointer", "at": "spec.foo"} if input.kind == "Namespace"

violation contains {"message": "a document that is not there", "document": 99} if input.kind == "Namespace"

warn contains {"message": "a member that nothing reads", "sevrity": "error"} if input.kind == "Namespace"
