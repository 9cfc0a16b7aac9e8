#!/usr/bin/python3
# SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
"""Check JSON on stdin against a JSON Schema (2020-12): usage: validate.py SCHEMA"""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as text:
    schema = json.load(text)
validator = jsonschema.Draft202012Validator
validator.check_schema(schema)
assert schema["$schema"] == validator.META_SCHEMA["$id"]
errors = [error.message for error in validator(schema).iter_errors(json.load(sys.stdin))]
print("\n".join(errors), end="")
sys.exit(bool(errors))
