"""Tables of rules/exposed.py."""

from __future__ import annotations

from typing import Any

from tests.rules.cases import Case
from tests.rules.cases.sas import search, stranger
from tests.rules.journal import Entry, http

KNOWN, UNKNOWN = (("Authorization", "Bearer ‹at:aaaa000001›"),), (("Authorization", "Bearer ‹at:cccc000009›"),)


def asked(status: int | None, role: str = "inconnu", **more: Any) -> Entry:
    target = "/agenda/fhir/Appointment"
    operation = "serveur.agenda_tiers.appointment.search"
    return http(operation, "GET", target, status=status, role=role, person=None, **more)


CASES = [
    Case(
        "SEC-16",
        accepted=[[asked(401)], [asked(401, headers=UNKNOWN)]],
        refused=[
            ([asked(200)], ["1 statut (banc)"]),
            ([asked(401), asked(200, headers=UNKNOWN)], ["2 statut (banc)"]),
            # closed, but not in the way that a client understands
            ([asked(403)], ["1 statut (SHOULD) (banc)"]),
            ([asked(302, headers=UNKNOWN)], ["1 statut (SHOULD) (banc)"]),
        ],
        silent=[
            [asked(200, "agenda-tiers", headers=KNOWN)],
            [asked(503)],
            [asked(429)],
            [asked(None)],
            [http("mes.fhir.appointment.search", status=200)],
        ],
    ),
    Case(
        "SEC-19",
        accepted=[
            [stranger(403, "sas-revoque")],
            [stranger(None, "sas-revoque", silence="tls")],
            [stranger(None, "sas-revoque", silence="coupure")],
            [stranger(500, "sas-revoque")],
        ],
        refused=[([stranger(200, "sas-revoque")], ["1 connexion"]), ([stranger(302, "sas-revoque")], ["1 connexion"])],
        silent=[
            [search()],
            [stranger(200, "sas-expire")],
            [stranger(200, "sas-plateforme")],
            [stranger(None, "sas-revoque", silence="delai")],
        ],
    ),
]
