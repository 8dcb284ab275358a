"""PSC-14 to PSC-17, PSC-22, PSC-23: who the professional is in the product, and what she can do there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.oidc import PSC, USERINFO
from rules.psc_session import PSC_TOKENS
from rules.reading import dig, objects, shown, text
from rules.selectors import ANY_ACTION, DONE, PRODUCT_PAGES, SPOILED, On, action
from rules.windows import READS_PROFESSIONAL, during, session_of

POC = "ANS, démonstrateur PSC (UserInfo)"
_DECLARES = action("declarer_professionnel") & DONE
_OPEN = READS_PROFESSIONAL & On(lambda e: e.status == 200 and dig(e.answer_json, "etat") == "ouverte")
_KNOWN = _OPEN & On(lambda e: bool(text(dig(e.answer_json, "identifiant_national"))))
_USERINFO = PSC & USERINFO & DONE


def _declared(exchanges: Sequence[Exchange], before: Exchange) -> dict[str, str]:
    """National identifier (may be empty) of each account declared before, by its id in the product."""
    made = [e for e in exchanges if _DECLARES(e) and e.id < before.id]
    return {text(dig(e.answer_json, "professionnel")): text(e.resource.get("identifiant_national")) for e in made}


@rule(
    "PSC-14",
    Level.SHALL,
    Authority.OFFICIELLE,
    "Ségur vague 2, SC.PSC.02 (référentiel PSC, EX PSC 19)",
    title="Le compte est retrouvé par l'identifiant national (SubjectNameID) : un seul compte par professionnel.",
    over="scenario",
)
def account_by_national_id(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(_KNOWN, exchanges):
        who, account = text(dig(e.answer_json, "identifiant_national")), text(dig(e.answer_json, "professionnel"))
        right = {known for known, number in _declared(exchanges, e).items() if number == who}
        if right and account in right:
            yield Examined(e.id)
        elif right:
            expected = f"le compte {sorted(right)[0]}, déclaré avec l'identifiant {who}"
            yield Finding("lire_session_professionnel.professionnel", expected, shown(account), exchange=e.id)


@rule(
    "PSC-15",
    Level.SHALL,
    Authority.DEDUITE,
    "Ségur vague 2, SC.PSC.02 (référentiel PSC, EX PSC 19)",
    title="Un même nom sans le même identifiant national ne relie jamais deux comptes.",
    over="scenario",
)
def no_account_by_name(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged where an account of another number, or without one, had been declared before."""
    for e in filter(_KNOWN, exchanges):
        who, account = text(dig(e.answer_json, "identifiant_national")), text(dig(e.answer_json, "professionnel"))
        others = {known for known, number in _declared(exchanges, e).items() if number != who}
        if account and account in others:
            seen = f"le compte {account}, déclaré sans cet identifiant"
            expected = f"un compte de l'identifiant {who}"
            yield Finding("lire_session_professionnel.professionnel", expected, seen, exchange=e.id)
        elif others:
            yield Examined(e.id)


@rule(
    "PSC-16",
    Level.SHALL,
    Authority.DEDUITE,
    f"{POC} ; ANS, Sécurisation de la couche transport 1.2.0",
    title="Qui a plusieurs situations d'exercice en choisit une ; le produit ne prend pas la première.",
    over="scenario",
)
def situation_is_chosen(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A product may remember the choice of an earlier session: only the first session of a professional is judged."""
    chosen: dict[str, str] = {}
    seen_before: set[str] = set()
    for e in exchanges:
        if action("choisir_situation")(e) and e.status == 200:
            chosen[session_of(e)] = text(e.resource.get("situation"))
        elif _OPEN(e):
            who, situation = text(dig(e.answer_json, "identifiant_national")), text(dig(e.answer_json, "situation"))
            wished = chosen.get(session_of(e))
            several = len(list(objects(dig(e.answer_json, "situations")))) > 1 or _activities(exchanges, e) > 1
            if wished is not None and situation != wished:
                yield Finding("lire_session_professionnel.situation", wished, shown(situation), exchange=e.id)
            elif wished is not None:
                seen_before.add(who)
                yield Examined(e.id)
            elif several and who not in seen_before and situation:
                expected = "aucune situation avant le choix du professionnel"
                yield Finding("lire_session_professionnel.situation", expected, shown(situation), exchange=e.id)
            elif several and who not in seen_before:
                yield Examined(e.id)


def _activities(exchanges: Sequence[Exchange], reading: Exchange) -> int:
    """Number of activities in the last UserInfo read before."""
    read = [e for e in exchanges if _USERINFO(e) and e.id < reading.id]
    number = dig(read[-1].context, "identity", "situations") if read else None
    return number if isinstance(number, int) else 0


@rule(
    "PSC-17",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{POC}, valeurs vides",
    title="Un professionnel sans exercice, ou sans FINESS, se connecte sans que le produit tombe en erreur.",
    over="scenario",
)
def empty_situations_handled(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for call in filter(_USERINFO, exchanges):
        odd = call.entry.get("fault") in ("sans_exercice", "finess_vide") or _no_activity(call)
        end = next((e for e in exchanges if e.id > call.id and (PRODUCT_PAGES(e) or READS_PROFESSIONAL(e))), None)
        if odd and end:
            yield _broke(end, "une connexion possible") or Examined(call.id)


def _no_activity(call: Exchange) -> bool:
    return bool(dig(call.context, "identity", "situations") == 0)


def _broke(end: Exchange, expected: str) -> Finding | None:
    return (
        Finding("réponse du produit", expected, f"une erreur ({end.status})", exchange=end.id)
        if end.status == 500
        else None
    )


@rule(
    "PSC-22",
    Level.SHALL,
    Authority.DEDUITE,
    "ANS, Proxy e-Santé 0.0.2 ; Ségur vague 2, SC.MSS/CONF.08",
    title="Quand Pro Santé Connect ne répond pas, le produit le dit clairement et reste utilisable.",
    over="scenario",
)
def outage_is_told(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Other functions are looked at while the outage lasts: until the next call that Pro Santé Connect answers."""
    down: Exchange | None = None
    for e in exchanges:
        if PSC(e):
            down = e if SPOILED(e) and (e.status == 0 or e.status >= 500) else None
        elif down is not None and (ANY_ACTION(e) or PRODUCT_PAGES(e)):
            login = action("connecter_professionnel")(e) or READS_PROFESSIONAL(e)
            answer = e.answer_json
            told = text(dig(answer, "message")).strip() or dig(answer, "url") or dig(answer, "session")
            if e.status == 500:
                yield Finding("réponse du produit", "un message clair", "une erreur (500)", exchange=e.id)
            elif login and not told and dig(answer, "etat") not in ("ouverte", "en_attente"):
                yield Finding("message", "un message pour le professionnel", "rien", exchange=e.id)
            else:
                yield Examined(e.id)


@rule(
    "PSC-23",
    Level.SHALL,
    Authority.DEDUITE,
    "Ségur vague 2, SC.PSC.10 et SC.INS/PSC.01",
    title="Un appel à l'INSi fait par un professionnel connecté avec PSC est tracé à son nom.",
    over="scenario",
)
def call_traced_to_the_professional(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """By account, national identifier or name. What INSi itself receives is not settled (SC.INS/PSC.01)."""
    known: dict[str, set[str]] = {}
    caller: dict[str, set[str]] = {}
    for e in exchanges:
        if _KNOWN(e) and any(PSC_TOKENS(x) and DONE(x) and x.id < e.id for x in exchanges):
            known[session_of(e)] = _designations(exchanges, e)
        elif action("recuperer_ins")(e) and e.status == 200 and any(x.service == "insi" for x in during(e, exchanges)):
            caller[text(e.resource.get("usager"))] = known.get(session_of(e), set())
        elif action("lire_traces_ins")(e) and e.status == 200:
            names = caller.get(text(e.resource.get("usager")), set())
            authors = [text(call.get("auteur")) for _, call in objects(dig(e.answer_json, "appels"))]
            if names and authors and not any(name.lower() in author.lower() for name in names for author in authors):
                expected = f"le professionnel connecté ({', '.join(sorted(names))})"
                at = "lire_traces_ins.appels.auteur"
                yield Finding(at, expected, shown(", ".join(authors)), exchange=e.id)
            elif names and authors:
                yield Examined(e.id)


def _designations(exchanges: Sequence[Exchange], reading: Exchange) -> set[str]:
    account = text(dig(reading.answer_json, "professionnel"))
    made = [e for e in exchanges if _DECLARES(e) and text(dig(e.answer_json, "professionnel")) == account]
    read = [e for e in exchanges if _USERINFO(e) and e.id < reading.id]
    names = {text(e.resource.get("nom")) for e in made} | {text(dig(e.answer_json, "family_name")) for e in read[-1:]}
    return ({account, text(dig(reading.answer_json, "identifiant_national"))} | names) - {""}
