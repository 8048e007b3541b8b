"""/api/docs: the OpenAPI description as one plain page that loads nothing.

Knows the shape of OpenAPI; nothing of the routes.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Inweight API</title>
<meta name="viewport" content="width=device-width">
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:52rem;margin:2rem auto;
padding:0 1rem}h2{font-size:1rem;margin:2rem 0 0}p{margin:.2rem 0}li{font-size:.9rem}</style>
<h1>Inweight API</h1><p>The same for programs: <a href="openapi.json">openapi.json</a></p>"""


def page(schema: dict[str, Any]) -> str:
    """HTML with every operation, what it takes and what it does."""
    return "\n".join([_HEAD, *_operations(schema)])


def _operations(schema: dict[str, Any]) -> Iterator[str]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p>{escape(operation.get('description', ''))}</p>"
            fields = [*_parameters(operation), *_body(operation, schema)]
            if fields:
                yield "<ul>" + "".join(f"<li>{field}</li>" for field in fields) + "</ul>"


def _parameters(operation: dict[str, Any]) -> Iterator[str]:
    for row in operation.get("parameters", []):
        yield _field(row["name"], row["schema"])


def _body(operation: dict[str, Any], schema: dict[str, Any]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref")
    if reference:
        model = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
        for name, row in model["properties"].items():
            yield _field(name, row)


def _field(name: str, row: dict[str, Any]) -> str:
    told = f" – {escape(row['description'])}" if "description" in row else ""
    return f"<code>{escape(name)}</code> {escape(_kind(row))}{told}"


def _kind(row: dict[str, Any]) -> str:
    if "anyOf" in row:
        return " or ".join(_kind(option) for option in row["anyOf"])
    if "items" in row:
        return f"list of {_kind(row['items'])}"
    if "$ref" in row:
        return str(row["$ref"]).rsplit("/", 1)[1]
    return str(row.get("type", "any"))
