"""SOAP faults of the service; only siram_40/insi_102 is public (sheet SEC §5.3)."""

from __future__ import annotations

from mocks.insi.names import SIRAM
from mocks.soap import faults
from mocks.soap.faults import Faults, Kind

KINDS = {
    **faults.KINDS,
    "insi_102": Kind(
        "Receiver",
        500,
        "Le service est temporairement inaccessible. Veuillez renouveler votre demande ultérieurement. Si le problème "
        "persiste, contactez l'éditeur du progiciel ou votre responsable informatique.",
        "siram_40",
        "L'appel au service renvoie une erreur technique.",
    ),
    "banc_methode": Kind("Sender", 405, "Le téléservice s'appelle par POST ; GET ne rend que la description (?wsdl)."),
    "banc_action": Kind("Sender", 400, "Cette action n'est pas une opération du téléservice."),
    "banc_action_http": Kind("Sender", 400, "L'action du type de média n'est pas celle de l'en-tête wsa:Action."),
    "banc_certificat": Kind("Sender", 403, "Ce certificat n'ouvre pas le téléservice INSi."),
}
# The prefix of a subcode is that of SOAP in what was recorded, though the name is not one of SOAP.
FAULTS = Faults(KINDS, detail=f"{{{SIRAM}}}Erreur", prefix="S", names={"siram": SIRAM})
