#!/usr/bin/env python3
"""The schema of the configuration takes what the program takes, and refuses keys that it does not know.

check_schema.py SCHEMA FILE…: configurations that the program takes. Scalars are texts, as the program reads them."""
import copy
import json
import pathlib
import sys

import jsonschema
import yaml

schema = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    values = yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for error in validator.iter_errors(values):
        sys.exit("%s: the schema refuses what the program takes: %s: %s" % (path, list(error.absolute_path), error.message[:300]))
    for place in ((), ("channels", next(iter(values["channels"]))), ("domains", next(iter(values["domains"])))):
        broken = copy.deepcopy(values)
        inner = broken
        for key in place:
            inner = inner[key]
        if not isinstance(inner, dict):
            continue
        inner["no_such_key"] = "x"
        if validator.is_valid(broken):
            sys.exit("%s: the schema takes a key that nobody knows in %s" % (path, ".".join(place) or "the file"))
print("%d configurations fit the schema" % len(sys.argv[2:]))
