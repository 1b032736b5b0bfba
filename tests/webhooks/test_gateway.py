"""What an application is told of a request, and what becomes of its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request

from webhooks.gateway import environ_of, has_body, run


@dataclass
class Asked:
    """A request as granian gives it."""

    path: str = "/"
    headers: Lines = field(default_factory=lambda: Lines([]))
    http_version: str = "1.1"
    client: str = "192.0.2.7:4711"
    server: str = "127.0.0.1:8080"
    scheme: str = "http"
    method: str = "GET"
    query_string: str = "q=%E4%BD%A0"


@dataclass
class Lines:
    """Its header lines."""

    lines: list[tuple[str, str]]

    def items(self) -> list[tuple[str, str]]:
        return self.lines


def environ(*lines: tuple[str, str], **values: Any) -> dict[str, object]:
    return environ_of(Asked(headers=Lines(list(lines)), **values))


def test_addresses_are_without_ports() -> None:
    assert environ()["REMOTE_ADDR"] == "192.0.2.7"
    assert environ(client="[2001:db8::7]:4711")["REMOTE_ADDR"] == "2001:db8::7"


def test_nobody_passes_for_the_proxy() -> None:
    made = environ(("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "203.0.113.9"))
    assert made["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"


def test_lines_of_one_name_are_joined() -> None:
    made = environ(
        ("x-forwarded-for", "a"), ("x-forwarded-for", "b"), ("cookie", "a=1"), ("cookie", "b=2")
    )
    assert made["HTTP_X_FORWARDED_FOR"] == "a,b"
    assert made["HTTP_COOKIE"] == "a=1; b=2"


def test_a_body_is_known_by_its_length_or_its_coding() -> None:
    assert not has_body(environ())
    assert not has_body(environ(("content-length", "0")))
    assert has_body(environ(("content-length", "3")))
    assert has_body(environ(("transfer-encoding", "chunked")))


def test_a_chinese_path_and_the_answer_come_whole() -> None:
    app = Flask("x")

    @app.get("/<name>")
    def say(name: str) -> tuple[list[str], int, dict[str, str]]:
        return [name, request.args["q"]], 201, {"X-Said": "yes"}

    status, headers, body = run(app, environ(path="/大湾"))
    assert status == 201
    assert ("X-Said", "yes") in headers
    assert app.json.loads(body) == ["大湾", "你"]
