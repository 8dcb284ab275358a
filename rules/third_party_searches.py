"""AGD rules on how the product answers the searches of a third-party agenda (flow C, FC-PULL)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.gap import GAP, R4
from rules.instants import parse_instant
from rules.paging import next_link
from rules.reading import dig, objects, shown, text
from rules.sas_bundle import Answer, Slot
from rules.selectors import DONE, On
from rules.third_party import (
    BUNDLES,
    EVENT_SEARCHES,
    JUDGED,
    PRACTITIONERS,
    SEARCHES,
    SLOT_SEARCHES,
    Json,
    codes_asked,
    entries,
    held,
    keys_asked,
    matches,
    professional_asked,
    professionals_of,
    third_party,
    window,
)

_NOT_OFFERED = (400, 404, 405, 406, 422, 501)
_READABLE = {True: "start", False: "date"}


def _readable(search: Exchange) -> bool:
    """Whether a product has no reason to refuse this search: it says whose, and its bounds have an offset."""
    asked = professional_asked(search) or any(keys_asked(search, n) for n in ("identifier", "patient.identifier"))
    return bool(asked) and window(search, _READABLE[SLOT_SEARCHES(search)]) is not None


READABLE = On(_readable) & JUDGED


@rule(
    "AGD-048",
    Level.SHALL,
    Authority.DEDUITE,
    f"{R4}, http.html#capabilities ; {GAP}, GAP-GestionnaireAgenda",
    title="Le produit se décrit : GET metadata rend un CapabilityStatement R4 qui nomme Slot et Appointment.",
    on=third_party("capabilities") & JUDGED,
)
def product_describes_itself(answer: Exchange) -> Iterator[Finding]:
    told = answer.answer_resource
    if answer.status != 200 or told.get("resourceType") != "CapabilityStatement":
        seen = f"HTTP {answer.status}, {shown(told.get('resourceType'))}"
        yield Finding("resourceType", "HTTP 200, CapabilityStatement", seen)
        return
    if not text(told.get("fhirVersion")).startswith("4.0"):
        yield Finding("CapabilityStatement.fhirVersion", "4.0.1", shown(told.get("fhirVersion")))
    served = [rest for _, rest in objects(told.get("rest")) if rest.get("mode") == "server"]
    types = {text(one.get("type")) for rest in served for _, one in objects(rest.get("resource"))}
    for missing in sorted({"Slot", "Appointment"} - types):
        yield Finding("CapabilityStatement.rest.resource.type", missing, shown(sorted(types)))


@rule(
    "AGD-049",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 4a",
    title="La recherche de créneaux d'un professionnel rend ceux de la fenêtre et du statut demandés, et eux seuls.",
    on=SLOT_SEARCHES & READABLE,
)
def slots_are_those_asked_for(search: Exchange) -> Iterator[Finding]:
    if search.status in _NOT_OFFERED:
        yield Finding("statut HTTP", "HTTP 200", f"HTTP {search.status}")
    asked, statuses = window(search, "start"), codes_asked(search, "status")
    for at, slot in matches(search):
        start = parse_instant(slot.get("start"))
        if start is None or (asked and not asked.holds(start)):
            yield Finding(f"{at}.start", ", ".join(search.values("start")), shown(slot.get("start")))
        if statuses and text(slot.get("status")) not in statuses:
            yield Finding(f"{at}.status", ", ".join(sorted(statuses)), shown(slot.get("status")))
        owners = Answer.of(search).numbers_of(Slot(at, slot))
        if owners and professional_asked(search) not in owners:
            yield Finding(f"{at}.schedule", f"l'agenda de {professional_asked(search)}", ", ".join(sorted(owners)))


@rule(
    "AGD-050",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 4b",
    title="La recherche de rendez-vous rend ceux du professionnel, de l'usager, de la date et du statut demandés.",
    on=EVENT_SEARCHES & READABLE,
)
def events_are_those_asked_for(search: Exchange) -> Iterator[Finding]:
    if search.status in _NOT_OFFERED:
        yield Finding("statut HTTP", "HTTP 200", f"HTTP {search.status}")
    asked, statuses = window(search, "date"), codes_asked(search, "status")
    keys = frozenset(keys_asked(search, "identifier"))
    for at, event in matches(search):
        start = parse_instant(event.get("start"))
        if asked and asked.bounds and start is not None and not asked.holds(start):
            yield Finding(f"{at}.start", ", ".join(search.values("date")), shown(event.get("start")))
        if statuses and text(event.get("status")) not in statuses:
            yield Finding(f"{at}.status", ", ".join(sorted(statuses)), shown(event.get("status")))
        if keys and not keys & held(event):
            yield Finding(f"{at}.identifier", shown(search.values("identifier")[0]), shown(event.get("identifier")))
        if _of_somebody_else(search, event):
            # A role named without a number may be that of the professional: GAP wants both, not all products give both.
            own = Authority.DEDUITE if _actors(event, "PractitionerRole") else None
            seen = ", ".join(sorted(professionals_of(event)))
            yield Finding(f"{at}.participant", professional_asked(search), seen, authority=own)


def _of_somebody_else(search: Exchange, event: Json) -> bool:
    """Only events that name all their professionals by number, none of whom was asked for, are somebody else's."""
    wanted, named = professional_asked(search), professionals_of(event)
    unsaid = [one for one in _actors(event, "Practitioner", "") if dig(one, "identifier", "system") != PRACTITIONERS]
    return bool(wanted and named) and wanted not in named and not unsaid


def _actors(event: Json, *kinds: str) -> list[Any]:
    """Actors of an event that are of one of these types; "" for those that do not say of which."""
    found = [dig(one, "actor") for _, one in objects(event.get("participant"))]
    return [actor for actor in found if actor and _kind(actor) in kinds]


def _kind(actor: Any) -> str:
    kind, bar, _ = text(dig(actor, "reference")).rpartition("/")
    return text(dig(actor, "type")) or (kind.rpartition("/")[2] if bar else "")


@rule(
    "AGD-051",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, Bundles 5a et 5b ; {R4}, search.html",
    title="La réponse à une recherche est un Bundle searchset, avec son lien self et le mode de chaque entrée.",
    on=SEARCHES & DONE,
)
def answers_are_searchsets(search: Exchange) -> Iterator[Finding]:
    bundle = search.answer_resource
    for element, expected in (("resourceType", "Bundle"), ("type", "searchset")):
        if bundle.get(element) != expected:
            yield Finding(f"Bundle.{element}", expected, shown(bundle.get(element)))
    if not any(link.get("relation") == "self" for _, link in objects(bundle.get("link"))):
        yield Finding("Bundle.link.where(relation = 'self')", "l'adresse de la recherche", "rien")
    kind = "Slot" if SLOT_SEARCHES(search) else "Appointment"
    for at, entry, found in entries(search):
        mode, expected = dig(entry, "search", "mode"), "match" if found.get("resourceType") == kind else "include"
        if mode != expected and found.get("resourceType") != "OperationOutcome":
            # R4 leaves the mode optional: that GAP wants it is read from its slices.
            own = Authority.DEDUITE if mode is None else None
            yield Finding(f"{at}.search.mode", expected, shown(mode), authority=own)
        for forbidden in ("request", "response"):
            if forbidden in entry:
                yield Finding(f"{at}.{forbidden}", "rien", shown(entry[forbidden]))


@rule(
    "AGD-054",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{GAP}, flux 4a et 5a ; {R4}, search.html#include",
    title="Les créneaux viennent avec leur agenda et ses titulaires quand ils sont demandés, une seule fois chacun.",
    on=SLOT_SEARCHES & BUNDLES & On(lambda e: bool(matches(e)) and _asks_for_owners(e)),
)
def owners_come_with_slots(search: Exchange) -> Iterator[Finding]:
    known: dict[str, Json] = {}
    for at, entry, found in entries(search):
        name = _local(entry.get("fullUrl")) if not text(found.get("id")) else _named(found)
        if name in known:
            yield Finding(at, f"{name} une seule fois", "deux fois")
        known |= {key: found for key in (name, _local(entry.get("fullUrl"))) if key}
    agendas = {_local(dig(slot, "schedule", "reference")) for _, slot in matches(search)}
    for agenda in sorted(agendas - known.keys() - {""}):
        yield Finding("Bundle.entry", agenda, "rien")
    for agenda in sorted(agendas & known.keys()):
        for place, actor in objects(known[agenda].get("actor")):
            owner = _local(actor.get("reference"))
            if owner and owner not in known:
                yield Finding(f"{agenda}.actor[{place}]", f"{owner} dans la réponse", "rien")


def _asks_for_owners(search: Exchange) -> bool:
    return search.values("_include") == ("Slot:schedule",) and search.values("_include:iterate") == ("Schedule:actor",)


def _named(resource: Json) -> str:
    return f"{text(resource.get('resourceType'))}/{text(resource.get('id'))}"


def _local(reference: Any) -> str:
    """`Type/id` of a reference or address, or its URN; empty for a contained resource or none."""
    whole = text(reference).partition("/_history/")[0]
    return "" if whole.startswith("#") else "/".join(whole.split("/")[-2:])


@rule(
    "AGD-065",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc (pages d'une recherche)",
    title="Les pages d'une recherche rendent tout, et rien deux fois, même si un événement arrive pendant la lecture.",
    over="scenario",
)
def pages_are_whole(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for pages in _chains([e for e in exchanges if SEARCHES(e) and BUNDLES(e)]):
        found = [text(one.get("id")) for page in pages for _, one in matches(page)]
        repeated = sorted({one for one in found if found.count(one) > 1})
        total = pages[0].answer_resource.get("total")
        if repeated:
            yield Finding("Bundle.entry", "chaque ressource une fois", shown(repeated), exchange=pages[-1].id)
        elif not next_link(pages[-1]) and isinstance(total, int) and len(found) < total:
            expected, seen = f"les {total} ressources annoncées", f"{len(found)}"
            yield Finding("Bundle.entry", expected, seen, exchange=pages[-1].id)
        else:
            yield Examined(pages[-1].id)


def _chains(searches: Sequence[Exchange]) -> Iterator[list[Exchange]]:
    """Searches by pages (`_count`), each with the pages that were read by following its links."""
    following: dict[str, list[Exchange]] = {}
    chains: list[list[Exchange]] = []
    for search in searches:
        chain = following.pop(_tail(search.target), None)
        if chain is None and not search.values("_count"):
            continue
        if chain is None:
            chains.append(chain := [])
        chain.append(search)
        if next_link(search):
            following[_tail(next_link(search))] = chain
    yield from chains


def _tail(address: str) -> str:
    """Last part of the path, and query: what an address and the target that follows it have in common."""
    path, _, query = address.partition("?")
    return f"{path.rpartition('/')[2]}?{query}"
