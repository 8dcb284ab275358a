"""Which codes a value set holds, as far as what is loaded tells; a doubt is never an error."""

from __future__ import annotations

from typing import Any

import pytest

from profiles import Registry, validate
from profiles.terminology import Listing
from tests.profiles.made import SETS, SYSTEMS, URL, profile, registry

Json = dict[str, Any]
CS, OTHER = SYSTEMS + "cs", SYSTEMS + "autre"

TREE = [
    {"code": "animal", "concept": [{"code": "chien", "property": [{"code": "pattes", "valueInteger": 4}]},
                                   {"code": "oiseau", "concept": [{"code": "merle"}]}]},
    {"code": "plante", "property": [{"code": "retire", "valueBoolean": True}]},
    {"code": "rose", "property": [{"code": "parent", "valueCode": "plante"}]},
]  # fmt: skip
ALL = {"animal", "chien", "oiseau", "merle", "plante", "rose"}


def code_system(content: str = "complete", url: str = CS) -> Json:
    return {"resourceType": "CodeSystem", "url": url, "version": "1", "content": content, "concept": TREE}


def value_set(name: str, *includes: Json, exclude: tuple[Json, ...] = (), **more: Any) -> Json:
    compose: Json = {"include": list(includes)}
    if exclude:
        compose["exclude"] = list(exclude)
    return {"resourceType": "ValueSet", "url": SETS + name, "version": "1", "compose": compose, **more}


def listed(*codes: str, system: str = CS) -> Json:
    return {"system": system, "concept": [{"code": c} for c in codes]}


def filtered(property: str, op: str, value: str) -> Json:
    return {"system": CS, "filter": [{"property": property, "op": op, "value": value}]}


def held(known: Registry, name: str = "vs") -> set[str]:
    codes = known.codes(SETS + name)
    assert codes is not None
    return {code for code in ALL if codes.holds(CS, code)}


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        ({"system": CS}, ALL),
        (filtered("concept", "is-a", "animal"), {"animal", "chien", "oiseau", "merle"}),
        (filtered("concept", "descendent-of", "animal"), {"chien", "oiseau", "merle"}),
        (filtered("concept", "is-not-a", "animal"), {"plante", "rose"}),
        (filtered("concept", "is-a", "plante"), {"plante", "rose"}),
        (filtered("concept", "generalizes", "merle"), {"animal", "oiseau", "merle"}),
        (filtered("code", "in", "rose,merle,inconnu"), {"rose", "merle"}),
        (filtered("code", "not-in", "rose,merle"), ALL - {"rose", "merle"}),
        (filtered("pattes", "=", "4"), {"chien"}),
        (filtered("retire", "=", "true"), {"plante"}),
        (filtered("retire", "exists", "false"), ALL - {"plante"}),
        (filtered("code", "regex", "[a-m].*"), {"animal", "chien", "merle"}),
    ],
)  # fmt: skip
def test_filters(include: Json, expected: set[str]) -> None:
    assert held(registry(code_system(), value_set("vs", include))) == expected


def test_a_filter_that_cannot_be_computed_is_a_doubt() -> None:
    codes = registry(code_system(), value_set("vs", filtered("code", "regex", "("))).codes(SETS + "vs")
    assert codes is not None
    assert codes.holds(CS, "rose") is None
    assert codes.holds(OTHER, "rose") is False


def test_includes_add_and_excludes_remove() -> None:
    known = registry(
        code_system(),
        value_set("fleurs", listed("rose", "plante")),
        value_set("vs", {"system": CS}, listed("x", system=OTHER), exclude=({"valueSet": [SETS + "fleurs"]},)),
    )
    assert held(known) == ALL - {"rose", "plante"}
    codes = known.codes(SETS + "vs")
    assert codes is not None
    assert codes.holds(OTHER, "x") is True


def test_imported_value_sets_are_met() -> None:
    """Codes of a system and of all the value sets beside it."""
    known = registry(
        code_system(),
        value_set("a", listed("rose", "merle")),
        value_set("b", listed("merle", "chien")),
        value_set("vs", {"valueSet": [SETS + "a", SETS + "b"]}),
        value_set("vs2", {"system": CS, "valueSet": [SETS + "a"]}),
    )
    assert held(known) == {"merle"}
    assert held(known, "vs2") == {"rose", "merle"}


def test_value_sets_that_import_each_other_end() -> None:
    known = registry(value_set("a", {"valueSet": [SETS + "b"]}), value_set("b", {"valueSet": [SETS + "a"]}))
    codes = known.codes(SETS + "a")
    assert codes is not None
    assert codes.holds(CS, "x") is None


UNCLOSED = [{"url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed", "valueBoolean": True}]
CASES = [
    ("liste entière", (value_set("vs", listed("rose")),), ("required", "error", "binding"), ("extensible", "warning")),
    ("système entier", (code_system(), value_set("vs", {"system": CS})), ("required", "error", "binding"),
     ("extensible", "warning")),
    ("extrait de système", (code_system("fragment"), value_set("vs", {"system": CS})),
     ("required", "warning", "binding"), ("extensible", None)),
    ("extrait de jeu", (value_set("vs", listed("rose"), extension=UNCLOSED),), ("required", "warning", "binding"),
     ("extensible", None)),
    ("système sans liste", (value_set("vs", {"system": CS}),), ("required", "information", "binding-not-judged"),
     ("extensible", None)),
    ("import absent", (value_set("vs", {"valueSet": [SETS + "absent"]}),),
     ("required", "information", "binding-not-judged"), ("extensible", None)),
    ("jeu absent", (), ("required", "information", "binding-not-judged"), ("extensible", None)),
]  # fmt: skip


def judged(definitions: tuple[Json, ...], strength: str, concept: Json) -> list[tuple[str, str]]:
    binding = {"strength": strength, "valueSet": SETS + "vs"}
    known = registry(*definitions, profile("o", "Organization", {"id": "Organization.type", "binding": binding}))
    resource = {"resourceType": "Organization", "name": "x", "type": [concept]}
    return [(i.severity, i.rule) for i in validate(resource, URL + "o", registry=known)]


@pytest.mark.parametrize(("name", "definitions", "required", "extensible"), CASES, ids=[c[0] for c in CASES])
def test_how_grave_an_unknown_code_is(
    name: str, definitions: tuple[Json, ...], required: tuple[str, str, str], extensible: tuple[str, str | None]
) -> None:
    unknown = {"coding": [{"system": CS, "code": "licorne"}]}
    assert judged(definitions, "required", unknown) == [required[1:]]
    expected = [(extensible[1], "binding")] if extensible[1] else []
    assert judged(definitions, "extensible", unknown) == expected
    assert judged(definitions, "preferred", unknown) == []


def test_one_coding_of_the_value_set_is_enough() -> None:
    both = {"coding": [{"system": OTHER, "code": "x"}, {"system": CS, "code": "rose"}]}
    assert judged((value_set("vs", listed("rose")),), "required", both) == []


def test_a_doubtful_coding_makes_a_doubt() -> None:
    both = {"coding": [{"system": OTHER, "code": "x"}, {"system": CS, "code": "licorne"}]}
    assert judged((code_system("fragment"), value_set("vs", {"system": CS})), "required", both) == [
        ("warning", "binding")
    ]


def test_the_message_of_a_doubt_says_that_the_list_is_an_excerpt() -> None:
    binding = {"strength": "required", "valueSet": SETS + "vs"}
    row = {"id": "Organization.type", "binding": binding}
    known = registry(value_set("vs", listed("rose"), extension=UNCLOSED), profile("o", "Organization", row))
    concept = {"coding": [{"system": CS, "code": "licorne"}]}
    (issue,) = validate({"resourceType": "Organization", "name": "x", "type": [concept]}, URL + "o", registry=known)
    assert issue.message == (
        "Le code n'est pas dans notre extrait du jeu de valeurs, qui n'est pas complet : "
        f"attendu un code du jeu de valeurs {SETS}vs|1, vu {CS}|licorne."
    )


def test_listings() -> None:
    some, rest, any_ = Listing(frozenset("ab")), Listing(frozenset("b")), Listing(open=True)
    assert some.minus(rest).allowed == frozenset("a")
    assert some.both(rest).allowed == frozenset("b")
    assert some.plus(any_).holds("z") is None
    assert some.plus(any_).holds("a") is True
    assert any_.minus(some).holds("a") is False
    assert any_.minus(some).holds("z") is None
    assert some.minus(any_).holds("a") is None
    assert some.both(any_).holds("a") is None
    assert some.both(any_).holds("z") is None  # it could be refused: the doubt only spares it
