"""Configurations for dmarcwarn from Python values: JSON is YAML, so no YAML writer is needed."""
import json


def text(values):
    """A YAML document, one line an entry of each section."""
    lines = []
    for section, entries in values.items():
        if isinstance(entries, dict):
            lines.append("%s:" % section)
            lines += ["  %s: %s" % (json.dumps(str(k), ensure_ascii=False), json.dumps(v, ensure_ascii=False)) for k, v in entries.items()]
        else:
            lines.append("%s: %s" % (section, json.dumps(entries, ensure_ascii=False)))
    return "\n".join(lines) + "\n"


def write(path, values):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text(values))
    return path
