package tests

at(path) := concat("", [sprintf("/%v", [part]) | some part in path])

# METADATA
# custom:
#   id: bad
deny contains {"id": "bad", "message": "it is bad", "at": at(path)} if {
  walk(input, [path, _])
  path[count(path) - 1] == "bad"
}

deny contains {"id": "bad", "message": "it is bad", "at": at(path)} if {
  walk(input, [path, value])
  value == "bad"
}

# METADATA
# custom:
#   id: odd
warn contains {"id": "odd", "message": "it is odd", "at": at(path)} if {
  walk(input, [path, _])
  path[count(path) - 1] == "odd"
}
