"""INS-05 to INS-10, INS-21, INS-27: what the product makes of INSi's answers."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.insi import (
    ASKS_INSI,
    INSI_CALLS,
    READS,
    RETRIEVES,
    SEARCHES,
    TRAITS_SEARCHES,
    VERIFIES,
    WITH_INS,
    calls_of,
    came_with_ins,
    code_of,
    individual,
    local_traits,
    status_before,
    status_of,
    usager_of,
)
from rules.reading import dig, objects, shown, text
from rules.selectors import action
from rules.traits import differences, first_names, plain

CHU = "GRADeS Bretagne, gestion de l'INS"
GUIDE = "ANS, guide d'implémentation de l'INS"
_READS_TRACES = action("lire_traces_ins")


def _without_ins(
    exchanges: Sequence[Exchange], refused: Callable[[Exchange], str]
) -> Iterator[tuple[Exchange, list[Finding | Examined]]]:
    """Retrievals whose last answer gives nothing to store, with what the product nevertheless stored.

    refused: why an answer of INSi must not be stored, in French; empty when it may be. An usager who had an INS
    already, or of whom it is not known, is left out.
    """
    for asked in filter(RETRIEVES, exchanges):
        calls = [e for e in calls_of(asked, exchanges) if SEARCHES(e)]
        why = refused(calls[-1]) if calls and asked.status in (200, 422) else ""
        usager = usager_of(asked)
        if not why or came_with_ins(usager, exchanges) or status_before(asked, exchanges) in WITH_INS:
            continue
        found: list[Finding | Examined] = []
        if status_of(asked) in WITH_INS:
            found.append(
                Finding("recuperer_ins.statut", f"un statut sans INS : {why}", status_of(asked), exchange=asked.id)
            )
        after = [e for e in exchanges if e.id > asked.id and usager_of(e) == usager]
        until = next((e.id for e in after if ASKS_INSI(e)), None)
        for reading in (e for e in after if READS(e) and (until is None or e.id < until)):
            if text(dig(reading.answer_json, "matricule")):
                found.append(Finding("lire_identite.matricule", f"aucun : {why}", "un matricule", exchange=reading.id))
                break
        yield asked, found


@rule(
    "INS-05",
    Level.SHALL,
    Authority.DEDUITE,
    CHU,
    title="Quand l'INSi ne trouve personne (01), l'identité reste sans matricule ; un nouvel essai n'invente rien.",
    over="scenario",
)
def nobody_found(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    nobody = "l'INSi n'a trouvé personne (01)"
    for asked, found in _without_ins(exchanges, lambda call: nobody if code_of(call) == "01" else ""):
        local = local_traits(usager_of(asked), exchanges, asked.id)
        tried: list[object] = []
        for call in filter(TRAITS_SEARCHES, calls_of(asked, exchanges)):
            sent = dig(call.context, "insi", "traits")
            if sent in tried:
                found.append(Finding("traits", "d'autres traits qu'au premier essai", "les mêmes", exchange=call.id))
            tried.append(sent)
            for name in _invented(sent, local):
                seen = shown(dig(sent, name))
                found.append(Finding(name, "un trait de l'identité", seen, exchange=call.id))
        yield from found or [Examined(asked.id)]


def _invented(sent: object, local: dict[str, object]) -> Iterator[str]:
    """Names of the elements sent that the identity does not hold."""
    if not local:
        return
    if plain(dig(sent, "NomNaissance")) != plain(local.get("nom_naissance")):
        yield "NomNaissance"
    known = {word for name in first_names(local.get("prenoms")) for word in name.split()}
    if not {word for name in first_names(dig(sent, "Prenom")) for word in name.split()} <= known:
        yield "Prenom"
    for element, name in (("Sexe", "sexe"), ("DateNaissance", "date_naissance")):
        if text(dig(sent, element)) != text(local.get(name)):
            yield element


@rule(
    "INS-06",
    Level.SHALL,
    Authority.DEDUITE,
    CHU,
    title="Quand l'INSi trouve plusieurs personnes (02), aucun matricule n'est rempli et l'utilisateur précise.",
    over="scenario",
)
def several_found(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    several = "l'INSi a trouvé plusieurs personnes (02)"
    for asked, found in _without_ins(exchanges, lambda call: several if code_of(call) == "02" else ""):
        if not text(dig(asked.answer_json, "message")).strip():
            expected = "l'invitation à préciser les traits"
            found.append(Finding("recuperer_ins.message", expected, "rien", exchange=asked.id))
        yield from found or [Examined(asked.id)]


@rule(
    "INS-07",
    Level.SHALL,
    Authority.DEDUITE,
    f"{CHU} ; {GUIDE}, R6",
    title="Quand l'INSi rend d'autres traits que ceux du dossier, le produit demande une confirmation.",
    over="scenario",
)
def other_traits_confirmed(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for asked in filter(RETRIEVES, exchanges):
        found = [one for call in calls_of(asked, exchanges) if SEARCHES(call) and (one := individual(call))]
        local = local_traits(usager_of(asked), exchanges, asked.id)
        if not found or not local or asked.status != 200 or status_before(asked, exchanges) in WITH_INS:
            continue
        changed = differences(local, found[-1].traits)
        if changed and status_of(asked) in WITH_INS:
            expected = f"une confirmation : {', '.join(changed)} diffère"
            yield Finding("recuperer_ins.a_confirmer", expected, f"statut {status_of(asked)}", exchange=asked.id)
        elif changed:
            yield Examined(asked.id)


@rule(
    "INS-08",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.28 ; {GUIDE}, R11",
    title="Une identité de l'INSi dont le jour ou le mois de naissance est 00 n'est pas enregistrée.",
    over="scenario",
)
def no_birth_day_zero(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for asked, found in _without_ins(exchanges, _zero_date):
        yield from found or [Examined(asked.id)]


def _zero_date(call: Exchange) -> str:
    person = individual(call)
    zero = person and "00" in text(person.traits["date_naissance"]).split("-")[1:]
    return "le jour ou le mois de naissance est 00" if zero else ""


@rule(
    "INS-09",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.31 ; {GUIDE}, R12",
    title="Une identité de l'INSi sans nom de naissance, prénoms ou sexe n'est pas enregistrée.",
    over="scenario",
)
def no_empty_trait(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for asked, found in _without_ins(exchanges, _empty_trait):
        yield from found or [Examined(asked.id)]


def _empty_trait(call: Exchange) -> str:
    person = individual(call)
    names = ("nom_naissance", "prenoms", "sexe")
    return "l'INSi n'a pas rendu tous les traits" if person and not all(person.traits[n] for n in names) else ""


def unfit(call: Exchange) -> str:
    """Why the data of an answer 00 must not be stored, in French; empty when they may be."""
    return _zero_date(call) or _empty_trait(call)


@rule(
    "INS-10",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.52 ; {GUIDE}, R6",
    title="L'OID enregistré est celui que l'INSi a rendu, jamais une constante.",
    over="scenario",
)
def oid_as_returned(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    oids: dict[tuple[str, str], str] = {}
    for e in exchanges:
        if RETRIEVES(e):
            for person in filter(None, map(individual, calls_of(e, exchanges))):
                oids[usager_of(e), person.matricule] = person.oid
        elif READS(e) and (known := oids.get((usager_of(e), text(dig(e.answer_json, "matricule"))))):
            seen = text(dig(e.answer_json, "oid"))
            if seen == known:
                yield Examined(e.id)
            else:
                yield Finding("lire_identite.oid", known, shown(seen), exchange=e.id)


@rule(
    "INS-21",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.35, INS/va1.38 et INS/va1.06 ; {GUIDE}, R37, R39, R48",
    title="Chaque appel à l'INSi est tracé : mode, code, instant, et pour 00 les données rendues.",
    over="scenario",
)
def calls_are_traced(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for reading in (e for e in exchanges if _READS_TRACES(e) and e.status == 200):
        calls = _traceable(reading, exchanges)
        traces = [trace for _, trace in objects(dig(reading.answer_json, "appels"))]
        codes = Counter(text(trace.get("code")) for trace in traces)
        missing = Counter(map(code_of, calls)) - codes
        whole = json.dumps([t.get("donnees") for t in traces], ensure_ascii=False, default=str)
        found = [person for call in calls if (person := individual(call))]
        lost = {old[:13] for person in found for old in (person.matricule, *person.former) if old[:13] not in whole}
        bare = [trace for trace in traces if not (text(trace.get("mode")) and text(trace.get("instant")))]
        if missing:
            expected = f"une trace de chaque appel ({', '.join(sorted(missing.elements()))} manque)"
            yield Finding("lire_traces_ins.appels", expected, f"{len(traces)} traces", exchange=reading.id)
        elif calls and lost:
            expected = "les données rendues par l'INSi, historique compris"
            yield Finding("lire_traces_ins.appels.donnees", expected, "des données absentes", exchange=reading.id)
        elif calls and bare:
            yield Finding("lire_traces_ins.appels", "mode et instant", "une trace incomplète", exchange=reading.id)
        elif calls:
            yield Examined(reading.id)


def _traceable(reading: Exchange, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Calls answered by INSi before this reading, made by actions about its usager."""
    usager = text(reading.resource.get("usager"))
    asked = [e for e in exchanges if e.id < reading.id and (RETRIEVES(e) or VERIFIES(e))]
    mine = [e for e in asked if not usager or usager_of(e) == usager]
    calls = [call for e in mine for call in calls_of(e, exchanges)]
    return [call for call in calls if code_of(call) in ("00", "01", "02", "OK", "KO")]


@rule(
    "INS-27",
    Level.SHALL,
    Authority.DEDUITE,
    "Clients publics de l'INSi (siram_40) ; Ségur vague 2, INS/va1.38",
    title="Une panne de l'INSi (siram_40) est montrée comme passagère, tracée, et ne change pas l'identité.",
    over="scenario",
)
def fault_changes_nothing(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for asked in (e for e in exchanges if RETRIEVES(e) or VERIFIES(e)):
        calls = calls_of(asked, exchanges)
        if not calls or code_of(calls[-1]) != "fault":
            continue
        name = asked.operation.removeprefix("produit.")
        before, after, answer = status_before(asked, exchanges), status_of(asked), asked.answer_json
        if asked.status == 500:
            yield Finding(name, "un échec passager", "une erreur (500)", exchange=asked.id)
        elif not text(dig(answer, "message")).strip():
            yield Finding(f"{name}.message", "un message pour l'utilisateur", "rien", exchange=asked.id)
        elif before and after and after != before:
            yield Finding(f"{name}.statut", f"{before}, inchangé", after, exchange=asked.id)
        else:
            yield _traced(asked, exchanges) or Examined(asked.id)


def _traced(asked: Exchange, exchanges: Sequence[Exchange]) -> Finding | None:
    """Fewer traces than calls were made for this usager: the failed call is missing."""
    usager = usager_of(asked)
    reading = next((e for e in exchanges if e.id > asked.id and _READS_TRACES(e) and usager_of(e) == usager), None)
    if reading is None or reading.status != 200:
        return None
    mine = [e for e in exchanges if e.id < reading.id and (RETRIEVES(e) or VERIFIES(e)) and usager_of(e) == usager]
    made = sum(INSI_CALLS(call) for e in mine for call in calls_of(e, exchanges))
    traces = len(list(objects(dig(reading.answer_json, "appels"))))
    if traces >= made:
        return None
    return Finding("lire_traces_ins.appels", f"{made} appels", f"{traces} traces", exchange=reading.id)
