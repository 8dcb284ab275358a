"""What is wrong with a `cible.toml`: what its schema refuses, and what depends on other keys (French)."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any, cast

import jsonschema_rs

from harness import catalogue, vocabulary
from harness.french import Fault, faults
from harness.target_sections import FINALITIES

_TWICE = (("client_secret", "client_secret_env"), ("jeton", "jeton_env"), ("homologation", "homologation_env"))


def target_faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys at fault and what is wrong with each; those that depend on others come once the schema has no complaint."""
    return chain(_schema_faults(document), _cross_faults(document))


@cache
def _schema() -> Mapping[str, Any]:
    text = resources.files("harness").joinpath("cible.schema.json").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], json.loads(text))


def _schema_faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    validator = jsonschema_rs.validator_for(dict(_schema()), validate_formats=True)
    found = faults(validator.iter_errors(document))
    # A misspelt key is also a missing one: the spelling comes first.
    for fault in sorted(found, key=lambda fault: fault.kind != "additionalProperties"):
        yield fault.path, fault.text + _hint(fault)


def _hint(fault: Fault) -> str:
    if fault.kind != "additionalProperties":
        return ""
    place: Mapping[str, Any] = _schema()
    for part in fault.path.split(".")[:-1]:
        place = place["properties"][part]
    return closest(fault.key, place["properties"])


def closest(word: str, known: Iterable[str]) -> str:
    """End of a French sentence that names the closest known word, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f" ; la plus proche connue est « {near[0]} »"
    return f" ; connues : {', '.join(names)}"


def _cross_faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the schema cannot say: keys that depend on other keys."""
    driver, sandbox, mes = document["pilote"], document["bac_a_sable"], document.get("mes", {})
    needed = {"http": "url", "python": "classe"}.get(driver["type"])
    if needed and needed not in driver:
        yield f"pilote.{needed}", f"clé obligatoire quand pilote.type vaut « {driver['type']} »"
    if sandbox["mode"] == "distant" and "url" not in sandbox:
        yield "bac_a_sable.url", "clé obligatoire en mode « distant »"
    if sandbox["mode"] == "embarque" and driver["type"] != "python":
        yield "bac_a_sable.mode", "le mode « embarque » ne vaut que pour un produit piloté en Python"
    for section, table in document.items():
        for given, by_variable in _TWICE:
            if given in table and by_variable in table:
                yield f"{section}.{by_variable}", f"donnez soit {given}, soit {by_variable}, pas les deux"
    if "sas" in document and not mes and "oid" not in document["sas"]:
        yield "sas.oid", "clé obligatoire sans la section [mes] : l'OID de l'éditeur, dans les identifiants du SAS"
    if "bsp" in document and not mes and "oid" not in document["bsp"]:
        yield "bsp.oid", "clé obligatoire sans la section [mes] : l'OID du produit, source des événements qu'il écrit"
    if "bsp" in document and "psc" not in document:
        yield "bsp", "cette API veut un professionnel connecté par Pro Santé Connect : ajoutez la section [psc]"
    for code in mes.get("finalites", ()):
        if code not in FINALITIES:
            yield "mes.finalites", f"finalité inconnue « {code} »{closest(code, FINALITIES)}"
    for name in document.get("actions", {}).get("absentes", ()):
        if name not in vocabulary.load().actions:
            yield "actions.absentes", f"action inconnue « {name} »{closest(name, vocabulary.load().actions)}"
    yield from _claim_faults(document["revendications"])


def _claim_faults(claims: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    rows = catalogue.load()
    for block in claims["blocs"]:
        if block not in rows.blocks:
            yield "revendications.blocs", f"bloc inconnu « {block} »{closest(block, rows.blocks)}"
    named = claims.get("cibles", [])
    for row in [] if named == "toutes" else named:
        if row not in rows:
            near = closest(row, [known.id for known in rows])
            yield "revendications.cibles", f"ligne inconnue du catalogue « {row} »{near if 'proche' in near else ''}"
