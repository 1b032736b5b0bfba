"""Health, readiness, figures and the platform's domain files; and what the logs may say."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from models import migrate
from tests.service import COUNTY, Service, running
from tests.webhooks.test_main_job import apply
from webhooks import logs


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    account = replace(COUNTY, domain_files={"MP_verify_AbC123.txt": "AbC123"})
    with running(f"sqlite:///{tmp_path}/x.sqlite3", tmp_path, accounts=(account,)) as made:
        yield made


def test_healthy_and_ready(service: Service) -> None:
    assert service.http.get(f"{service.address}/healthz", timeout=30).json() == {"ok": True}
    answer = service.http.get(f"{service.address}/readyz", timeout=30)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


def test_not_ready_while_the_database_is_not_at_head(service: Service) -> None:
    migrate.downgrade(service.ctx.db)
    answer = service.http.get(f"{service.address}/readyz", timeout=30)
    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "database": "not at head"}
    assert service.http.get(f"{service.address}/healthz", timeout=30).ok


def test_figures_carry_nothing_personal(service: Service) -> None:
    phone, receipt = apply(service)
    service.drain()
    text = service.http.get(f"{service.address}/metrics", timeout=30).text
    assert "# TYPE" in text
    for word in ("王秀英", "17000005678", "腿", receipt, phone.openid):
        assert word not in text


def test_a_domain_file_is_served_at_the_root(service: Service) -> None:
    answer = service.http.get(f"{service.address}/MP_verify_AbC123.txt", timeout=30)
    assert (answer.text, answer.headers["Content-Type"]) == ("AbC123", "text/plain; charset=utf-8")
    for name in ("MP_verify_other.txt", "MP_verify_.txt", "AbC123.txt"):
        assert service.http.get(f"{service.address}/{name}", timeout=30).status_code == 404


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    """Logging as the tests have it, whatever a test sets up."""
    root = logging.getLogger()
    named = ("alembic", "apscheduler", "urllib3", "waitress", "wechatpy")
    levels = {name: logging.getLogger(name).level for name in named}
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("logging_put_back")
def test_an_event_is_one_line_of_json_on_stderr() -> None:
    out, written = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(written):
        logs.set_up("info")
        structlog.get_logger().info("说了", account="county")
        structlog.get_logger().debug("quiet")
    [line] = written.getvalue().splitlines()
    found = json.loads(line)
    assert (found["event"], found["account"], found["level"]) == ("说了", "county", "info")
    assert found["timestamp"].endswith("Z")
    assert out.getvalue() == ""


@pytest.mark.usefixtures("logging_put_back")
def test_what_would_write_addresses_with_tokens_is_kept_quiet() -> None:
    written = io.StringIO()
    with redirect_stderr(written):
        logs.set_up("debug")
        for name in ("urllib3.connectionpool", "wechatpy", "apscheduler.executors"):
            logging.getLogger(name).debug("GET /cgi-bin/x?access_token=secret")
        logging.getLogger("anything.else").info("heard")
    assert written.getvalue() == "heard\n"
