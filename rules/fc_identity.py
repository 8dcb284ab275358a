"""FC-06 to FC-08, FC-12: what the product makes of the identity that FranceConnect gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.fc_login import FC_USERINFO, FCP
from rules.reading import dig, shown, text
from rules.selectors import DONE, PRODUCT_PAGES, SPOILED, On, action
from rules.traits import declared, plain, same_names
from rules.windows import READS_USAGER, session_of

_OPEN = READS_USAGER & On(lambda e: e.status == 200 and dig(e.answer_json, "etat") == "ouverte")
_DECLARES = action("declarer_usager") & DONE
_INS_COMES = action("recuperer_ins", "confirmer_ins", "verifier_ins", "recevoir_identite")


def identity_given(exchange: Exchange) -> Mapping[str, Any]:
    """Pivot identity that a UserInfo answer carried; empty when the service did not say."""
    pivot = dig(exchange.context, "identity", "pivot")
    return pivot if isinstance(pivot, Mapping) else {}


def logins(exchanges: Sequence[Exchange]) -> list[tuple[Exchange, Exchange]]:
    """UserInfo answers, each with the first reading of the session that it opened; doubtful pairs are left out."""
    found: list[tuple[Exchange, Exchange]] = []
    pending: list[Exchange] = []
    known: set[str] = set()
    for e in exchanges:
        if FC_USERINFO(e) and DONE(e) and not SPOILED(e) and identity_given(e):
            pending.append(e)
        elif READS_USAGER(e) and e.status == 200 and session_of(e) not in known:
            known.add(session_of(e))
            if len(pending) == 1:
                found.append((pending[0], e))
            pending = []
    return found


@rule(
    "FC-06",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FCP}, données (birthplace, birthcountry)",
    title="Une naissance à l'étranger (birthplace vide) ou en Corse (2A, 2B) n'empêche pas de se connecter.",
    over="scenario",
)
def births_accepted(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for call in filter(FC_USERINFO & DONE & ~SPOILED, exchanges):
        pivot = identity_given(call)
        place, country = pivot.get("birthplace"), text(pivot.get("birthcountry"))
        abroad = place == "" and country not in ("", "99100")
        corsican = text(place)[:2] in ("2A", "2B")
        end = next((e for e in exchanges if e.id > call.id and (PRODUCT_PAGES(e) or READS_USAGER(e))), None)
        if not (abroad or corsican) or end is None:
            continue
        seen = f"birthplace={shown(place)}, birthcountry={country}"
        if end.status >= 400 or dig(end.answer_json, "etat") == "refusee":
            yield Finding("connexion", f"une connexion acceptée ({seen})", f"un refus ({end.status})", exchange=end.id)
        else:
            yield Examined(call.id)


@rule(
    "FC-07",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{FCP}, identité pivot ; Ségur vague 2, INS/va1.25",
    title="Le rapprochement tolère accents, traits d'union et ordre des prénoms ; dans le doute, un humain décide.",
    over="scenario",
)
def reconciliation(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for call, reading in logins(exchanges):
        files = [e for e in exchanges if _DECLARES(e) and e.id < call.id]
        same = {text(dig(e.answer_json, "usager")) for e in files if _same(declared(e.resource), identity_given(call))}
        usager, how = text(dig(reading.answer_json, "usager")), dig(reading.answer_json, "rapprochement")
        known = {text(dig(e.answer_json, "usager")) for e in files}
        if how == "nouveau" and len(same) == 1:
            expected = f"le dossier {min(same)}, aux mêmes traits"
            yield Finding("lire_session_usager.rapprochement", expected, "un nouveau dossier", exchange=reading.id)
        elif how == "automatique" and usager in known and (usager not in same or len(same) > 1):
            expected = "une confirmation (a_confirmer) : les traits ne suffisent pas"
            yield Finding("lire_session_usager.rapprochement", expected, "automatique", exchange=reading.id)
        elif how in ("nouveau", "automatique", "a_confirmer"):
            yield Examined(reading.id)


def _same(local: Mapping[str, Any], pivot: Mapping[str, Any]) -> bool:
    sex = {"female": "F", "male": "M"}.get(text(pivot.get("gender")))
    return (
        plain(local.get("nom_naissance")) == plain(pivot.get("family_name"))
        and same_names(local.get("prenoms"), pivot.get("given_name"))
        and (local.get("sexe"), local.get("date_naissance")) == (sex, pivot.get("birthdate"))
    )


@rule(
    "FC-08",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{FCP}, données (sub)",
    title="La clé du compte est le sub de FranceConnect, non l'adresse électronique.",
    over="scenario",
)
def account_by_sub(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """One file for two sub of the same pivot identity is let pass: sub changes with the civil status."""
    of_sub: dict[tuple[str, str], str] = {}
    of_usager: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
    for call, reading in logins(exchanges):
        sub, usager = text(dig(call.context, "identity", "sub")), text(dig(reading.answer_json, "usager"))
        if not sub or not usager or not _OPEN(reading):
            continue
        pivot = identity_given(call)
        first = of_sub.setdefault((call.service, sub), usager)
        holder, theirs = of_usager.setdefault((call.service, usager), (sub, pivot))
        if first != usager:
            expected = f"le compte {first}, déjà lié à ce sub"
            yield Finding("lire_session_usager.usager", expected, f"le compte {usager}", exchange=reading.id)
        elif holder != sub and theirs != pivot:
            seen = f"le compte {usager}, lié au sub d'une autre personne"
            yield Finding("lire_session_usager.usager", "un autre compte", seen, exchange=reading.id)
        else:
            yield Examined(reading.id)


@rule(
    "FC-12",
    Level.SHALL,
    Authority.DEDUITE,
    f"{FCP}, données ; guide d'implémentation de l'INS, R20",
    title="L'identité de FranceConnect seule ne donne ni matricule INS ni statut qualifiée.",
    over="scenario",
)
def france_connect_is_no_ins(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """After a login by FranceConnect, of files that the record saw opened, and to which nothing brought an INS."""
    known: set[str] = set()
    brought: set[str] = set()
    logged_in = False
    for e in exchanges:
        usager = text(e.resource.get("usager"))
        logged_in = logged_in or (FC_USERINFO(e) and DONE(e)) or _OPEN(e)
        if _INS_COMES(e) or (_DECLARES(e) and e.resource.get("ins")):
            brought |= {usager, text(dig(e.answer_json, "usager"))}
        elif _OPEN(e) or _DECLARES(e):
            known.add(text(dig(e.answer_json, "usager")))
        elif logged_in and action("lire_identite")(e) and e.status == 200 and usager in known - brought - {""}:
            status, matricule = dig(e.answer_json, "statut"), text(dig(e.answer_json, "matricule"))
            if status in ("recuperee", "qualifiee"):
                yield Finding("lire_identite.statut", "provisoire ou validee", shown(status), exchange=e.id)
            if matricule:
                yield Finding("lire_identite.matricule", "aucun matricule", "un matricule", exchange=e.id)
            if status not in ("recuperee", "qualifiee") and not matricule:
                yield Examined(e.id)
