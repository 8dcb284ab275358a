"""Tables of rules/sas_regulators.py."""

from __future__ import annotations

from typing import Any

from tests.rules.cases import Case
from tests.rules.cases.sas_appointments import NATIONAL, REGULATOR, SLASHED, TECHNICAL, UUID, numbered
from tests.rules.journal import Entry, action, http

OUTCOME = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]}
LOCATED = (("Location", "https://produit.test/sas/fhir/Practitioner/1"),)
OTHER = "0b8c2f2d-3a54-4a0e-9a6e-7f0c1d529e11"

Json = dict[str, Any]


def account(**elements: Any) -> Json:
    """A right account; an element given as None is left out."""
    right = {
        "resourceType": "Practitioner",
        "identifier": [numbered(TECHNICAL, UUID)],
        "active": True,
        "name": [{"family": "Martin", "given": ["Zoé"]}],
        "telecom": [{"system": "email", "value": "zoe@regulation.test"}],
    }
    return {name: value for name, value in {**right, **elements}.items() if value is not None}


def post(code: int | None = 201, answer: Json | None = None, context: Json | None = None, **elements: Any) -> Entry:
    said = answer if answer is not None else (account(**elements) if (code or 0) < 300 else OUTCOME)
    headers = LOCATED if code in (200, 201) else ()
    what, target = "serveur.sas.practitioner.create", "/sas/fhir/Practitioner"
    body = account(**elements)
    return http(what, "POST", target, body, code, answer=said, answer_headers=headers, person=None, **(context or {}))


def put(code: int | None = 200, key: str = f"{TECHNICAL}%7C{UUID}", **elements: Any) -> Entry:
    said, headers = (account(**elements), LOCATED) if code in (200, 201) else (OUTCOME, ())
    what, target = "serveur.sas.practitioner.update", f"/sas/fhir/Practitioner?identifier={key}"
    return http(what, "PUT", target, account(**elements), code, answer=said, answer_headers=headers, person=None)


def unlocated(entry: Entry) -> Entry:
    return {**entry, "answer": {**entry["answer"], "headers": []}}


def reads(*accounts: tuple[list[Json], bool]) -> Entry:
    shown = [
        {"identifiants": ids, "nom": "Martin", "prenom": "Zoé", "courriel": "", "actif": on} for ids, on in accounts
    ]
    return action("lire_comptes_regulateurs", {"comptes": shown}, person=None)


def books(status: int = 200, origin: str = "sas") -> Entry:
    return action("reserver_creneau_sas", {}, status, person=None, creneau="c1", regulateur=REGULATOR, origine=origin)


MINE, NEW = {"system": TECHNICAL, "value": UUID}, {"system": NATIONAL, "value": SLASHED}
TO_NATIONAL = put(identifier=[numbered(NATIONAL, SLASHED)])
STRANGER = {"certificat": "sas-cn-faux"}
BAD_TYPE = {"identifier": [numbered(TECHNICAL, UUID, "IDNPS")]}

CASES = (
    Case(
        "AGD-079",
        accepted=[
            [post()],
            [post(), put()],
            [put(201)],
            [put()],
            # the identifier that was changed names nobody any more
            [post(), TO_NATIONAL, put(201)],
            # nine of ten that came together: the one that was first is journaled later
            [post(409), post()],
        ],
        refused=[
            ([post(200)], ["1 statut HTTP"]),
            ([post(422)], ["1 statut HTTP"]),
            ([post(500)], ["1 statut HTTP"]),
            ([post(), put(201)], ["2 statut HTTP"]),
            ([put(404)], ["1 statut HTTP"]),
            ([unlocated(post())], ["1 en-tête Location"]),
        ],
        silent=[
            (),
            [post(422, name=None)],
            [post(403, context=STRANGER)],
            [post(503)],
            [post(None)],
            # without an e-mail address: the text does not make it mandatory, a product may refuse
            [post(422, telecom=None)],
        ],
    ),
    Case(
        "AGD-080",
        accepted=[[post(422, name=None)], [post(400, identifier=None)], [put(422, active=None)]],
        refused=[
            ([post(201, name=None)], ["1 statut HTTP"]),
            ([post(500, identifier=None)], ["1 statut HTTP"]),
            ([post(422, active=None, answer={})], ["1 corps"]),
            ([post(201, name=[{"family": " ", "given": ["Zoé"]}])], ["1 statut HTTP"]),
        ],
        silent=[(), [post()], [post(403, name=None, context=STRANGER)], [post(503, name=None)]],
    ),
    Case(
        "AGD-081",
        accepted=[[post()], [post(422, **BAD_TYPE)]],
        refused=[
            ([post(201, **BAD_TYPE)], ["1 statut HTTP (deduite)"]),
            ([post(500, **BAD_TYPE)], ["1 statut HTTP (deduite)"]),
            ([post(201, answer=account(**BAD_TYPE))], ["1 Practitioner.identifier[0].type"]),
        ],
        silent=[(), [post(422, name=None)], [post(201, answer={})]],
    ),
    Case(
        "AGD-082",
        accepted=[
            [post(), reads(([MINE], True))],
            [post(), put(active=False), reads(([MINE], False))],
            [post(), put(active=False), put(), reads(([MINE], True))],
            [post(), put(active=False), books(422)],
            [post(), TO_NATIONAL, reads(([NEW], True))],
        ],
        refused=[
            ([post(), put(active=False), books()], ["3 reserver_creneau_sas"]),
            ([post(), put(active=False), reads()], [f"3 comptes[{TECHNICAL}|{UUID}]"]),
            ([post(), put(active=False), reads(([MINE], True))], [f"3 comptes[{TECHNICAL}|{UUID}].actif"]),
            ([post(), put(active=False), put(), reads(([MINE], False))], [f"4 comptes[{TECHNICAL}|{UUID}].actif"]),
        ],
        silent=[(), [post(), books()], [post(422), reads()]],
    ),
    Case(
        "AGD-083",
        accepted=[
            [post(), TO_NATIONAL, reads(([NEW], True))],
            # another account had the identifier, and keeps it without its right
            [post(), TO_NATIONAL, reads(([NEW], True), ([NEW], False))],
        ],
        refused=[
            ([post(), TO_NATIONAL, reads(([NEW], True), ([MINE], True))], [f"3 comptes[{TECHNICAL}|{UUID}]"]),
            ([post(), TO_NATIONAL, reads(([NEW, MINE], True))], [f"3 comptes[{TECHNICAL}|{UUID}]"]),
            ([post(), TO_NATIONAL, reads()], ["3 comptes"]),
            ([post(), TO_NATIONAL, reads(([NEW], True), ([NEW], True))], ["3 comptes"]),
            (
                [put(404, key=f"{NATIONAL}%7C3990000010%2FREG00001", identifier=[numbered(NATIONAL, SLASHED)])],
                ["1 statut HTTP"],
            ),
        ],
        silent=[
            (),
            [post(), reads(([MINE], True))],
            [post(), put(422, identifier=[numbered(NATIONAL, SLASHED)]), reads()],
            # the identifier was given again since
            [post(), TO_NATIONAL, post(), reads(([MINE], True))],
        ],
    ),
    Case(
        "AGD-084",
        accepted=[[books(422, "directe")]],
        refused=[([books(200, "directe")], ["1 reserver_creneau_sas"])],
        silent=[(), [books()], [books(501, "directe")]],
    ),
)
