"""What is personal is sealed: every plain text or binary column is on a list, with its reason."""

from __future__ import annotations

import pytest
from sqlalchemy import JSON, Column, LargeBinary, String, Table

from models.base import UtcTime
from models.sealed import SealedBytes, SealedJSON, SealedText
from models.tables import METADATA

# Codes, names of public places, and what the service itself writes.
PLAIN = {
    "alarms": {"name", "kind", "basis", "how"},
    "areas": {"code", "name", "level", "parent", "phone"},
    "assistance": {"county", "township", "village", "scheme", "form", "state"},
    "assistance_changes": {"kind"},
    "attachments": {
        "bundle", "account", "kind", "proof", "state", "quality", "content_type", "sha256", "path",
    },
    "announcements": {"village"},
    "article_covers": {"account", "media_id"},
    "articles": {"account", "stage", "media_id", "publish_id", "url", "reason"},
    "audit": {"action", "target", "detail"},
    "calendar_notices": {"off", "worked", "basis", "words", "state"},
    "case_clocks": {"kind", "state", "unit", "basis"},
    "case_events": {"kind", "from_status", "to_status", "due_basis"},
    "campaign_runs": set[str](),
    "campaigns": {"area", "account", "state"},
    "cases": {
        "receipt", "bundle", "account", "status", "scheme", "county", "township", "home_area",
        "living_area", "incident_area", "consent_version", "unit", "clock", "due_basis",
        "answer_basis", "queue", "call",
    },
    "codes": {"purpose"},
    "errands": {"key", "kind", "state", "village"},
    "concern_entries": {"turn"},
    "concern_raisers": set[str](),
    "concerns": {
        "number", "bundle", "kind", "about", "area", "office", "state", "due_basis", "outcome",
    },
    "departments": {"area", "name", "duties", "schemes", "phone", "source"},
    "exports": {"what"},
    "grants": {"template"},
    "half_written": {"key"},
    "hearings": {"move", "how"},
    "identities": {"account"},
    "inquiries": set[str](),
    "informings": {"state", "said", "how"},
    "job_runs": {"job", "worker", "result", "error"},
    "kin": {"area", "relation"},
    "kin_matches": {"certainty"},
    "kin_visits": set[str](),
    "leases": {"name", "holder"},
    "mass_parts": {"stage", "client_id", "media_id", "msg_id", "status", "reason"},
    "mass_people": set[str](),
    "masses": {"account", "area", "state"},
    "merges": {"was"},
    "messages": {"account", "key", "kind", "how"},
    "notice_renewals": {"account", "area", "scheme", "state"},
    "notice_rows": {"village"},
    # Titles and reasons pass the notices' gate before they are kept.
    "notice_versions": {
        "account", "title", "reason", "fields", "basis", "period_basis", "short", "state",
        "over_reason",
    },
    "notices": {"account", "area", "kind", "scheme"},
    "people": {"locale"},
    # The county's own few words, without numbers; no sentence of a person.
    "phrases": {"area", "words", "intent"},
    "photo_pieces": set[str](),
    "platform_tokens": {"account"},
    "proposals": {"move", "state"},
    "push_attempts": {"channel", "outcome"},
    "pushes": {
        "key", "occasion", "township", "role", "account", "state", "channel", "reason", "msg_id",
        "lease",
    },
    "referrals": {"state", "basis"},
    "rule_changes": {"area", "key", "value", "basis", "state"},
    "rules": {"area", "key", "value", "basis"},
    "saved_searches": set[str](),
    "sent_photos": {"bundle", "proof", "sha256", "state", "why"},
    "sign_ins": {"digits", "state"},
    "spot_checks": {"finding"},
    "spot_draws": {"county", "scheme", "seed", "register", "basis"},
    "staff": {"role", "area", "unit"},
    "supplement_items": {"state"},
    "talks": set[str](),
    "tasks": {"kind", "state", "due_basis", "bundle"},
    "unheard": {"area", "guesses", "chosen"},
    "used_links": {"nonce"},
    "visits": {"key", "village", "found"},
    "wishes": {"way"},
    # The fixed words of pushes, the same for everyone.
    # What is published of the schemes.
    "local_schemes": {"area", "scheme", "said", "state"},
    "wordings": {"area", "source", "words", "state"},
    "web_sessions": {"account", "way"},
}
# Keyed hashes of 16 bytes, by which sealed values are found again, and the audit's chain.
HASHES = {
    ("audit", "hash"),
    ("cases", "id_key"),
    ("cases", "name_key"),
    ("cases", "phone_key"),
    ("codes", "code_key"),
    ("concern_entries", "key"),
    ("concern_raisers", "person_key"),
    ("concerns", "code_key"),
    ("identities", "openid_key"),
    ("inquiries", "household_key"),
    ("kin", "id_key"),
    ("kin", "name_key"),
    ("notice_rows", "begin"),
    ("notice_rows", "leaf"),
    ("notice_versions", "before"),
    ("notice_versions", "hash"),
    ("notice_versions", "later_hash"),
    ("sign_ins", "code_key"),
    ("sign_ins", "token_key"),
    ("staff", "name_key"),
    ("unheard", "said_key"),
    ("web_sessions", "token_key"),
}
SEALED = (SealedText, SealedJSON, SealedBytes)
TABLES = [pytest.param(table, id=table.name) for table in METADATA.sorted_tables]


def _is_text(column: Column[object]) -> bool:
    return isinstance(column.type, String | JSON)


@pytest.mark.parametrize("table", TABLES)
def test_a_text_is_sealed_or_on_the_list(table: Table) -> None:
    plain = {c.name for c in table.columns if _is_text(c)}
    assert plain == PLAIN[table.name]


@pytest.mark.parametrize("table", TABLES)
def test_bytes_are_sealed_or_a_hash(table: Table) -> None:
    raw = {(table.name, c.name) for c in table.columns if isinstance(c.type, LargeBinary)}
    assert raw == {place for place in HASHES if place[0] == table.name}


@pytest.mark.parametrize("table", TABLES)
def test_a_sealed_value_is_bound_to_its_own_column(table: Table) -> None:
    for column in table.columns:
        if isinstance(column.type, SEALED):
            assert column.type.context == f"{table.name}.{column.name}"


@pytest.mark.parametrize("table", TABLES)
def test_every_time_keeps_its_zone(table: Table) -> None:
    bare = [c.name for c in table.columns if type(c.type).__name__ == "DateTime"]
    assert bare == []
    assert all(isinstance(c.type, UtcTime) for c in table.columns if c.name.endswith("_at"))


def test_the_list_names_no_table_that_is_gone() -> None:
    assert set(PLAIN) == set(METADATA.tables)
