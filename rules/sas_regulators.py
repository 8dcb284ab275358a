"""INT_R02: how the product opens, changes and closes the accounts of the regulators of the SAS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.reading import dig, objects, shown, text
from rules.sas_booked import judged
from rules.sas_regulator_calls import CALLS, CREATED, TOLD, keys, missing, mistyped, right, target
from rules.sas_searches import SAS
from rules.selectors import DONE, On, action
from rules.visits import Key, identifiers

FLOW = f"{SAS}, INT_R02"
READS = action("lire_comptes_regulateurs") & DONE
_REFUSALS = (400, 422)
_INCOMPLETE = On(lambda e: bool(list(missing(e))))
_MISTYPED = On(lambda e: bool(list(mistyped(e.resource))))


@rule(
    "AGD-079",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FLOW}, création et mise à jour",
    title="POST crée un compte (201), PUT le change (200), ou le crée s'il est inconnu, et l'adresse est rendue.",
    over="scenario",
)
def accounts_are_opened_and_changed(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A second creation of the same account, and an identifier that two accounts want, may be refused: not judged."""
    opened = {key for call in filter(TOLD, exchanges) for key in keys(call)}
    known: set[Key] = set()
    for call in filter(CALLS, exchanges):
        if right(call) and (CREATED(call) or target(call)):
            yield from _answered(call, known, opened)
        if TOLD(call):
            known = known - {target(call)} | keys(call)


def _answered(call: Exchange, known: set[Key], opened: set[Key]) -> Iterator[Finding | Examined]:
    wanted = (201,) if CREATED(call) else (200,) if target(call) in known else (200, 201)
    if call.status in wanted:
        located = bool(call.answer_header("Location"))
        yield from judged(call, [] if located else [Finding("en-tête Location", "l'adresse du compte", "rien")])
    elif DONE(call) or call.status >= 500 or not keys(call) & opened:
        expected = " ou ".join(f"HTTP {status}" for status in wanted)
        yield Finding("statut HTTP", expected, f"HTTP {call.status}", exchange=call.id)


@rule(
    "AGD-080",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FLOW}, erreurs ; FrPractitionerRegul",
    title="Un compte sans identifiant, sans nom ou sans active est refusé (400 ou 422), et le refus dit pourquoi.",
    on=CALLS & _INCOMPLETE,
)
def incomplete_accounts_are_refused(call: Exchange) -> Iterator[Finding]:
    yield from _refused(call)


@rule(
    "AGD-081",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FLOW}, FrPractitionerRegul, identifier",
    title="Le type d'un identifiant est celui de son système (IDNPS, INTRN) ; tout autre type est refusé.",
    on=CALLS & ~_INCOMPLETE & On(lambda e: _MISTYPED(e) or e.answer_resource.get("resourceType") == "Practitioner"),
)
def types_go_with_systems(call: Exchange) -> Iterator[Finding]:
    """The profile gives each system its type; that a server must refuse others is inferred (the kit expects it)."""
    if _MISTYPED(call):
        yield from (replace(one, authority=Authority.DEDUITE) for one in _refused(call))
        return
    for place, wanted, seen in mistyped(call.answer_resource):
        yield Finding(f"Practitioner.identifier[{place}].type", wanted, shown(", ".join(seen)))


def _refused(call: Exchange) -> Iterator[Finding]:
    if call.status not in _REFUSALS:
        yield Finding("statut HTTP", "HTTP 400 ou 422", f"HTTP {call.status}")
    elif call.answer_resource.get("resourceType") != "OperationOutcome":
        yield Finding("corps", "un OperationOutcome", shown(call.answer_resource.get("resourceType")))


@rule(
    "AGD-082",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FLOW}, perte du droit",
    title="active=false ôte aussitôt le droit du régulateur sans supprimer son compte ; active=true le lui rend.",
    over="scenario",
)
def the_right_is_taken_and_given_back(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    active: dict[Key, bool] = {}
    for e in exchanges:
        if TOLD(e):
            gone = target(e)
            if gone is not None and gone not in keys(e):
                active.pop(gone, None)
            active |= dict.fromkeys(keys(e), e.resource.get("active") is True)
        elif READS(e):
            yield from _rights(e, active)
        elif e.operation == "produit.reserver_creneau_sas" and active.get(_named(e)) is False:
            if DONE(e):
                yield Finding("reserver_creneau_sas", "un refus", "une réservation", exchange=e.id)
            else:
                yield Examined(e.id)


def _rights(read: Exchange, active: dict[Key, bool]) -> Iterator[Finding | Examined]:
    """What the accounts of the product say, next to what they were told."""
    for key, right_held in active.items():
        found = [one for _, one in objects(dig(read.answer_json, "comptes")) if key in _keys(one)]
        at, wanted = f"comptes[{'|'.join(key)}]", "actif" if right_held else "gardé, sans son droit"
        if not found:
            yield Finding(at, f"un compte {wanted}", "aucun", exchange=read.id)
        elif not any(one.get("actif") is right_held for one in found):
            yield Finding(f"{at}.actif", wanted, shown([one.get("actif") for one in found]), exchange=read.id)
        else:
            yield Examined(read.id)


@rule(
    "AGD-083",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, FAQ, changement d'identifiant d'un régulateur",
    title="Quand l'identifiant d'un régulateur change, un seul compte porte le nouveau et plus aucun l'ancien.",
    over="scenario",
)
def identifiers_change_within_one_account(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Also: an identifier with a slash is accepted. An identifier that another account had, then gave up, is not
    looked for there."""
    changed: dict[Key, set[Key]] = {}
    for e in exchanges:
        if CALLS(e) and right(e) and any("/" in value for _, value in keys(e)) and e.status in (400, 404, 405):
            yield Finding("statut HTTP", "un identifiant à barre oblique accepté", f"HTTP {e.status}", exchange=e.id)
        if TOLD(e):
            old = target(e)
            for key in keys(e):
                changed.pop(key, None)
            if old is not None and old not in keys(e):
                changed[old] = keys(e)
        elif READS(e):
            for old, new in changed.items():
                yield from judged(e, list(_moved(e, old, new)))


def _moved(read: Exchange, old: Key, new: set[Key]) -> Iterator[Finding]:
    accounts = [(_keys(one), one.get("actif") is True) for _, one in objects(dig(read.answer_json, "comptes"))]
    if any(old in held for held, _ in accounts):
        yield Finding(f"comptes[{'|'.join(old)}]", "aucun compte de l'ancien identifiant", "un compte")
    bearers = [active for held, active in accounts if new & held]
    if not bearers or sum(bearers) > 1:
        yield Finding("comptes", "un compte du nouvel identifiant", str(len(bearers)))


@rule(
    "AGD-084",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, spécifications fonctionnelles, droit de régulateur",
    title="Le droit de régulateur ne sert qu'à qui arrive de la plateforme du SAS.",
    on=On(
        lambda e: (
            e.operation == "produit.reserver_creneau_sas"
            and e.status in (200, 422)
            and e.resource.get("origine") == "directe"
        )
    ),
)
def the_right_serves_from_the_sas_only(asked: Exchange) -> Iterator[Finding]:
    if DONE(asked):
        yield Finding("reserver_creneau_sas", "un refus, hors d'une arrivée du SAS", "une réservation")


def _keys(account: object) -> set[Key]:
    return set(identifiers({"identifier": dig(account, "identifiants")}))


def _named(asked: Exchange) -> Key:
    given = asked.resource.get("regulateur")
    return text(dig(given, "system")), text(dig(given, "value"))
