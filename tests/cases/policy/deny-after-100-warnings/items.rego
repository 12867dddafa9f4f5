package items

import rego.v1

warn contains {"id": "zero", "message": "an item is 0", "at": sprintf("/items/%d", [index])} if some index, 0 in input.body.items
