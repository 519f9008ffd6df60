"""Holds what a server answers against the OpenAPI document that it gives."""
import json
import re
import urllib.parse


class Shapes:
    def __init__(self, document):
        self.named = document["components"]["schemas"]
        self.operations = []
        for path, methods in document["paths"].items():
            pattern = re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", path)))
            for method, operation in methods.items():
                answers = operation["responses"]["2XX"].get("content", {})
                self.operations.append((path.count("{"), method.upper(), pattern, operation["operationId"], answers))
        self.operations.sort(key=lambda o: o[0])

    def wrong(self, method, path, status, kind, body):
        """What of an answer is not as the document says; None: all is."""
        if not 200 <= status < 300:
            return None
        path = urllib.parse.urlsplit(path).path
        for _, m, pattern, name, answers in self.operations:
            if m != method or not pattern.fullmatch(path):
                continue
            schema = answers.get("application/json", {}).get("schema")
            if schema is None:
                return f"{name}: an answer in JSON that is not described" if kind.startswith("application/json") and body and "*/*" not in answers else None
            found = self.check(schema, json.loads(body))
            return f"{name}: {found}" if found else None
        return f"{method} {path} is no operation of the document"

    def check(self, schema, value, at="it"):
        if "$ref" in schema:
            return self.check(self.named[schema["$ref"].rsplit("/", 1)[1]], value, at)
        if "anyOf" in schema:
            all_wrong = [self.check(s, value, at) for s in schema["anyOf"]]
            return None if None in all_wrong else f"{at} is none of what it may be ({'; '.join(all_wrong)})"
        if "enum" in schema and value not in schema["enum"] or "const" in schema and value != schema["const"]:
            return f"{at} is {value!r}"
        kind = schema.get("type")
        right = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None), "array": list, "object": dict}
        if kind and (not isinstance(value, right[kind]) or isinstance(value, bool) != (kind == "boolean")):
            return f"{at} is {value!r} and no {kind}"
        if "prefixItems" in schema:
            if len(value) != len(schema["prefixItems"]):
                return f"{at} has {len(value)} members"
            return next((w for i, v in enumerate(value) if (w := self.check(schema["prefixItems"][i], v, f"{at}[{i}]"))), None)
        if kind == "array":
            return next((w for i, v in enumerate(value) if (w := self.check(schema["items"], v, f"{at}[{i}]"))), None)
        if kind == "object":
            missing = [r for r in schema["required"] if r not in value]
            if missing:
                return f"{at} has no {missing[0]}"
            for name, v in value.items():
                inner = schema["properties"].get(name, schema["additionalProperties"])
                if inner is False:
                    return f"{at} has a {name}, which is not described"
                if w := self.check(inner, v, f"{at}.{name}"):
                    return w
        return None
