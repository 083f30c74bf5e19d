"""Holds every reply against the OpenAPI document that the server itself serves."""

import re

import jsonschema
import requests


class Documented:
    """The document and its validators. `missing`: the server serves none (tests/api/system says so, once)."""

    def __init__(self, url):
        reply = requests.get(url + "/api/v4/anser/openapi.json", timeout=10)
        self.missing = reply.status_code != 200
        self.document = {} if self.missing else reply.json()
        self.routes = []
        self.validators = {}
        base = (self.document.get("servers") or [{}])[0].get("url", "")
        base = re.sub(r"^https?://[^/]+", "", base).rstrip("/")
        for path, operations in self.document.get("paths", {}).items():
            full = path if path.startswith("/api/") or not base else base + path
            pattern = re.compile("^" + "/".join("[^/]+" if p.startswith("{") else re.escape(p) for p in full.split("/")) + "/?$")
            # Where two match, the one with fewer placeholders is meant; of these, the one whose first comes later.
            rank = tuple(part.startswith("{") for part in full.split("/"))
            self.routes.append((rank, pattern, full, operations))
        self.routes.sort(key=lambda route: (sum(route[0]), route[0]))
        self.resolver = jsonschema.RefResolver("", self.document)

    def find(self, method, path):
        """(path template, operation) or (None, None). HEAD is answered wherever GET is."""
        method = "GET" if method == "HEAD" else method
        for _, pattern, full, operations in self.routes:
            if method.lower() in operations and pattern.match(path):
                return full, operations[method.lower()]
        return None, None

    def operations(self):
        for _, _, full, operations in self.routes:
            for method, operation in operations.items():
                if method in ("get", "put", "post", "patch", "delete", "head"):
                    yield method.upper(), full, operation

    def follow(self, node):
        while isinstance(node, dict) and "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def check(self, method, path, reply):
        if self.missing or not path.startswith("/api/v4/") or path == "/api/v4/websocket":  # that is no REST
            return
        full, operation = self.find(method, path)
        if operation is None:
            if reply.status_code in (404, 405, 413, 414):
                return
            raise AssertionError(f"{method} {path[:100]} answered {reply.status_code} but is not in the OpenAPI document")
        answers = operation.get("responses", {})
        status = str(reply.status_code)
        answer = answers.get(status) or answers.get(status[0] + "XX") or answers.get("default")
        if answer is None:
            raise AssertionError(f"{method} {full} answered {status}, which the OpenAPI document does not have: {reply.text[:300]}")
        content = self.follow(answer).get("content") or {}
        kind = reply.headers.get("Content-Type", "").split(";")[0]
        if method == "HEAD" or kind != "application/json":
            return
        schema = (content.get("application/json") or {}).get("schema")
        if schema is None:
            raise AssertionError(f"{method} {full}: {status} is documented without JSON but has {reply.text[:200]}")
        key = (method, full, status)
        validator = self.validators.get(key)
        if validator is None:
            validator = self.validators[key] = jsonschema.Draft202012Validator(schema, resolver=self.resolver)
        errors = sorted(validator.iter_errors(reply.json()), key=lambda e: len(e.absolute_path))
        if errors:
            told = "; ".join(f"{'/'.join(map(str, e.absolute_path)) or '(top)'}: {e.message[:200]}" for e in errors[:4])
            raise AssertionError(f"{method} {full} {status} differs from the OpenAPI document: {told}")
