#!/usr/bin/env python3
"""What webhooks are sent fits the schema that is installed, and the schema tells of every member that is sent.

schema.py FOLDER SCHEMA"""
import json
import pathlib
import sys

import jsonschema

folder, path = pathlib.Path(sys.argv[1]), sys.argv[2]
schema = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def untold(value, form, where):
    """Members that the schema does not name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in form.get("properties", {}):
                yield where + "." + key
            else:
                yield from untold(inner, form["properties"][key], where + "." + key)
    elif isinstance(value, list):
        for inner in value:
            yield from untold(inner, form["items"], where + "[]")


seen = 0
for file in sorted(folder.glob("*.webhook")):
    sent = json.loads(file.read_bytes())
    validator.validate(sent)
    missing = sorted(set(untold(sent, schema, "")))
    assert not missing, "%s: the schema does not tell of %s" % (file.name, missing)
    seen += 1
    broken = dict(sent, id="x")
    assert not validator.is_valid(broken), "the schema forbids nothing"
assert seen > 20
print("%d payloads fit the schema" % seen)
