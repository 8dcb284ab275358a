"""Calls of the product to INSi: what they give, what the product does of it, the traces that it keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from harness.actors.person import Person
from harness.expectations import expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene
    from rules import Exchange


def retrieve(scene: Scene, person: Person, **how: Any) -> Outcome:
    """Ask the product for the INS, by traits. how: `par`, `session`."""
    return scene.product.act("recuperer_ins", usager=person, mode="traits", **how)


def retrieve_by_card(scene: Scene, person: Person) -> Outcome:
    """Ask the product for the INS, with what the reader finds on the Vitale card of this person."""
    card = {
        "matricule": matricule_of(scene, person),
        "nom_naissance": person.family_name,
        "date_naissance": person.birth_date.isoformat(),
        "rang": 1,
    }
    return scene.product.act("recuperer_ins", usager=person, mode="carte", carte=card)


def calls(scene: Scene, operation: str = "") -> list[Exchange]:
    """What reached INSi."""
    return [call for call in scene.exchanges(service="insi", operation=operation) if call.protocol == "http"]


def not_called(scene: Scene) -> None:
    """Nothing reached INSi."""
    expect_none("appels à l'INSi", [f"{call.operation} (échange {call.id})" for call in calls(scene)])


def found_one(scene: Scene) -> None:
    """One search at least, and the last one found one person."""
    codes = [dict(call.context.get("insi", {})).get("code") for call in calls(scene)]
    expect(bool(codes) and codes[-1] == "00", "une identité trouvée par l'INSi (00)", codes)


def verified(scene: Scene) -> None:
    """INSi was asked for a verification."""
    expect(bool(calls(scene, "insi.verification")), "une vérification demandée à l'INSi", "aucune")


def give_former(scene: Scene, person: Person, former: Person) -> str:
    """INSi knows a former INS of this person, that of a fictitious person; the matricule."""
    scene.insi.change(person, historique=[{"matricule": former.ins, "debut": "1990-01-01", "fin": "2010-06-30"}])
    return former.ins


def asks_to_confirm(answer: Outcome) -> None:
    """The product shows the traits that differ and waits for an answer."""
    expect(bool(answer.get("a_confirmer")), "des traits à confirmer", dict(answer))
    expect_equal("le statut en attendant", "provisoire", answer["statut"])


def not_verified(answer: Outcome) -> None:
    """INSi gave no answer, and the product says so."""
    expect(answer.refused or answer["resultat"] == "erreur", "une vérification sans réponse", dict(answer))


def explains(answer: Outcome) -> None:
    """The product says in a sentence what came of the call."""
    told = answer.message if answer.refused else str(answer.get("message", ""))
    expect(len(told.split()) >= 3, "une phrase qui explique le résultat", told or dict(answer))


def traces(scene: Scene, person: Person) -> Sequence[Mapping[str, Any]]:
    """The calls to INSi that the product says it made for a person."""
    found: Sequence[Mapping[str, Any]] = scene.product.act("lire_traces_ins", usager=person)["appels"]
    return found


def traced(scene: Scene, person: Person) -> None:
    """The product kept a trace of a call, with its code or the failure."""
    kept = traces(scene, person)
    expect(bool(kept) and all(one["code"] for one in kept), "une trace de l'appel, avec son code", list(kept))


def traced_with(scene: Scene, person: Person, matricule: str) -> None:
    """The trace holds the code 00 and the data of INSi, this former matricule among them."""
    kept = [one for one in traces(scene, person) if one["code"] == "00"]
    expect(bool(kept), "la trace d'un appel de code 00", [one["code"] for one in traces(scene, person)])
    data = json.dumps([one.get("donnees", {}) for one in kept])
    expect(matricule[:13] in data, "l'ancienne INS dans les données tracées", data)


def traced_as(scene: Scene, person: Person, code: str) -> None:
    """A trace has this code."""
    codes = [one["code"] for one in traces(scene, person)]
    expect(code in codes, f"une trace de code {code}", codes)


def traced_by(scene: Scene, person: Person, names: Sequence[str]) -> None:
    """Every trace names its author, by one of these identifiers."""
    authors = [str(one["auteur"]) for one in traces(scene, person)]
    expect(bool(authors), "la trace de l'appel", authors)
    strangers = [author for author in authors if not any(name in author for name in names)]
    expect_none("auteurs qui ne sont pas le professionnel", strangers)


def sends_no_matricule(scene: Scene, person: Person) -> None:
    """No request of the product carries the matricule, but for the verification at INSi (guide INS, R28)."""
    number = scene.insi.identity_of(person)["matricule"][:13]
    sent = [call for call in scene.exchanges() if call.protocol == "http" and call.service != "navigateur"]
    seen = [
        f"{call.operation} (échange {call.id})"
        for call in sent
        if call.operation != "insi.verification" and number in json.dumps(call.request)
    ]
    expect_none("échanges qui portent le matricule", seen)


def matricule_of(scene: Scene, person: Person) -> str:
    """The matricule of this person, 15 characters, as INSi knows it."""
    return str(scene.insi.identity_of(person)["matricule"])
