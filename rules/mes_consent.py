"""MES-44 to MES-46 and MES-50 to MES-53: consents of the usager, and the state of the synchronisation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.halts import Halt, halts, judged_calls, judged_state
from rules.mes_tokens import MESURES
from rules.reading import dig, shown, text
from rules.selectors import DONE, MES_BUSINESS, about, act, action, is_grant, refusal

CATALOGUE_APP = "Application mobile Mon espace santé (échanges de données du service)"
_CODE = re.compile(r"[A-Z]+_(ECRITURE|LECTURE)")
CONSENT_GIVEN = act("usager.consentement_donne", "usager.appariement_autorise")
CONSENT_WITHDRAWN = act("usager.consentement_retire")


def flow_of(finality: object) -> tuple[str, str]:
    """ "AGENDA_ECRITURE" -> ("agenda", "ecriture"), as `about` gives it for a call."""
    perimeter, _, access = text(finality).lower().rpartition("_")
    return perimeter, access


def finalities(consent_act: Exchange) -> set[tuple[str, str]]:
    """Perimeters and accesses that an act of the usager names, by `finalite` or `finalites`."""
    body = consent_act.resource
    listed = body.get("finalites") if isinstance(body.get("finalites"), list) else []
    return {flow_of(f) for f in [body.get("finalite"), *(listed or [])] if text(f)}


@rule(
    "MES-44",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES}, 403 ; {CATALOGUE_APP}",
    title="Après un 403 de consentement, ce flux s'arrête et le produit dit à l'usager quel consentement manque.",
    over="person",
)
def stops_without_consent(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    found = halts(exchanges, "CONSENT_REQUIRED", CONSENT_GIVEN)
    yield from judged_calls(found, "aucun appel de ce flux sans consentement")
    for halt in found:
        for screen in halt.shown:
            if _names_the_consent(screen, about(halt.refused)):
                yield Examined(screen.id)
            else:
                expected = "_".join(about(halt.refused)).upper()
                seen = shown(dig(screen.answer_json, "consentements_manquants"))
                yield Finding("lire_appariement.consentements_manquants", expected, seen, exchange=screen.id)


def _names_the_consent(screen: Exchange, flow: tuple[str, str]) -> bool:
    """A list of finality codes must hold the one refused; other words of the product are taken as they are."""
    message = text(dig(screen.answer_json, "message"))
    listed = dig(screen.answer_json, "consentements_manquants")
    missing = [text(item) for item in listed] if isinstance(listed, list) else []
    if missing and all(_CODE.fullmatch(item) for item in missing):
        return flow in map(flow_of, missing)
    return bool(missing) or bool(re.search(r"consent|autoris|accord", message, re.IGNORECASE))


@rule(
    "MES-45",
    Level.SHALL,
    Authority.DEDUITE,
    "CSP art. L.1111-13-1, par l'arrêté du 23/10/2023",
    title="Un consentement retiré est respecté aussitôt : aucune file d'attente ne part ensuite.",
    over="person",
)
def withdrawn_consent_honoured(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Resuming a queue is no reason to try again: what waits there was written before the withdrawal."""
    sends_again = action("renvoyer_rendez_vous", "synchroniser_agenda", "lire_mesures")
    withdrawn = [e for e in exchanges if CONSENT_WITHDRAWN(e)]
    for found in halts(exchanges, "CONSENT_REQUIRED", CONSENT_GIVEN, demands=sends_again):
        if any(e.id < found.refused.id and about(found.refused) in finalities(e) for e in withdrawn):
            yield from judged_calls([found], "plus aucun appel après le retrait du consentement")


@rule(
    "MES-46",
    Level.SHALL,
    Authority.DEDUITE,
    CATALOGUE_APP,
    title="Un service autorisé seulement à écrire ne lit pas, et inversement.",
    over="person",
)
def only_the_consented_access(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged where the pairing was seen and this access never consented; a withdrawal is MES-45."""
    given: set[tuple[str, str]] = set()
    ever: set[tuple[str, str]] = set()
    for e in exchanges:
        if CONSENT_GIVEN(e):
            given |= finalities(e)
            ever |= finalities(e)
        elif CONSENT_WITHDRAWN(e):
            given -= finalities(e)
        elif MES_BUSINESS(e) and given:
            perimeter, access = about(e)
            other = (perimeter, "lecture" if access == "ecriture" else "ecriture")
            if refusal(e) == "CONSENT_REQUIRED" and (perimeter, access) not in ever and other in given:
                yield Finding("appel", f"{other[1]} seulement", f"{access} ({e.method})", exchange=e.id)
            elif (perimeter, access) in given and DONE(e):
                yield Examined(e.id)


@rule(
    "MES-50",
    Level.SHALL,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (patientId de chaque synchronisation)",
    title="Le profil d'un enfant est tenu à part de celui de son représentant légal.",
    over="scenario",
)
def child_apart(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Two persons never share an idPe; judged once a representative has acted for a child."""
    if not any(action("apparier_mes")(e) and e.resource.get("pour") for e in exchanges):
        return
    owners: dict[str, str] = {}
    for e in exchanges:
        idpe = text(e.context.get("idpe")) or text(dig(e.context, "token", "idpe"))
        if not e.person or not idpe or not (is_grant(e, "authorization_code") or MES_BUSINESS(e)):
            continue
        if owners.setdefault(idpe, e.person) != e.person:
            yield Finding("idPe", "un idPe propre à chaque personne", shown(idpe), exchange=e.id)
        else:
            yield Examined(e.id)


def _all_calls(_: Exchange) -> str:
    return "tous"


def _judged_stop(found: Sequence[Halt], expected: str, *states: str) -> Iterator[Finding | Examined]:
    yield from judged_calls(found, expected)
    yield from judged_state(found, *states)


@rule(
    "MES-51",
    Level.SHALL,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (reapprovalLimitDate)",
    title="À la majorité, les échanges attendent que l'usager confirme les autorisations.",
    over="person",
)
def waits_for_reapproval(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    found = halts(exchanges, "REAPPROVAL_REQUIRED", act("usager.reapprobation_confirmee"), _all_calls)
    yield from _judged_stop(found, "aucun appel avant la confirmation de l'usager", "a_reapprouver")


@rule(
    "MES-52",
    Level.SHALL,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (isAcknowledged)",
    title="Les nouvelles finalités d'une version attendent que l'usager en prenne connaissance.",
    over="person",
)
def waits_for_acknowledgement(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Finalities that the usager already accepted may go on: only calls of the refused kind must stop."""
    found = halts(exchanges, "ACKNOWLEDGEMENT_REQUIRED", act("usager.version_reconnue"))
    yield from _judged_stop(found, "aucun appel de cette finalité avant sa reconnaissance", "a_reconnaitre", "apparie")


@rule(
    "MES-53",
    Level.SHALL,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (statut SUSPENDUE du service)",
    title="Quand le service est suspendu, les appels cessent et l'usager est prévenu.",
    over="person",
)
def stops_when_suspended(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The act on the service belongs to no person: the end of the suspension is seen by a call that MES accepts."""
    found = halts(exchanges, "PAIRING_SUSPENDED", act("service.statut"), _all_calls)
    yield from _judged_stop(found, "aucun appel tant que le service est suspendu", "suspendu")


def consent_known(exchanges: Sequence[Exchange], until: int, flow: tuple[str, str]) -> bool:
    """Whether the usager was seen giving this consent, and not taking it back, before an exchange."""
    given = False
    for e in exchanges:
        if e.id >= until:
            break
        if (CONSENT_GIVEN | CONSENT_WITHDRAWN)(e) and flow in finalities(e):
            given = CONSENT_GIVEN(e)
    return given
