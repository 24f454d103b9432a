"""Holds Compose files against a schema: SCHEMA FILE…; says each fault and ends with 1 when there is one."""

import json
import sys

import yaml
from jsonschema import Draft7Validator

with open(sys.argv[1], encoding="utf-8") as schema:
    validator = Draft7Validator(json.load(schema))
faults = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        for fault in validator.iter_errors(yaml.safe_load(file)):
            place = "/".join(str(step) for step in fault.absolute_path)
            print(f"{path}: {place}: {fault.message}", file=sys.stderr)
            faults += 1
sys.exit(1 if faults else 0)
