"""SOAP faults of the service (SOAP 1.2 part 1 §5.4).

Only siram_40/insi_102 is public (sheet SEC §5.3); the codes that begin with `banc_` are ours: they name what the bench
refuses. A Receiver fault is answered 500 and every other one 4xx, so that a 500 nobody asked for stays the sign of a
mock that broke.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Code = Literal["Sender", "Receiver", "VersionMismatch", "MustUnderstand"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. subcode: empty for that of the bench. text: French sentence."""

    code: Code
    status: int
    text: str
    subcode: str = ""
    detail: str = ""


KINDS = {
    "insi_102": Kind(
        "Receiver",
        500,
        "Le service est temporairement inaccessible. Veuillez renouveler votre demande ultérieurement. Si le problème "
        "persiste, contactez l'éditeur du progiciel ou votre responsable informatique.",
        "siram_40",
        "L'appel au service renvoie une erreur technique.",
    ),
    "banc_type": Kind("Sender", 415, "Le message doit être de type application/soap+xml (SOAP 1.2)."),
    "banc_taille": Kind("Sender", 413, "Le message est trop grand."),
    "banc_methode": Kind("Sender", 405, "Le téléservice s'appelle par POST ; GET ne rend que la description (?wsdl)."),
    "banc_xml": Kind("Sender", 400, "Le message n'est pas du XML bien formé."),
    "banc_dtd": Kind("Sender", 400, "Un message SOAP ne porte ni DTD ni entité (SOAP 1.2 partie 1, §5)."),
    "banc_profondeur": Kind("Sender", 400, "Le message est trop profond."),
    "banc_version_soap": Kind("VersionMismatch", 400, "L'enveloppe n'est pas celle de SOAP 1.2."),
    "banc_enveloppe": Kind("Sender", 400, "L'enveloppe SOAP doit avoir un en-tête, puis un corps d'un seul élément."),
    "banc_entete_absent": Kind("Sender", 400, "Un bloc d'en-tête manque."),
    "banc_entete_double": Kind("Sender", 400, "Un bloc d'en-tête est en double."),
    "banc_entete_inconnu": Kind("MustUnderstand", 400, "Un bloc d'en-tête à comprendre obligatoirement est inconnu."),
    "banc_action": Kind("Sender", 400, "Cette action n'est pas une opération du téléservice."),
    "banc_action_http": Kind("Sender", 400, "L'action du type de média n'est pas celle de l'en-tête wsa:Action."),
    "banc_corps": Kind("Sender", 400, "Le corps n'est pas celui que cette action demande."),
    "banc_schema": Kind("Sender", 400, "Le message ne suit pas le schéma."),
    "banc_certificat": Kind("Sender", 403, "Ce certificat n'ouvre pas le téléservice INSi."),
}
UNPLANNED = Kind("Sender", 400, "Le banc refuse cet appel.")


class SoapFaultError(Exception):
    """A fault to answer. code: key of KINDS; what: French end of the reason, what was seen and expected."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code} {what}")
        self.code, self.what = code, what
