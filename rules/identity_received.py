"""INS-18 to INS-20: identities that other domains send."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.insi import DECLARES, READS, RECEIVES, VERIFICATIONS, calls_of, code_of, status_before, usager_of
from rules.insi_answers import GUIDE
from rules.reading import dig, shown, text
from rules.selectors import DONE

_RECEIVED = RECEIVES & DONE


def _verified(asked: Exchange, exchanges: Sequence[Exchange]) -> str:
    """Answer of the verification that an identity received gave rise to: OK, KO, or empty."""
    return next((code_of(e) for e in reversed(calls_of(asked, exchanges)) if VERIFICATIONS(e)), "")


def _reading_after(asked: Exchange, exchanges: Sequence[Exchange]) -> Exchange | None:
    usager = text(dig(asked.answer_json, "usager"))
    after = (e for e in exchanges if e.id > asked.id and usager and e.resource.get("usager") == usager)
    first = next((e for e in after if e.protocol == "action"), None)
    return first if first is not None and READS(first) else None


@rule(
    "INS-18",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.13 et INS/va1.04 ; {GUIDE}, R30",
    title="Une identité reçue qualifiée n'est pas tenue pour telle sans vérification auprès de l'INSi.",
    over="scenario",
)
def received_identity_is_requalified(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The bench sets no trust contract with another domain; one that the product already held qualified is let pass."""
    for e in filter(_RECEIVED, exchanges):
        before, new = status_before(e, exchanges), dig(e.answer_json, "resultat") == "creee"
        if e.resource.get("statut") != "qualifiee" or before == "qualifiee" or not (before or new):
            continue
        told = _reading_after(e, exchanges)
        statuses = [dig(e.answer_json, "statut"), dig(told.answer_json, "statut") if told else None]
        if "qualifiee" in statuses and _verified(e, exchanges) != "OK":
            expected = "provisoire, ou une vérification auprès de l'INSi"
            yield Finding("recevoir_identite.statut", expected, "qualifiee", exchange=e.id)
        else:
            yield Examined(e.id)


@rule(
    "INS-19",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.05 et INS/va1.07 ; {GUIDE}, R51",
    title="Un INS reçu dont la vérification est KO : personne inconnue créée sans matricule, connue inchangée.",
    over="scenario",
)
def received_ko(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(_RECEIVED, exchanges):
        if _verified(e, exchanges) != "KO":
            continue
        after, usager = _reading_after(e, exchanges), text(dig(e.answer_json, "usager"))
        before = [x for x in exchanges if x.id < e.id and READS(x) and usager_of(x) == usager]
        new = dig(e.answer_json, "resultat") == "creee" and not any(
            DECLARES(x) and usager_of(x) == usager for x in exchanges
        )
        if new and after and text(dig(after.answer_json, "matricule")):
            yield Finding(
                "lire_identite.matricule", "aucun : la vérification est KO", "un matricule", exchange=after.id
            )
        elif new and dig(e.answer_json, "statut") in ("recuperee", "qualifiee"):
            seen = shown(dig(e.answer_json, "statut"))
            yield Finding("recevoir_identite.statut", "provisoire : la vérification est KO", seen, exchange=e.id)
        elif not new and before and after and _identity(before[-1]) != _identity(after):
            expected = "l'identité connue, inchangée"
            yield Finding("lire_identite", expected, "une identité modifiée", exchange=after.id)
        else:
            yield Examined(e.id)


def _identity(reading: Exchange) -> list[object]:
    return [dig(reading.answer_json, name) for name in ("traits", "matricule", "oid", "statut")]


@rule(
    "INS-20",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"Ségur vague 2, INS/va1.12 ; {GUIDE}, R55",
    title="Un document dont l'identité est KO n'est pas classé : le produit alerte et le met à traiter.",
    over="scenario",
)
def document_not_filed(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(_RECEIVED, exchanges):
        if not e.resource.get("document") or _verified(e, exchanges) != "KO":
            continue
        after = _reading_after(e, exchanges)
        if dig(e.answer_json, "document_classe") is True:
            expected = "faux : le document attend une décision"
            yield Finding("recevoir_identite.document_classe", expected, "vrai", exchange=e.id)
        elif not text(dig(e.answer_json, "message")).strip():
            yield Finding("recevoir_identite.message", "une alerte", "rien", exchange=e.id)
        elif after and dig(after.answer_json, "liste_de_travail") is False:
            yield Finding("lire_identite.liste_de_travail", "vrai", "faux", exchange=after.id)
        else:
            yield Examined(e.id)
