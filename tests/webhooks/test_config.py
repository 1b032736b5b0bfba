"""A wrong configuration is refused: one line a fault, each with file, key and what is allowed."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from models.sealed import KeyRing
from tests.service import AES_KEY
from webhooks import config
from webhooks.config import ConfigFault

KEYS = KeyRing.generate()
# A value that no line may repeat.
HIDDEN = "hunter2"
GOOD = f"""\
environment = "demo"
public_url = "http://127.0.0.1:8080"
database_url = "sqlite:///yimen.sqlite3"
storage_url = "file:///papers"
keys = "{' '.join(KEYS.split())}"

[[accounts]]
slug = "county"
name = "云溪一门"
area = "450799000000"
app_id = "wxcounty"
original_id = "gh_county"
secret = "county-secret"
token = "countytoken"
aes_key = "{AES_KEY}"

[deadlines]
registration = {{ days = 3, basis = "test", from = 2026-07-01 }}
urgent_registration = {{ days = 1, basis = "test", from = 2026-07-01 }}
acceptance = {{ days = 5, basis = "test", from = 2026-07-01 }}
decision = {{ days = 20, basis = "test", from = 2026-07-01 }}
"""
REAL = GOOD.replace('"demo"', '"production"').replace("http://127.0.0.1:8080", "https://x.test")
SECOND = f"""
[[accounts]]
slug = "village"
name = "大湾村一门"
area = "450799101200"
app_id = "wxvillage"
original_id = "gh_village"
secret = "village-secret"
token = "villagetoken"
aes_key = "{AES_KEY}"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, **environ: str) -> list[str]:
    """The lines that refuse this file, without its name."""
    path = write(folder, text)
    with pytest.raises(ConfigFault) as refused:
        config.load(path, environ)
    lines = refused.value.lines
    assert all(line.startswith(f"{path}: ") for line in lines), lines
    assert all("\n" not in line for line in lines)
    assert HIDDEN not in str(refused.value)
    return [line.removeprefix(f"{path}: ") for line in lines]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def top(line: str) -> str:
    """With one more key above the first table."""
    return f"{line}\n{GOOD}"


def account(line: str) -> str:
    """With one more key in the account."""
    return changed('slug = "county"', f'slug = "county"\n{line}')


def test_a_good_file_is_read(tmp_path: Path) -> None:
    settings = config.load(write(tmp_path, GOOD + SECOND), {})
    assert [a.slug for a in settings.accounts] == ["county", "village"]
    assert settings.deadlines.decision.days == 20
    assert settings.time_zone == "Asia/Shanghai"


def without_accounts(line: str = "") -> str:
    head, tail = GOOD.split("[[accounts]]")
    return f"{line}\n{head}[deadlines]{tail.split('[deadlines]')[1]}"


REFUSED = {
    # no such key, at every level
    "top": (top("nope = 1"), "nope: no such key"),
    "account": (account("nope = 1"), "accounts[0].nope: no such key"),
    "template": (account('templates = { nope = "x" }'), "accounts[0].templates.nope: no such key"),
    "subscription": (
        account('subscriptions = { staff_task = "x" }'),
        "accounts[0].subscriptions.staff_task: no such key",
    ),
    "sdk": (account('js_sdk_url = "jweixin.js"'), "accounts[0].js_sdk_url: must be the address"),
    "deadline": (
        changed("[deadlines]\n", "[deadlines]\nnope = 1\n"),
        "deadlines.nope: no such key",
    ),
    "length": (
        changed("days = 20,", "days = 20, nope = 1,"), "deadlines.decision.nope: no such key",
    ),
    "length in the settings' own spelling": (
        changed("days = 20,", "days = 20, from_ = 2026-07-01,"),
        "deadlines.decision.from_: no such key",
    ),
    "pushes": (GOOD + "[pushes]\nnope = 1\n", "pushes.nope: no such key"),
    "limits": (GOOD + "[limits]\nnope = 1\n", "limits.nope: no such key"),
    "hotline": (
        GOOD + '[hotlines.heart]\nname = "x"\nnumber = "12356"\nsource = "x"\nnope = 1\n',
        "hotlines.heart.nope: no such key",
    ),
    # missing
    "no environment": (changed('environment = "demo"\n', ""), "environment: is missing"),
    "no url": (changed('public_url = "http://127.0.0.1:8080"\n', ""), "public_url: is missing"),
    "no slug": (changed('slug = "county"\n', ""), "accounts[0].slug: is missing"),
    "no secret": (
        changed('secret = "county-secret"\n', ""),
        "accounts[0].secret: is missing; set it here, in secret_file, or in "
        "YIMEN_ACCOUNT_<SLUG>_SECRET",
    ),
    "no keys": (
        changed(f'keys = "{" ".join(KEYS.split())}"\n', ""),
        "keys: is missing; set it here, in keys_file, or in YIMEN_KEYS",
    ),
    "no basis": (
        changed('days = 20, basis = "test"', "days = 20"), "deadlines.decision.basis: is missing",
    ),
    "no since": (
        changed('days = 20, basis = "test", from = 2026-07-01', 'days = 20, basis = "test"'),
        "deadlines.decision.from: is missing",
    ),
    "no accounts": (without_accounts(), "accounts: is missing"),
    "none of the accounts": (without_accounts("accounts = []"), "accounts: at least one"),
    # of the wrong type
    "number for text": (changed('name = "云溪一门"', "name = 7"), "accounts[0].name: must be text"),
    "text for number": (
        changed("days = 20", 'days = "20"'),
        "decision.days: must be a whole number",
    ),
    "part for whole": (
        changed("days = 20", "days = 20.5"),
        "decision.days: must be a whole number",
    ),
    "truth for number": (
        changed("days = 20", "days = true"),
        "decision.days: must be a whole number",
    ),
    "text for truth": (account('verified = "yes"'), "accounts[0].verified: must be true or false"),
    "number for truth": (account("verified = 1"), "accounts[0].verified: must be true or false"),
    "text for seconds": (
        GOOD + '[pushes]\nread_timeout = "5"\n', "pushes.read_timeout: must be a number",
    ),
    "text for a day": (
        changed("days = 20, basis = \"test\", from = 2026-07-01",
                f'days = 20, basis = "test", from = "{HIDDEN}"'),
        "deadlines.decision.from: must be a day, such as 2026-07-01",
    ),
    "number for a day": (
        changed("days = 20, basis = \"test\", from = 2026-07-01",
                'days = 20, basis = "test", from = 2026'),
        "deadlines.decision.from: must be a day",
    ),
    "value for a table": (top("pushes = 3"), "pushes: must be a table"),
    "value for templates": (
        account(f'templates = "{HIDDEN}"'),
        "accounts[0].templates: must be a table",
    ),
    "table for accounts": (without_accounts("accounts = { x = 1 }"), "accounts: must be tables"),
    "number for a secret's file": (
        changed('secret = "county-secret"', "secret_file = 7"),
        "accounts[0].secret (from secret_file): must be a path in quotes",
    ),
    # of the right type, without meaning
    "environment": (
        changed('"demo"', f'"{HIDDEN}"'),
        "environment: must be 'production' or 'demo'",
    ),
    "mode": (
        account(f'mode = "{HIDDEN}"'),
        "accounts[0].mode: must be 'safe', 'compatible' or 'plain'",
    ),
    "kind": (
        account(f'kind = "{HIDDEN}"'),
        "accounts[0].kind: must be 'service' or 'subscription'",
    ),
    "unit": (
        changed("days = 20,", f'days = 20, unit = "{HIDDEN}",'),
        "deadlines.decision.unit: must be 'working_days' or 'days'",
    ),
    "log level": (top(f'log_level = "{HIDDEN}"'), "log_level: must be 'debug'"),
    "url without a scheme": (
        changed("http://127.0.0.1:8080", HIDDEN),
        "public_url: must be https://",
    ),
    "url of another kind": (
        changed("http://127.0.0.1:8080", f"ftp://{HIDDEN}"), "public_url: must be https://",
    ),
    "url with a path": (
        changed("http://127.0.0.1:8080", f"http://x/{HIDDEN}"), "public_url: must be https://",
    ),
    "url with a bad port": (
        changed("http://127.0.0.1:8080", "http://x:99999"), "public_url: must be https://",
    ),
    "production over http": (
        changed('"demo"', '"production"'), "public_url: must begin with https:// in production",
    ),
    "another database": (
        changed("sqlite:///yimen.sqlite3", f"mysql://root:{HIDDEN}@localhost/x"),
        "database_url: must be sqlite",
    ),
    "another driver": (
        changed("sqlite:///yimen.sqlite3", f"postgresql+asyncpg://root:{HIDDEN}@localhost/x"),
        "database_url: must be sqlite",
    ),
    "no database": (changed("sqlite:///yimen.sqlite3", HIDDEN), "database_url: must be sqlite"),
    "a database in memory": (
        changed("sqlite:///yimen.sqlite3", "sqlite://"),
        "database_url: must be",
    ),
    "a database's bad port": (
        changed("sqlite:///yimen.sqlite3", f"postgresql://u:{HIDDEN}@h:port/x"),
        "database_url: must be",
    ),
    "redis": (top(f'redis_url = "{HIDDEN}"'), "redis_url: must be empty, redis://host"),
    "redis over http": (top('redis_url = "http://localhost"'), "redis_url: must be empty"),
    "redis without a host": (top('redis_url = "redis://"'), "redis_url: must be empty"),
    "store": (changed("file:///papers", f"{HIDDEN}://x"), "storage_url: must be file:///folder"),
    "a plain path for a store": (changed("file:///papers", "/papers"), "storage_url: must be file"),
    "proxy": (top(f'http_proxy = "{HIDDEN}"'), "http_proxy: must be empty or http://host:port"),
    "proxies": (top("trusted_proxies = -1"), "trusted_proxies: must be 0 to 9"),
    "zone": (top(f'time_zone = "{HIDDEN}"'), "time_zone: must be a time zone"),
    "a zone's path": (top('time_zone = "../../etc/passwd"'), "time_zone: must be a time zone"),
    "language": (top(f'locale = "{HIDDEN}"'), "locale: must be one of zh_Hans_CN"),
    "languages": (top(f'languages = "{HIDDEN}"'), "languages: must be empty or the absolute"),
    "no such folder": (top('languages = "/no/such/folder"'), "languages: must be empty or"),
    "slug": (
        changed('slug = "county"', 'slug = "Coun ty"'),
        "accounts[0].slug: must be small letters",
    ),
    "empty name": (changed("云溪一门", " "), "accounts[0].name: must not be empty"),
    "area": (changed("450799000000", "4507990000"), "accounts[0].area: must be a 12-digit"),
    "area in other digits": (changed("450799000000", "４５０７９９００００００"), "area: must"),
    "app id": (changed("wxcounty", HIDDEN), "accounts[0].app_id: must be the platform's AppID"),
    "original id": (
        changed("gh_county", HIDDEN),
        "accounts[0].original_id: must be the platform's",
    ),
    "secret": (
        changed("county-secret", ""),
        "accounts[0].secret: must be the platform's AppSecret",
    ),
    "token": (changed('"countytoken"', f'"{HIDDEN}!"'), "accounts[0].token: must be 3 to 32"),
    "short AES key": (changed(AES_KEY, AES_KEY[1:]), "accounts[0].aes_key: must be 43 letters"),
    "AES key with its =": (changed(AES_KEY, AES_KEY + "="), "accounts[0].aes_key: must be 43"),
    "AES key of other signs": (
        changed(AES_KEY, "!" + AES_KEY[1:]),
        "accounts[0].aes_key: must be 43",
    ),
    "no AES key in safe mode": (changed(AES_KEY, ""), "accounts[0].aes_key: must be 43 letters"),
    "bad previous AES key": (
        account(f'previous_aes_key = "{HIDDEN}"'), "accounts[0].previous_aes_key: must be 43",
    ),
    "api": (account(f'api_base_url = "{HIDDEN}"'), "accounts[0].api_base_url: must be an address"),
    "domain file": (
        account(f'domain_files = {{ "{HIDDEN}" = "x" }}'),
        "accounts[0].domain_files: a name is MP_",
    ),
    "same slug": (GOOD + SECOND.replace('"village"', '"county"'), "accounts.slug: must differ"),
    "same app id": (GOOD + SECOND.replace("wxvillage", "wxcounty"), "accounts.app_id: must differ"),
    "same original id": (
        GOOD + SECOND.replace("gh_village", "gh_county"),
        "accounts.original_id: must",
    ),
    "second account": (
        GOOD + SECOND.replace("450799101200", "x"),
        "accounts[1].area: must be a 12",
    ),
    "no days": (changed("days = 20", "days = 0"), "deadlines.decision.days: must be 1 to 366"),
    "empty basis": (
        changed('days = 20, basis = "test"', 'days = 20, basis = " "'),
        "deadlines.decision.basis: must name the clause",
    ),
    "long basis": (
        changed('days = 20, basis = "test"', f'days = 20, basis = "{"条" * 201}"'),
        "deadlines.decision.basis: must name the clause",
    ),
    "tries": (GOOD + "[pushes]\ntries = 0\n", "pushes.tries: must be 1 to 20"),
    "lease": (GOOD + "[pushes]\nlease_seconds = 5\n", "pushes.lease_seconds: must be 20 to 3600"),
    "expiry": (GOOD + "[pushes]\nexpire_days = 0\n", "pushes.expire_days: must be 1 to 30"),
    "no timeout": (GOOD + "[pushes]\nread_timeout = inf\n", "pushes.read_timeout: must be 0.1"),
    "nothing like a timeout": (
        GOOD + "[pushes]\nread_timeout = nan\n",
        "pushes.read_timeout: must",
    ),
    "quiet": (GOOD + '[pushes]\nquiet = "25-8"\n', "pushes.quiet: must be hours such as 21-8"),
    "texts to nobody": (
        REAL + '[sms]\nkind = "console"\n', "sms.kind: must be none or gateway in production",
    ),
    "no gateway": (GOOD + '[sms]\nkind = "gateway"\n', "sms.url: must be the gateway's address"),
    "open gateway": (
        REAL + '[sms]\nkind = "gateway"\nurl = "http://sms.test/"\n', "sms.url: must begin with",
    ),
    "long wait": (GOOD + "[sms]\nafter_hours = 100\n", "sms.after_hours: must be 0 to 72"),
    "long sign": (GOOD + f'[sms]\nsign = "{"签" * 13}"\n', "sms.sign: must be at most 12"),
    "rate": (GOOD + f'[limits]\ntrack = "{HIDDEN}"\n', "limits.track: must be rates such as"),
    "hotline number": (
        GOOD + f'[hotlines.heart]\nname = "x"\nnumber = "{HIDDEN}"\nsource = "x"\n',
        "hotlines.heart.number: must be a telephone number",
    ),
    "kind of harm": (
        GOOD + '[harm.chidl]\ndepartments = ["公安局"]\nbasis = "x"\n',
        "harm.chidl: must be harm.child or harm.adult",
    ),
    "department of harm": (
        GOOD + '[harm.child]\ndepartments = [""]\nbasis = "x"\n',
        "harm.child.departments: must be names of at most 30",
    ),
    "nobody told of harm": (
        GOOD + '[harm.child]\ndepartments = []\nbasis = "x"\n',
        "harm.child.departments: must name one at least",
    ),
    "clause of harm": (
        GOOD + '[harm.child]\ndepartments = ["公安局"]\nbasis = " "\n',
        "harm.child.basis: must name the clause",
    ),
    # keys
    "keys without ids": (changed(" ".join(KEYS.split()), HIDDEN), "keys: key 1 has 0 bytes"),
    "keys of other signs": (
        changed(" ".join(KEYS.split()), f"abcd:{HIDDEN}!"),
        "keys: key 1 is not base64",
    ),
    "short keys": (
        changed(" ".join(KEYS.split()), f"abcd:{base64.b64encode(b'short').decode()}"),
        "keys: key 1 has 5 bytes, 32 are needed",
    ),
    "only one key": (
        changed(" ".join(KEYS.split()), KEYS.split()[0]),
        "keys: one encryption key and",
    ),
    "empty keys": (
        changed(" ".join(KEYS.split()), ""),
        "keys: one encryption key and one lookup key",
    ),
    "TOML": ("environment = \n", "not valid TOML: "),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_fault_is_one_line_with_its_key(what: str, tmp_path: Path) -> None:
    text, words = REFUSED[what]
    lines = faults(tmp_path, text)
    assert len(lines) == 1, lines
    assert words in lines[0]


def test_several_faults_are_told_at_once(tmp_path: Path) -> None:
    text = changed('"demo"', '"test"').replace("days = 20", "days = 0") + "[limits]\nnope = 1\n"
    text = text.replace('secret = "county-secret"', 'secret_file = "nowhere"')
    text = text.replace(AES_KEY, "short").replace("http://127.0.0.1:8080", "nonsense")
    keys = {line.split(":")[0] for line in faults(tmp_path, text)}
    assert keys == {
        "environment", "public_url", "accounts[0].secret (from secret_file)",
        "accounts[0].aes_key", "deadlines.decision.days", "limits.nope",
    }


def test_plain_mode_needs_no_aes_key(tmp_path: Path) -> None:
    text = changed(AES_KEY, "").replace('slug = "county"', 'slug = "county"\nmode = "plain"')
    assert config.load(write(tmp_path, text), {}).accounts[0].aes_key == ""


def test_secrets_come_from_the_environment_before_all_else(tmp_path: Path) -> None:
    text = GOOD.replace('slug = "county"', 'slug = "ping-an"').replace("county-secret", "x")
    settings = config.load(write(tmp_path, text), {
        "YIMEN_ACCOUNT_PING_AN_SECRET": "other", "YIMEN_ACCOUNT_PING_AN_TOKEN": "othertoken",
        "YIMEN_DATABASE_URL": "postgresql://u@h/x", "YIMEN_REDIS_URL": "redis://h",
    })
    assert settings.accounts[0].secret == "other"
    assert settings.accounts[0].token == "othertoken"
    assert settings.database_url == "postgresql://u@h/x"
    assert settings.redis_url == "redis://h"


def test_secrets_come_from_files_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "keys").write_text(KEYS)
    text = changed(f'keys = "{" ".join(KEYS.split())}"', 'keys_file = "kept/keys"')
    assert config.load(write(tmp_path, text), {}).keys == KEYS.strip()


def test_a_fault_of_the_environment_names_its_variable(tmp_path: Path) -> None:
    lines = faults(tmp_path, GOOD, YIMEN_KEYS=HIDDEN, YIMEN_ACCOUNT_COUNTY_AES_KEY=HIDDEN)
    assert [line.split(": ")[0] for line in lines] == [
        "keys (from YIMEN_KEYS)", "accounts[0].aes_key (from YIMEN_ACCOUNT_COUNTY_AES_KEY)",
    ]


@pytest.mark.parametrize("kind", ["missing", "folder", "not text"])
def test_a_secret_s_file_that_cannot_be_read(kind: str, tmp_path: Path) -> None:
    if kind == "folder":
        (tmp_path / "secret").mkdir()
    elif kind == "not text":
        (tmp_path / "secret").write_bytes(b"\xff\xfe\x00")
    text = changed('secret = "county-secret"', 'secret_file = "secret"')
    [line] = faults(tmp_path, text)
    assert line.startswith("accounts[0].secret (from secret_file): cannot be read: ")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "nowhere.toml", "no such file; copy config.example.toml"),
        (tmp_path, "cannot be read: Is a directory"),
    ):
        with pytest.raises(ConfigFault, match=words):
            config.load(path, {})
    path = tmp_path / "config.toml"
    path.write_bytes(b"environment = '\xff'")
    with pytest.raises(ConfigFault, match="it is not UTF-8"):
        config.load(path, {})


def yimen(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The console script, as a person calls it."""
    script = Path(sys.executable).with_name("yimen")
    return subprocess.run(
        [str(script), *words], capture_output=True, text=True, timeout=60,
        env={k: v for k, v in os.environ.items() if not k.startswith("YIMEN_")} | environ,
    )


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit 2, nothing on stdout, one line on stderr with these words."""
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_no_configuration_file(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    assert_refused(yimen("check", YIMEN_CONFIG=str(path)), str(path), "no such file")


def test_each_fault_is_a_line_on_stderr(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("days = 20", "days = 0").replace('"demo"', '"test"'))
    done = yimen("--config", str(path), "serve")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(": ")[:2] for line in done.stderr.splitlines()] == [
        [str(path), "environment"], [str(path), "deadlines.decision.days"],
    ]


def test_a_database_not_at_head_is_refused_with_the_command_to_run(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("yimen.sqlite3", f"{tmp_path}/yimen.sqlite3"))
    refused = yimen("--config", str(path), "web")
    assert_refused(refused, "the database is not at head", f"run: yimen --config {path} migrate")
    # The very command, then: and a port that is taken is said.
    assert yimen(*refused.stderr.strip().split("run: yimen ")[1].split()).returncode == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert_refused(yimen("--config", str(path), "serve", "--port", port), port, "in use")


def test_a_taken_port_stops_the_demo_before_it_writes(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = yimen("demo", "--port", port, "--data", str(tmp_path / "demo"))
    assert_refused(done, port, "taken")
    assert not (tmp_path / "demo").exists()
