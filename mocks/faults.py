"""What a mock can be told to do wrong, per tenant, operation and person (design §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Played before the service sees the call, by the recorder.
TRANSPORT = ("lenteur", "429", "500", "503", "coupure_avant", "coupure_apres")
# A limit of rate: 429 beyond so many calls per second of the operations that it names.
RATE = "debit"
# Played by the service itself, where it makes the thing to be spoilt.
CONTENT = (
    "jeton_expire",
    "jeton_mal_signe",
    "mauvais_nonce",
    "oid_different",
    "lien_boucle",
    "code_inconnu",
    "accents",
    # Identity providers (contract of identity, §1).
    "alg_none",
    "kid_inconnu",
    "mauvais_emetteur",
    "mauvaise_audience",
    "niveau_inferieur",
    "etat_melange",
    "sans_etat",
    "emetteur_melange",
    "code_rejoue",
    "userinfo_autrui",
    "userinfo_mal_signe",
    "actualisation_refusee",
    "sans_exercice",
    "finess_vide",
    "cle_renouvelee",
    # INSi (contract of identity, §1).
    "siram_40",
    "jour_00",
    "nom_vide",
    "traits_differents",
    "verification_ko",
    # DMP (contract of the DMP §5).
    "dmp_ferme",
    "dmp_absent",
    "professionnel_bloque",
    "autorisation_expiree",
    "registre_occupe",
    "succes_partiel",
    "certificat_revoque",
    "nom_non_renseigne",
    # MSSanté (contract of MSSanté §7).
    "domaine_injoignable",
    "boite_pleine",
    "erreur_temporaire",
    "rebond",
)
MAX_DELAY_S = 30
MAX_RATE = 10_000


class FaultError(ValueError):
    """A fault that nobody could play; the text is a French sentence."""


def checked(fault: Any) -> dict[str, Any]:
    """The fault with its defaults: operation (exact, or prefix ending with `*`), nature, fois (0 = until removed)."""
    if not isinstance(fault, Mapping):
        raise FaultError("une panne est un objet JSON avec « operation » et « nature »")
    operation, nature = fault.get("operation"), str(fault.get("nature"))
    if not isinstance(operation, str) or not operation:
        raise FaultError("« operation » manque : le nom d'une opération du journal, ou un début suivi de « * »")
    if nature not in (RATE, *TRANSPORT, *CONTENT):
        raise FaultError(f"« nature » inconnue : « {nature} » ; possibles : {', '.join((*TRANSPORT, RATE, *CONTENT))}")
    times, delay = fault.get("fois", 1), fault.get("secondes", 0)
    if not isinstance(times, int) or times < 0:
        raise FaultError("« fois » doit être un entier, 0 pour une panne qui dure")
    if not isinstance(delay, (int, float)) or not 0 <= delay <= MAX_DELAY_S:
        raise FaultError(f"« secondes » doit être entre 0 et {MAX_DELAY_S}")
    return {**fault, "operation": operation, "nature": nature, "fois": times, **_limit(fault)}


def _limit(fault: Mapping[str, Any]) -> dict[str, Any]:
    """What a limit of rate starts with: one second's worth of calls. Raises FaultError. Empty for other faults."""
    if fault.get("nature") != RATE:
        return {}
    allowed = fault.get("par_seconde")
    if not isinstance(allowed, (int, float)) or isinstance(allowed, bool) or not 0 < allowed <= MAX_RATE:
        raise FaultError(f"« par_seconde » doit être entre 0 et {MAX_RATE}, pour une panne de nature « {RATE} »")
    if fault.get("personne") is not None:
        raise FaultError(f"une panne de nature « {RATE} » vaut pour toutes les personnes")
    return {"fois": 0, "reste": max(1.0, float(allowed)), "vu": 0.0}


def spent(fault: Mapping[str, Any], now: float) -> tuple[dict[str, Any], bool]:
    """The limit after one more call at this instant (seconds), and whether the call is allowed (token bucket)."""
    allowed = float(fault["par_seconde"])
    left = min(max(1.0, allowed), float(fault["reste"]) + max(0.0, now - float(fault["vu"])) * allowed)
    fine = left >= 1
    return {**fault, "reste": left - 1 if fine else left, "vu": now}, fine


def find(faults: Sequence[Mapping[str, Any]], operation: str, person: str | None, natures: Sequence[str]) -> int | None:
    """Index of the first fault of these natures that meets the call.

    A fault with a person waits until that person is known.
    """
    for index, fault in enumerate(faults):
        wanted = fault["operation"]
        meets = operation.startswith(wanted[:-1]) if wanted.endswith("*") else operation == wanted
        if meets and fault["nature"] in natures and fault.get("personne") in (None, person):
            return index
    return None


def used(faults: Sequence[Mapping[str, Any]], index: int) -> list[Mapping[str, Any]]:
    """The faults that remain once the one at `index` was played."""
    fault = faults[index]
    if fault["fois"] == 0:
        return list(faults)
    left = [{**fault, "fois": fault["fois"] - 1}] if fault["fois"] > 1 else []
    return [*faults[:index], *left, *faults[index + 1 :]]
