"""Requests and answers between professionals: AGD-045, AGD-046, RDV-002, RDV-003, RDV-008."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.rdv import ANSWERS, ASKS, DE1, WRITES, keys, professionals
from rules.reading import dig, objects, shown, text
from rules.selectors import DONE, action, http, refusal
from rules.windows import during

_ASKED = action("demander_rendez_vous_pro")
_REPLIED = action("repondre_rendez_vous_pro")
_COMMON = http("rdv.fhir.creneaux_communs")
_SLOTS = http("rdv.fhir.slot.search", "rdv.fhir.slot.read")
_REASONS = ("reasonCode", "reasonReference", "comment")
_AT = "Appointment.participant"


@rule(
    "AGD-045",
    Level.SHALL,
    Authority.DEDUITE,
    DE1,
    title="Une demande nomme chaque professionnel invité une seule fois, et dit son motif.",
    over="scenario",
)
def everybody_invited_once_with_a_reason(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A professional may have two places, PractitionerRole and Practitioner: once as each. Who was to be invited is
    what the product was asked to."""
    wanted = {call.id: asked for asked in filter(_ASKED, exchanges) for call in during(asked, exchanges)}
    for e in filter(ASKS, exchanges):
        found: list[Finding | Examined] = list(_wrong(e, wanted.get(e.id)))
        yield from found or [Examined(e.id)]


def _wrong(e: Exchange, asked: Exchange | None) -> Iterator[Finding]:
    if not any(e.resource.get(element) for element in _REASONS):
        yield Finding("Appointment.reasonCode", "le motif de la demande", "rien", exchange=e.id)
    seen: set[tuple[str, str]] = set()
    for place, kind, number in professionals(e.resource):
        if (kind, number) in seen:
            yield Finding(f"{_AT}[{place}]", "chaque professionnel une fois", f"{number} deux fois", exchange=e.id)
        seen.add((kind, number))
    invited = (
        []
        if asked is None
        else [text(one.get("identifiant_national")) for _, one in objects(asked.resource.get("invites"))]
    )
    for number in invited:
        if number not in {known for _, known in seen}:
            yield Finding(_AT, f"le professionnel invité {number}", "rien", exchange=e.id)


@rule(
    "AGD-046",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (réponses du flux D)",
    title="Une réponse ne change que la réponse du professionnel qui la donne.",
    on=ANSWERS,
)
def answers_for_oneself(exchange: Exchange) -> Iterator[Finding]:
    """What an old copy still says of others is put back by the block, and accuses nobody."""
    if refusal(exchange) == "reponse-d-autrui":
        yield Finding(f"{_AT}.status", "la seule réponse de ses professionnels", "celle d'un autre aussi")


@rule(
    "RDV-002",
    Level.SHALL,
    Authority.DEDUITE,
    DE1,
    title="Une demande dit son motif, invite un autre professionnel et ne désigne que des créneaux qui existent.",
    on=ASKS,
)
def request_makes_sense(exchange: Exchange) -> Iterator[Finding]:
    code = refusal(exchange)
    if not any(exchange.resource.get(element) for element in _REASONS):
        yield Finding("Appointment.reasonCode", "le motif de la demande", "rien")
    if code == "invites-absents":
        yield Finding(_AT, "un autre professionnel", "aucun")
    if code == "creneau-inconnu":
        yield Finding("Appointment.slot", "un créneau que le bloc a donné", shown(exchange.resource.get("slot")))


@rule(
    "RDV-003",
    Level.SHALL,
    Authority.DEDUITE,
    "CI-SIS, volet Gestion d'agendas partagés 3.0.0, flux 6b",
    title="Une réponse met à jour la demande par son identifiant, qui ne change pas.",
    over="scenario",
)
def answers_update_by_identifier(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    replying = {call.id for asked in filter(_REPLIED, exchanges) for call in during(asked, exchanges)}
    for e in filter(WRITES, exchanges):
        if ANSWERS(e):
            found: list[Finding | Examined] = list(_not_by_identifier(e))
            yield from found or [Examined(e.id)]
        elif e.id in replying:
            yield Finding("méthode HTTP", "une mise à jour (PUT) de la demande", e.method, exchange=e.id)


def _not_by_identifier(e: Exchange) -> Iterator[Finding]:
    asked = {tuple(value.partition("|")[::2]) for value in e.values("identifier")}
    if not asked:
        yield Finding("adresse", "Appointment?identifier=…", e.path, exchange=e.id)
    elif not asked & keys(e.resource):
        yield Finding(
            "Appointment.identifier",
            shown(e.values("identifier")[0]),
            shown(e.resource.get("identifier")),
            exchange=e.id,
        )
    if dig(e.context, "stored", "created") is True:
        yield Finding(
            "Appointment.identifier", "l'identifiant de la demande", "un identifiant inconnu du bloc", exchange=e.id
        )


@rule(
    "RDV-008",
    Level.SHALL,
    Authority.DEDUITE,
    "HL7 FHIR R4, type instant ; convention du banc (créneau)",
    title="L'horaire demandé porte son décalage, et commence avec le créneau choisi.",
    over="scenario",
)
def starts_with_its_slot(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    known: dict[str, datetime] = {}
    for e in exchanges:
        if DONE(e) and (_COMMON | _SLOTS)(e):
            known |= dict(_starts(e))
        elif ASKS(e):
            start = parse_instant(e.resource.get("start"))
            slots = [text(one.get("reference")).rpartition("/")[2] for _, one in objects(e.resource.get("slot"))]
            first = min((known[slot] for slot in slots if slot in known), default=None)
            if e.resource.get("start") is not None and start is None:
                yield Finding(
                    "Appointment.start", "un instant avec décalage", shown(e.resource.get("start")), exchange=e.id
                )
            elif first is not None and start != first:
                expected = f"le début du créneau, {first.isoformat()}"
                yield Finding("Appointment.start", expected, shown(e.resource.get("start")), exchange=e.id)
            elif start is not None:
                yield Examined(e.id)


def _starts(e: Exchange) -> Iterator[tuple[str, datetime]]:
    """When each slot that was read begins."""
    answer = e.answer_resource
    entries = [answer, *(dig(one, "resource") for _, one in objects(answer.get("entry")))]
    for slot in entries:
        start = parse_instant(dig(slot, "start"))
        if dig(slot, "resourceType") == "Slot" and start is not None:
            yield text(dig(slot, "id")), start
    for _, time in objects(answer.get("parameter")):
        parts = [part for _, part in objects(time.get("part"))]
        starts = [parse_instant(part.get("valueInstant")) for part in parts if part.get("name") == "debut"]
        for part in parts:
            if starts and starts[0] is not None and part.get("name") == "creneau":
                yield text(dig(part, "valueReference", "reference")).rpartition("/")[2], starts[0]
