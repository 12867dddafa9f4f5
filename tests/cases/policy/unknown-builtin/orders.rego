package p

import rego.v1

deny contains "x" if http.send({"url": "http://127.0.0.1"})
