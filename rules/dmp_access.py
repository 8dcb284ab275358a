"""DMP-009 to DMP-015: what the product knows of a DMP, and of its right, before it feeds or reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import CALLS, CONSULTATIONS, DEPOSITS, HOMO, P4D, QUERIES, RETRIEVES, TD02, TD03, UPDATES, holder, vihf
from rules.dmp_consent import CHOOSES
from rules.exchange import Exchange
from rules.reading import dig, text
from rules.selectors import ANY_ACTION, PRODUCT_PAGES, UNCERTAIN, On, action, http
from rules.windows import during, product_went_on

_READS = QUERIES | RETRIEVES | UPDATES
_CLOSED = {"ferme": "fermé", "absent": "absent"}
_RIGHTS = {
    "expiree": "l'autorisation est expirée",
    "aucune": "il n'y a pas d'autorisation",
    "bloque": "le professionnel est bloqué",
}
_TOLD_BY_REFUSAL = {
    "autorisation-absente": "aucune",
    "autorisation-expiree": "expiree",
    "professionnel-bloque": "bloque",
}
_NO_NAME = "NON RENSEIGN"
# TD0.4, whose message is not published, is tolerated (the mock knows no such operation), and TD0.2 by the FHIR face.
_OTHERWISE = http("dmp.inconnue", "dmp.fhir.patient.search")
_ADDS = TD03 & On(lambda e: dig(e.context, "authorisation_change", "action") == "AJOUT")
_FEEDS = action("deposer_document", "remplacer_document", "supprimer_document")


@dataclass
class _Told:
    """What the DMP has told the product. status: of the DMP, empty when not known; rights: by holder."""

    status: str = ""
    rights: dict[str, str] = field(default_factory=dict)

    def learn(self, e: Exchange) -> None:
        """Learn from an answer; one that did not arrive teaches nothing."""
        if UNCERTAIN(e):
            return
        refusal = text(e.context.get("refusal"))
        if TD02(e) and e.context.get("response_status") == "AA":
            self.status = text(dig(e.context, "patient", "status"))
            self.rights[holder(e)] = text(dig(e.context, "patient", "authorisation"))
        elif TD03(e) and e.context.get("response_status") == "AA":
            self.rights[holder(e)] = text(dig(e.context, "authorisation_change", "to"))
        elif refusal in _TOLD_BY_REFUSAL:
            self.rights[holder(e)] = _TOLD_BY_REFUSAL[refusal]


@rule(
    "DMP-009",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D} ; Ségur vague 2, SC.DMP/UX.08",
    title="Le produit interroge l'état du DMP (TD0.2) avant de l'alimenter ou de le consulter.",
    on=CALLS | _OTHERWISE,
    over="person",
)
def state_is_asked_first(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Any earlier TD0.2 of the record will do: sessions of users are not seen."""
    known = False
    for e in exchanges:
        known |= (TD02(e) and not UNCERTAIN(e) and e.context.get("response_status") == "AA") or _OTHERWISE(e)
        if not (_READS | DEPOSITS)(e):
            continue
        if known:
            yield Examined(e.id)
        else:
            yield Finding("TD0.2", "un TD0.2 avant cet appel", "aucun", exchange=e.id)


@rule(
    "DMP-010",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, TD0.2",
    title="Quand TD0.2 dit le DMP fermé ou absent, rien n'y est déposé, cherché ni lu.",
    on=CALLS,
    over="person",
)
def closed_is_left_alone(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """That the user is told is seen by the scenarios."""
    told = _Told()
    for e in exchanges:
        if (_READS | DEPOSITS)(e) and told.status in _CLOSED:
            yield Finding("appel", f"aucun : le DMP est {_CLOSED[told.status]}", shown_call(e), exchange=e.id)
        told.learn(e)
        if TD02(e) and told.status in _CLOSED:
            yield Examined(e.id)


def shown_call(e: Exchange) -> str:
    """How a finding names a call to the DMP."""
    return text(e.context.get("transaction")) or e.operation


def _texts_after(e: Exchange, exchanges: Sequence[Exchange]) -> Iterator[tuple[str, Exchange]]:
    """What the product says after an exchange: results of actions, pages, messages to services."""
    for later in exchanges:
        if later.id <= e.id:
            continue
        if ANY_ACTION(later):
            yield later.operation.removeprefix("produit."), later
        elif PRODUCT_PAGES(later):
            yield "page", later
        elif DEPOSITS(later):
            yield "document déposé", later


def _said(later: Exchange) -> str:
    return (later.body if DEPOSITS(later) else later.answer_body).upper()


@rule(
    "DMP-011",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, TD0.2 (RG_0320)",
    title="Les traits d'identité que TD0.2 renvoie ne sont ni affichés ni recopiés.",
    over="scenario",
)
def traits_stay_unseen(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Seen where the bench makes the DMP give another name than the record's."""
    for e in exchanges:
        name = text(dig(e.context, "answer_traits", "birth")).upper()
        if not TD02(e) or e.entry.get("fault") != "traits_differents" or not name or not product_went_on(e, exchanges):
            continue
        where = next(((at, later) for at, later in _texts_after(e, exchanges) if name in _said(later)), None)
        if where is None:
            yield Examined(e.id)
        else:
            yield Finding(where[0], "le nom du dossier", "le nom venu du DMP", exchange=where[1].id)


@rule(
    "DMP-012",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{HOMO} (nom d'usage « NON RENSEIGNE »)",
    title="Un nom d'usage « NON RENSEIGNE » est tenu pour absent.",
    over="scenario",
)
def no_name_is_no_name(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in exchanges:
        said = text(dig(e.context, "answer_traits", "usual")).upper()
        if not TD02(e) or not said.startswith(_NO_NAME) or not product_went_on(e, exchanges):
            continue
        where = next(((at, later) for at, later in _texts_after(e, exchanges) if _NO_NAME in _said(later)), None)
        if where is None:
            yield Examined(e.id)
        else:
            yield Finding(where[0], "aucun nom d'usage", "« NON RENSEIGNE »", exchange=where[1].id)


_ORDINARY = On(lambda e: dig(vihf(e), "purpose", "code") in ("normal", None, ""))


@rule(
    "DMP-014",
    Level.SHALL,
    Authority.DEDUITE,
    f"Ségur vague 2, SC.DMP/UX.50 et CONF.06 ; {P4D}, TD3.1a",
    title="Un DMP n'est consulté qu'avec une autorisation valide, jamais posée malgré l'usager ni pour alimenter.",
    on=CALLS | CHOOSES | _FEEDS,
    over="person",
)
def consults_with_a_right(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged on what the DMP last told the product. Emergency and regulation need no authorisation."""
    yield from _authorisations(exchanges)
    told = _Told()
    for e in filter(_ORDINARY & CALLS, exchanges):
        right = told.rights.get(holder(e), "")
        if CONSULTATIONS(e) and right in _RIGHTS:
            yield Finding("appel", f"aucun : {_RIGHTS[right]}", shown_call(e), exchange=e.id)
        elif CONSULTATIONS(e) and right:
            yield Examined(e.id)
        told.learn(e)


def _authorisations(exchanges: Sequence[Exchange]) -> Iterator[Finding]:
    """A reading or TD0.3 (AJOUT) after the usager refused that her DMP be read; TD0.3 to send or delete a document."""
    fed = {call.id for e in exchanges if _FEEDS(e) for call in during(e, exchanges)}
    refused = False
    for e in exchanges:
        if CHOOSES(e):
            refused = (text(e.resource.get("consultation")) or ("refuse" if refused else "")) == "refuse"
        elif _ADDS(e) and (refused or e.id in fed):
            why = "l'usager s'y oppose" if refused else "l'alimentation n'en demande pas"
            yield Finding("TD0.3, AJOUT", f"aucune autorisation : {why}", "une autorisation", exchange=e.id)
        elif refused and (CONSULTATIONS & _ORDINARY)(e):
            yield Finding("appel", "aucun : l'usager refuse que son DMP soit lu", shown_call(e), exchange=e.id)


@rule(
    "DMP-015",
    Level.SHOULD,
    Authority.DEDUITE,
    "Ségur vague 2, SC.DMP/UX.50",
    title="Une autorisation expirée est renouvelée (TD0.3) avant toute consultation.",
    on=CALLS,
    over="person",
)
def expired_right_is_renewed(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    told, expired = _Told(), False
    for e in filter(_ORDINARY, exchanges):
        if expired and CONSULTATIONS(e):
            yield Finding("TD0.3", "un TD0.3 avant cette consultation", "aucun", exchange=e.id)
            expired = False
        elif expired and TD03(e):
            yield Examined(e.id)
            expired = False
        told.learn(e)
        expired |= TD02(e) and told.rights.get(holder(e)) == "expiree"
