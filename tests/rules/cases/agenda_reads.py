"""Tables of rules/agenda_reads.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.cases.mes_agenda import FOREIGN, FROM_OTHER, LISTED, OTHER_KEY
from tests.rules.journal import (
    KEY,
    Entry,
    act,
    action,
    appointment,
    bundle,
    create,
    http,
    pro_act,
    search,
    typed,
    valid,
)

NEXT = "https://banc.test/mes/fhir/Appointment?patient.identifier=urn:oid:1.2%7Cu&_page=2"
FIRST = search("patient.identifier=urn:oid:1.2%7Cu", answer=bundle(next_page=NEXT))
SLOTS = http("gap.fhir.slot.search", answer=bundle(next_page="/gap/fhir/Slot?_page=2"), person=None)
SYNC = action("synchroniser_agenda", {"recus": 1}, usager="u1")
WITHDRAWN = act("usager.consentement_retire", finalite="AGENDA_LECTURE")
REFUSED = search(status=403, refusal="CONSENT_REQUIRED")
PRO_WITHDRAWN = pro_act("consentement_retire")
PRO_REFUSED = search(service="bsp", status=403, refusal="CONSENT_REQUIRED")
PRO_SYNC = action("synchroniser_agenda", {"recus": 0}, usager="u1", session={"cookies": {}})
UNKNOWN = search(fault="code_inconnu", answer=bundle({**FOREIGN, "status": "nouveau"}))
PRO_LISTED = search(service="bsp", answer=bundle(FOREIGN))
ECHO = appointment(identifier=[OTHER_KEY])
COPY = appointment(start=FOREIGN["start"], description="Dentiste")
UNPAIRED: dict[str, Any] = {"token": {"state": "absent"}, "requested_idpe": "u-1"}


def screen(**event: Any) -> Entry:
    shown = {"debut": "2024-10-28T08:00:00Z", "debut_affiche": "28/10/2024 09:00", "origine": "produit", **event}
    return action("lire_agenda", {"evenements": [shown]}, usager="u1", vue="portail")


CASES = [
    Case(
        "AGD-033",
        accepted=[
            [FIRST, search("patient.identifier=urn:oid:1.2%7Cu&_page=2"), SYNC],
            [SLOTS, http("gap.fhir.slot.search", target="/gap/fhir/Slot?_page=2", person=None), SYNC],
            # the outage came before MES knew whom the next page was about
            [FIRST, search("patient.identifier=urn:oid:1.2%7Cu&_page=2", status=503, person=None), SYNC],
        ],
        refused=[
            ([FIRST, SYNC], ["1 Bundle.link.where(relation = 'next')"]),
            # slots are of nobody
            ([SLOTS, SYNC], ["1 Bundle.link.where(relation = 'next')"]),
            # rebuilt instead of followed
            (
                [FIRST, search("patient.identifier=urn:oid:1.2%7Cu&_offset=50"), SYNC],
                ["1 Bundle.link.where(relation = 'next')"],
            ),
        ],
        silent=[[FIRST], [search(answer=bundle()), SYNC], [search(answer=bundle(next_page=NEXT), status=500), SYNC]],
    ),
    Case(
        "AGD-035",
        accepted=[
            [WITHDRAWN, REFUSED, SYNC, screen()],
            [WITHDRAWN, REFUSED, SYNC, REFUSED, SYNC],
            [PRO_WITHDRAWN, PRO_REFUSED, PRO_SYNC, screen()],
            [PRO_WITHDRAWN, PRO_REFUSED, PRO_SYNC, PRO_REFUSED, PRO_SYNC],
            # the portal may still read, and the DUI show what it read
            [PRO_WITHDRAWN, PRO_REFUSED, PRO_SYNC, search(), SYNC, screen(origine="usager")],
        ],
        refused=[
            ([WITHDRAWN, REFUSED, REFUSED, SYNC], ["3 appel"]),
            (
                [WITHDRAWN, REFUSED, SYNC, screen(origine="usager")],
                ["4 lire_agenda.evenements[0] (SHOULD)"],
            ),
            ([PRO_WITHDRAWN, PRO_REFUSED, PRO_REFUSED, PRO_SYNC], ["3 appel (banc)"]),
            (
                [PRO_WITHDRAWN, PRO_REFUSED, PRO_SYNC, screen(origine="autre")],
                ["4 lire_agenda.evenements[0] (SHOULD) (banc)"],
            ),
        ],
        silent=[
            [REFUSED, REFUSED],
            [WITHDRAWN, screen(origine="usager")],
            # one consent is not the other
            [WITHDRAWN, PRO_REFUSED, PRO_REFUSED],
            [PRO_WITHDRAWN, REFUSED, REFUSED],
        ],
    ),
    Case(
        "AGD-036",
        accepted=[[create(**valid())]],
        refused=[([create(status=401, person=None, **UNPAIRED)], ["1 en-tête Authorization"])],
        silent=[[create(status=403, refusal="CONSENT_REQUIRED", **valid())], [search(status=401, **UNPAIRED)]],
    ),
    Case(
        "AGD-037",
        accepted=[
            [LISTED, create()],
            [LISTED, create(appointment(start=FOREIGN["start"], description="Dentiste")), typed("2024-11-05T10:00")],
        ],
        refused=[
            ([FROM_OTHER, create(ECHO)], ["2 Appointment"]),
            ([FROM_OTHER, create(COPY)], ["2 Appointment"]),
            (
                [LISTED, create(appointment(identifier=[OTHER_KEY], start=FOREIGN["start"], description="Dentiste"))],
                ["2 Appointment"],
            ),
            ([PRO_LISTED, create(COPY, service="bsp")], ["2 Appointment (banc)"]),
            ([PRO_LISTED, create(COPY)], ["2 Appointment"]),
        ],
        silent=[[create()], [LISTED], [LISTED, create(COPY, service="gap")]],
    ),
    Case(
        "AGD-038",
        accepted=[[FROM_OTHER, create(ECHO)]],
        refused=[([FROM_OTHER, create(COPY)], ["2 Appointment.identifier"])],
        # what the usager typed has no identifier to keep
        silent=[[LISTED, create(COPY)], [FROM_OTHER, create()], [FROM_OTHER, create(COPY), typed("2024-11-05T10:00")]],
    ),
    Case(
        "AGD-043",
        accepted=[[UNKNOWN, SYNC, screen()]],
        refused=[
            ([UNKNOWN, action("synchroniser_agenda", {"erreur": "KeyError"}, 500)], ["2 synchroniser_agenda"]),
            ([UNKNOWN, action("lire_agenda", {"erreur": "statut"}, 422)], ["2 lire_agenda"]),
        ],
        silent=[[LISTED, action("lire_agenda", {}, 500)]],
    ),
    Case(
        "AGD-044",
        accepted=[
            [screen()],
            [screen(debut="2024-10-27T00:30:00Z", debut_affiche="27/10/2024 02:30")],
            [action("configurer", fuseau="Indian/Reunion"), screen(debut_affiche="28/10/2024 12:00")],
            [typed(fuseau="Indian/Reunion"), screen(debut_affiche="28/10/2024 12:00", identifiant=KEY)],
        ],
        refused=[
            ([screen(debut_affiche="28/10/2024 08:00")], ["1 lire_agenda.evenements[0].debut_affiche"]),
            (
                [screen(debut="2024-07-10T12:00:00Z", debut_affiche="10/07/2024 13:00")],
                ["1 lire_agenda.evenements[0].debut_affiche"],
            ),
        ],
        silent=[[screen(debut="2024-10-28T09:00:00")], [action("lire_agenda", {"evenements": []})]],
    ),
]
