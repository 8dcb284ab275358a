"""The rules on the DMP over what the mock writes of a correct client, and of messages that are none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

import rules
from rules import Exchange
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.client import PROVIDE, Dui
from tests.mocks.dmp.conftest import Bench, bench, dui, http, pki, sandbox  # noqa: F401 (fixtures)
from tests.rules import dmp as made
from tests.rules import dmp_facts as facts
from tests.rules.journal import Entry

RULES = {name: one for name, one in rules.load_all().items() if name.startswith("DMP-")}
# The client of the tests does not sign its lots.
NOT_OURS = {"DMP-032"}


def told(bench: Bench) -> list[Exchange]:  # noqa: F811
    return [Exchange(entry) for entry in bench("GET", "echanges")["echanges"]]


def accused(exchanges: list[Exchange]) -> set[str]:
    judgement = rules.judge(exchanges, RULES.values())
    return {f"{one.rule} {one.at}" for one in judgement.findings if one.rule not in NOT_OURS}


def life(dui: Dui) -> None:  # noqa: F811
    """A document deposited, replaced, found, read, masked and archived."""
    dui.td02()
    first = dui.document()
    dui.provide(first)
    entry = dui.entry(first.unique_id)
    second = dui.document(replaces=first.unique_id, replaced_uuid=entry.get("id"), title="Avenant")
    dui.provide(second)
    dui.found()
    dui.retrieve(second.unique_id)
    entry = dui.entry(second.unique_id)
    masked = replace(second, confidentiality=(docs.NORMAL, *docs.visibility("MASQUE_PS")))
    dui.set_metadata(masked, entry.get("lid"), 1)
    entry = dui.entry(second.unique_id)
    dui.set_status(entry.get("id"), docs.APPROVED, docs.ARCHIVED)
    dui.td03()


def test_a_correct_client_is_not_accused(bench: Bench, dui: Dui) -> None:  # noqa: F811
    life(dui)
    exchanges = told(bench)
    assert accused(exchanges) == set()
    examined = {name for name, count in rules.judge(exchanges, RULES.values()).examined.items() if count}
    assert len(examined) > 30


def tree(value: Any, path: str = "") -> Iterator[str]:
    """Every key of a JSON tree, with its path; what an array holds has one path."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield f"{path}.{key}"
            yield from tree(child, f"{path}.{key}")
    elif isinstance(value, list):
        for child in value:
            yield from tree(child, f"{path}[]")


# What differs from case to case: attributes by name, parameters of a query, statuses by entryUUID.
LOOSE = (".signature_lot", ".query.parameters", ".query.statuses", ".patient.")


def keys(entry: Mapping[str, Any]) -> set[str]:
    return {path for path in tree(entry["context"]) if not path.startswith(LOOSE) and path != ".oid"}


def test_entries_of_the_tests_have_the_shape_of_the_mock(bench: Bench, dui: Dui) -> None:  # noqa: F811
    life(dui)
    real = {one.context["transaction"]: one.entry for one in told(bench) if "transaction" in one.context}
    ours: dict[str, Entry] = {
        "TD0.2": made.td02(),
        "TD0.3": made.td03(),
        "TD2.1b": made.deposit(replaces=("2.25.100", facts.UUID)),
        "TD3.1a": made.query(),
        "TD3.2": made.retrieve(),
        "TD3.3a": made.update(),
        "TD3.3d": made.update(facts.APPROVED, facts.ARCHIVED),
    }
    for name, entry in ours.items():
        mine, theirs = keys(entry), keys(real[name])
        assert {one for one in mine ^ theirs if not one.startswith(".soap.parts")} == set(), name


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/soap+xml"),
        (b"<a", "application/soap+xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "application/soap+xml"),
        (b"<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>", "application/soap+xml"),
        (b"--x\r\n\r\n\xff\xfe", 'multipart/related; boundary="x"; type="application/xop+xml"'),
        (b"{}", "application/json"),
    ],
)
def test_what_is_no_message_raises_nothing(bench: Bench, dui: Dui, content: bytes, kind: str) -> None:  # noqa: F811
    for way in ("repository", "registry", "patients"):
        dui.post(way, content, kind)
    judgement = rules.judge(told(bench), RULES.values())
    assert {one.rule for one in judgement.findings} <= {"DMP-029"}


def test_empty_submissions_raise_nothing(bench: Bench, dui: Dui) -> None:  # noqa: F811
    for body in (docs.submission(), "<x/>", docs.submission(docs.lot("x"), "<rim:ExtrinsicObject/>")):
        dui.send("repository", PROVIDE, body)
        dui.mtom(body, {})
    judgement = rules.judge(told(bench), RULES.values())
    assert len(judgement.results) == len(RULES)
