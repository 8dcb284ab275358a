"""No rule raises, whatever a product sends: a crash here would be taken for a fault of the bench."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rules
from rules import Exchange
from tests.rules.cases import all_cases
from tests.rules.journal import Entry, journal

RULES = list(rules.load_all().values())
ENTRIES = [entry for case in all_cases() for entries, _ in case.refused for entry in entries]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["cancelled", "booked"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["identifier", "system", "url"]), inner)
    ),
    max_leaves=4,
)
NO_REQUEST = {"method": "", "target": "", "path": "", "query": [], "headers": [], "body": ""}
MES_CONTEXT = ("token", "id_token", "grant", "stored", "requested_idpe", "oid", "refusal")
IDENTITY_CONTEXT = ("authorization", "exchange", "identity", "insi", "logout", "request", "space", "tls", "apres")
DMP_CONTEXT = (
    "vihf",
    "soap",
    "patient",
    "lot",
    "signature_lot",
    "documents",
    "associations",
    "query",
    "retrieve",
    "update",
    "authorisation_change",
    "answer_traits",
    "transaction",
    "response_status",
    "refusal",
)
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["", "{", "[[[", '"x"', "null", "[]", "%%%", "a=%zz&=", "‹at:1›", "2024-99-99"]
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place of a JSON tree."""
    if isinstance(value, dict):
        return [path, *(deeper for key, child in value.items() for deeper in _paths(child, (*path, key)))]
    if isinstance(value, list):
        return [path, *(deeper for key, child in enumerate(value) for deeper in _paths(child, (*path, key)))]
    return [path]


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _replaced(copy[path[0]], path[1:], new)
    return copy


@st.composite
def spoiled_bodies(draw: st.DrawFn, body: str) -> str:
    """The body with one place replaced by junk, or no JSON at all."""
    try:
        value = json.loads(body)
    except ValueError:
        return draw(TEXTS)
    place = draw(st.sampled_from(_paths(value)))
    return draw(st.just(body) | TEXTS | JUNK.map(lambda junk: json.dumps(_replaced(value, place, junk))))


@st.composite
def spoiled_entries(draw: st.DrawFn) -> Entry:
    """An entry of the right outer shape (mocks/journal/exchange.schema.json) whose contents may be anything."""
    entry = draw(st.sampled_from(ENTRIES))
    request = dict(entry["request"] or NO_REQUEST)
    answer = dict(entry["answer"] or {"status": 200, "headers": [], "body": ""})
    request["body"] = draw(spoiled_bodies(request["body"]))
    answer["body"] = draw(spoiled_bodies(answer["body"]))
    if draw(st.booleans()):
        request["query"] = draw(st.lists(st.tuples(st.sampled_from(["identifier", "date", "state", "_count"]), TEXTS)))
        request["target"] = draw(st.just(request["target"]) | TEXTS)
    if draw(st.booleans()):
        answer["headers"] = draw(st.lists(st.tuples(st.just("Retry-After"), TEXTS), max_size=1))
    answer["status"] = draw(
        st.just(answer["status"]) | st.sampled_from([0, 200, 401, 403, 409, 412, 422, 429, 500, 503])
    )
    context = dict(entry["context"])
    for key in draw(st.sets(st.sampled_from([*MES_CONTEXT, *IDENTITY_CONTEXT, *DMP_CONTEXT]))):
        context[key] = draw(JUNK)
    if entry["service"] == "dmp" and draw(st.booleans()):
        context = _replaced(context, draw(st.sampled_from(_paths(context)[1:])), draw(JUNK))
    return {**entry, "request": request, "answer": draw(st.just(answer) | st.none()), "context": context}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(spoiled_entries(), min_size=1, max_size=5))
def test_no_rule_raises_on_spoiled_entries(entries: list[Entry]) -> None:
    judgement = rules.judge(journal(*entries), RULES)
    ids = {exchange.id for exchange in journal(*entries)}
    assert {finding.exchange for finding in judgement.findings} <= ids


def test_no_rule_raises_on_bare_entries() -> None:
    operations = {entry["operation"] for entry in ENTRIES}
    bare = [
        Exchange(
            {"id": n, "instant": "2024-10-20T08:00:00.000Z", "protocol": protocol, "operation": name, "service": "mes"}
        )
        for n, (protocol, name) in enumerate((p, o) for o in sorted(operations) for p in ("http", "acte", "action"))
    ]
    assert len(rules.judge(bare, RULES).results) == len(RULES)


def test_every_finding_is_json() -> None:
    findings = rules.judge(journal(*ENTRIES), RULES).findings
    texts = [(finding.at, finding.expected, finding.seen, finding.message) for finding in findings]
    assert texts
    assert all(isinstance(part, str) for text in texts for part in text)
