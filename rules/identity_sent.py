"""INS-16, INS-29: no INS leaves the product unless it is the current one of a qualified identity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.insi import DECLARES, INSI_CALLS, READS, RETRIEVES, VERIFICATIONS, calls_of, individual, status_of, usager_of
from rules.insi_answers import GUIDE
from rules.reading import dig, text
from rules.selectors import PRODUCT_PAGES, On
from rules.served import SERVED
from rules.windows import during

# What the product sends to a service, Mon espace santé included: that it takes no INS at all is MES-18 to MES-20.
_OUTGOING = On(lambda e: e.protocol == "http") & ~PRODUCT_PAGES & ~SERVED & ~On(lambda e: ".page." in e.operation)


@dataclass
class Known:
    """What the record says of one usager: status after each action, current and former matricules."""

    statuses: list[tuple[int, str]] = field(default_factory=list)
    matricules: set[str] = field(default_factory=set)
    former: set[str] = field(default_factory=set)

    def status_at(self, place: int) -> str:
        return next((status for at, status in reversed(self.statuses) if at < place), "")

    def next_status(self, place: int) -> str:
        return next((status for at, status in self.statuses if at > place), "")


def known_usagers(exchanges: Sequence[Exchange]) -> dict[str, Known]:
    """What the record says of each usager, by the name that the product gives her."""
    found: dict[str, Known] = {}
    for e in exchanges:
        if e.protocol != "action" or not usager_of(e):
            continue
        known = found.setdefault(usager_of(e), Known())
        if status_of(e):
            known.statuses.append((e.id, status_of(e)))
        if READS(e):
            known.matricules.add(text(dig(e.answer_json, "matricule")).upper())
        elif DECLARES(e):
            known.matricules.add(text(dig(e.resource, "ins", "matricule")).upper())
        elif RETRIEVES(e):
            for person in filter(None, map(individual, calls_of(e, exchanges))):
                known.matricules.add(person.matricule.upper())
                known.former |= {old.upper() for old in person.former}
    for known in found.values():
        known.matricules -= known.former | {""}
    return found


def carried(call: Exchange) -> dict[str, str]:
    """What a call carries, by place: address (decoded), headers, body."""
    headers = " ".join(str(pair[1]) for pair in call.request.get("headers") or () if len(pair) == 2)
    places = {"adresse": f"{call.target} {unquote(call.target)}", "en-têtes": headers, "corps": call.body}
    return {at: content.upper() for at, content in places.items()}


def _places(call: Exchange, matricules: set[str]) -> list[str]:
    """Where a call carries one of these matricules, with or without its key."""
    return [at for at, content in carried(call).items() if any(one[:13] in content for one in matricules)]


@rule(
    "INS-16",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.53 ; {GUIDE}, R28 (hors vérification, R48 et R52)",
    title="Aucun envoi ne porte de matricule INS tant que l'identité n'est pas qualifiée.",
    over="scenario",
)
def only_qualified_identities_leave(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Status: the last one that the product said before the call, or the one that it says when the action ends."""
    known = known_usagers(exchanges)
    for call in filter(_OUTGOING & ~VERIFICATIONS, exchanges):
        for one in known.values():
            status, soon = one.status_at(call.id), one.next_status(call.id)
            places = _places(call, one.matricules | one.former) if status else []
            if not places:
                continue
            if "qualifiee" in (status, soon):
                yield Examined(call.id)
            else:
                expected, seen = f"aucun matricule : l'identité est {status}", "un matricule"
                yield Finding(places[0], expected, seen, exchange=call.id)
    yield from _silent_calls(exchanges, known)


def _silent_calls(exchanges: Sequence[Exchange], known: dict[str, Known]) -> Iterator[Examined]:
    """Calls made for an usager not qualified, whose matricule is known and stays at home."""
    for asked in (e for e in exchanges if e.protocol == "action" and usager_of(e) in known):
        one = known[usager_of(asked)]
        for call in during(asked, exchanges):
            if not (_OUTGOING & ~INSI_CALLS)(call) or not one.matricules:
                continue
            barred = one.status_at(call.id) not in ("", "qualifiee")
            if barred and not _places(call, one.matricules | one.former):
                yield Examined(call.id)


@rule(
    "INS-29",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.35 ; {GUIDE}, R37",
    title="Un ancien INS (INSHISTO) reste dans l'historique : il n'est ni montré ni envoyé comme INS courant.",
    over="scenario",
)
def former_ins_stays_history(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    former: dict[str, set[str]] = {}
    for e in exchanges:
        if RETRIEVES(e):
            for person in filter(None, map(individual, calls_of(e, exchanges))):
                former[usager_of(e)] = {old.upper() for old in person.former} - {person.matricule.upper()}
        elif READS(e) and former.get(usager_of(e)):
            if text(dig(e.answer_json, "matricule")).upper() in former[usager_of(e)]:
                yield Finding("lire_identite.matricule", "l'INS actif", "un ancien INS", exchange=e.id)
            else:
                yield Examined(e.id)
        elif _OUTGOING(e) and any(_places(e, old) for old in former.values()):
            yield Finding("matricule", "l'INS actif", "un ancien INS", exchange=e.id)
