"""`yimen web` as several real processes on one port: what it says, survives and refuses."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.processes import command, deliver, envelope, free_port, wait_for
from tests.webhooks.test_limits import ready

SLOW = b"POST /wechat/county?openid=o_secret HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\nabc"


@dataclass
class Web:
    """A running `yimen web` of two processes, its log in a file."""

    config: Path
    port: int
    parent: psutil.Process
    log: Path

    def children(self) -> list[psutil.Process]:
        return self.parent.children()

    def ask(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        names = {name.replace("__", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=names)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    config = ready(tmp_path, f"sqlite:///{tmp_path / 'yimen.sqlite3'}")
    config.write_text(config.read_text().replace('log_level = "error"', 'log_level = "info"'))
    port, log = free_port(), tmp_path / "log"
    words = command(config, "web", "--port", str(port), "--processes", "2", "--threads", "2")
    with log.open("wb") as file, subprocess.Popen(words, stderr=file, stdout=file) as process:
        try:
            wait_for(port, 60)
            until(lambda: log.read_text().count('"answering"') == 2, 60)
            yield Web(config, port, psutil.Process(process.pid), log)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(15)


def test_both_processes_answer(web: Web) -> None:
    before = {child.pid: child.cpu_times().user for child in web.children()}
    assert len(before) == 2

    def both_have_worked() -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
        for _ in range(10):
            assert deliver(connection, envelope("o_both", "我要求助"))
        connection.close()
        return all(child.cpu_times().user > before[child.pid] for child in web.children())

    until(both_have_worked)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_and_what_is_open_does_not_hold_it(
    number: signal.Signals, web: Web
) -> None:
    children = web.children()
    kept = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
    kept.request("GET", "/healthz")
    assert kept.getresponse().read()
    web.parent.send_signal(number)
    assert web.parent.wait(8) == 0
    kept.close()
    assert psutil.wait_procs(children, 1)[1] == []
    assert '"stopped"' in web.log.read_text()
    assert '"error"' not in web.log.read_text()


def test_a_taken_port_is_said(web: Web) -> None:
    second = subprocess.run(
        command(web.config, "web", "--port", str(web.port)), capture_output=True, text=True,
        timeout=60,
    )
    assert (second.returncode, second.stdout) == (2, "")
    place = f"127.0.0.1:{web.port}"
    assert second.stderr == f"yimen: cannot listen on {place}: Address already in use\n"


@pytest.mark.parametrize("host", ["no.such.host.invalid", "x" * 70])
def test_a_host_that_is_none_is_said(host: str, web: Web) -> None:
    said = subprocess.run(
        command(web.config, "web", "--host", host), capture_output=True, text=True, timeout=60
    )
    assert said.returncode == 2
    assert said.stderr == f"yimen: cannot listen on {host}:8080: no such address\n"


def test_a_process_that_is_killed_comes_back(web: Web) -> None:
    first, other = web.children()
    first.kill()
    until(lambda: web.log.read_text().count('"answering"') == 3)
    now = web.children()
    assert len(now) == 2
    assert other in now
    assert first not in now
    assert web.ask("/healthz").status == 200


def test_no_process_outlives_its_parent(web: Web) -> None:
    children = web.children()
    web.parent.kill()
    assert psutil.wait_procs(children, 10)[1] == []


def test_slow_uploads_hold_no_thread(web: Web) -> None:
    slow = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(20)]
    for connection in slow:
        connection.sendall(SLOW)
    time.sleep(0.5)
    for _ in range(8):
        assert web.ask("/healthz").status == 200
    for connection in slow:
        connection.close()
    # What was broken off came to nobody.
    assert web.ask("/healthz").status == 200
    assert "refused" not in web.log.read_text()


def test_what_is_too_long_is_refused_with_our_page(web: Web) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=10)
    connection.putrequest("POST", "/m/apply")
    connection.putheader("Content-Length", str(200 * 1024 * 1024))
    connection.endheaders(b"x")
    answer = connection.getresponse()
    assert answer.status == 413
    assert "<!doctype html>" in answer.read().decode()
    connection.close()
    assert web.ask("/", X="y" * 400_000).status == 431


def test_the_log_is_json_without_addresses(web: Web) -> None:
    for path in ("/healthz", "/no/such", "/wechat/county"):
        web.ask(f"{path}?openid=o_secret")
    web.children()[0].kill()
    until(lambda: web.log.read_text().count('"answering"') == 3)
    web.parent.terminate()
    web.parent.wait(10)
    lines = web.log.read_text().splitlines()
    assert all(json.loads(line)["event"] for line in lines)
    assert not re.search("o_secret|openid|/healthz|/no/such", "\n".join(lines))
