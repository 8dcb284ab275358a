"""Which exchanges a rule reads. Selectors compose with `&`, `|` and `~`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rules.exchange import Exchange
from rules.reading import dig, text

_MARK = re.compile(r"‹[^:‹›]+:([0-9a-f]+)›")


@dataclass(frozen=True, slots=True)
class On:
    """A selector that composes: `APPOINTMENT_WRITES & having("cancelationReason")`."""

    chosen: Callable[[Exchange], bool]

    def __call__(self, exchange: Exchange) -> bool:
        return self.chosen(exchange)

    def __and__(self, other: On) -> On:
        return On(lambda exchange: self(exchange) and other(exchange))

    def __or__(self, other: On) -> On:
        return On(lambda exchange: self(exchange) or other(exchange))

    def __invert__(self) -> On:
        return On(lambda exchange: not self(exchange))


def http(*operations: str) -> On:
    """HTTP exchanges of one of these operations; "*.fhir.appointment.create" means of any service."""
    exact = frozenset(o for o in operations if not o.startswith("*"))
    endings = tuple(o[1:] for o in operations if o.startswith("*"))
    return On(lambda e: e.protocol == "http" and (e.operation in exact or e.operation.endswith(endings)))


def action(*names: str) -> On:
    """Actions asked of the product: action("creer_rendez_vous")."""
    wanted = frozenset(f"produit.{name}" for name in names)
    return On(lambda e: e.protocol == "action" and e.operation in wanted)


def act(*names: str) -> On:
    """Acts on the national side of MES: act("usager.consentement_retire")."""
    wanted = frozenset(f"mes.{name}" for name in names)
    return On(lambda e: e.protocol == "acte" and e.operation in wanted)


def having(*path: str) -> On:
    """Exchanges whose request resource holds this element."""
    return On(lambda e: dig(e.json, *path) is not None)


ANY_ACTION = On(lambda e: e.protocol == "action" and e.operation.startswith("produit."))
PRODUCT_PAGES = On(lambda e: e.protocol == "http" and e.service == "navigateur")
MES = On(lambda e: e.protocol == "http" and e.service == "mes")
BSP = On(lambda e: e.protocol == "http" and e.service == "bsp")
# Both ways to the agenda that the usager sees: of the portal, and of professionals.
USAGER_AGENDA = MES | BSP
DONE = On(lambda e: 200 <= e.status < 300)
# A bench fault explains what follows: nobody is accused of an answer that the bench spoiled itself.
SPOILED = On(lambda e: bool(e.entry.get("fault")))
# No answer, or an answer that does not say whether the request was taken into account.
UNCERTAIN = On(lambda e: e.status == 0 or e.status == 429 or e.status >= 500)

APPOINTMENT_CREATES = http("*.fhir.appointment.create")
APPOINTMENT_UPDATES = http("*.fhir.appointment.update")
APPOINTMENT_WRITES = APPOINTMENT_CREATES | APPOINTMENT_UPDATES
APPOINTMENT_DELETES = http("*.fhir.appointment.delete")
APPOINTMENT_SEARCHES = http("*.fhir.appointment.search")
FHIR_SEARCHES = On(lambda e: e.protocol == "http" and ".fhir." in e.operation and e.operation.endswith(".search"))

# `metadata` is public: it is not a business call.
MES_BUSINESS = On(
    lambda e: e.protocol == "http" and e.operation.startswith("mes.fhir.") and e.operation != "mes.fhir.capabilities"
)
BSP_BUSINESS = http(
    *(f"bsp.fhir.appointment.{name}" for name in ("create", "update", "search", "read", "vread", "history"))
)
MES_API = MES_BUSINESS | http("mes.oauth.par", "mes.oauth.authorize", "mes.oauth.token", "mes.oauth.revoke")
MES_AGENDA_WRITES = APPOINTMENT_WRITES & MES
MES_MEASURE_SEARCHES = http("mes.fhir.observation.search")
TOKEN_CALLS = http("mes.oauth.token")


def is_grant(exchange: Exchange, kind: str) -> bool:
    """Whether a token call is of this grant type (`authorization_code`, `refresh_token`)."""
    seen = dig(exchange.context, "grant", "type") or exchange.form.get("grant_type")
    return TOKEN_CALLS(exchange) and seen == kind


def refusal(exchange: Exchange) -> str:
    """Code of the refusal that the service recognised, empty when it accepted."""
    return str(exchange.context.get("refusal") or "")


def about(exchange: Exchange) -> tuple[str, str]:
    """Perimeter and access of a business call ("agenda", "ecriture"), as consent names them."""
    context = exchange.context
    return str(context.get("perimeter") or ""), str(context.get("access") or "")


def presented(exchange: Exchange, name: str, field: str) -> str:
    """Fingerprint of what a token call presents: as recognised (`context.grant`), else as masked in its form."""
    masked = _MARK.fullmatch(exchange.form.get(field, ""))
    return text(dig(exchange.context, "grant", name)) or (masked[1] if masked else exchange.form.get(field, ""))


def began_after(asked: Exchange) -> int | None:
    """Id of the last exchange journaled before an action began; None in a journal that does not say."""
    place = asked.context.get("apres")
    return place if isinstance(place, int) else None


def of_each_person(exchanges: Sequence[Exchange]) -> Iterator[list[Exchange]]:
    """The exchanges of each person, with the calls that failed before MES knew whom they were about.

    For rules that would accuse a product of a call it never made: the call may be one of those.
    """
    persons = dict.fromkeys(e.person for e in exchanges if e.person is not None)
    unknown = {e.id for e in exchanges if e.person is None and e.protocol == "http" and not DONE(e)}
    for person in persons:
        yield [e for e in exchanges if e.person == person or e.id in unknown]
