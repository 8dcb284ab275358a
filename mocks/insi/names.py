"""Names of the messages: namespaces, headers, operations (sheet SEC §5.2; contract of identity §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mocks.soap.names import ACTION, MESSAGE_ID, SECURITY, WSA

BAM = "urn:siram:bam:ctxbam"
LPS = "urn:siram:lps:ctxlps"
SIRAM = "urn:siram"
RESULT = "http://www.cnamts.fr/INSiResultat"
VERIFICATION_RESULT = "http://www.cnamts.fr/INSiLot2/REPUnitaire"

CONTEXTE_BAM = f"{{{BAM}}}ContexteBAM"
CONTEXTE_LPS = f"{{{LPS}}}ContexteLPS"
REQUIRED = (CONTEXTE_BAM, CONTEXTE_LPS, ACTION, MESSAGE_ID)
ONCE = (*REQUIRED, SECURITY)

Mode = Literal["traits", "carte", "verification"]
_ACTIONS = "urn:ServiceIdentiteCertifiee:1.0.0:"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the service. name: in the journal. body: name of the element that the body holds."""

    name: str
    mode: Mode
    action: str
    body: str


OPERATIONS = {
    operation.action: operation
    for operation in (
        Operation(
            "insi.recherche_traits",
            "traits",
            f"{_ACTIONS}rechercherInsAvecTraitsIdentite",
            "{http://www.cnamts.fr/INSiRecSans}RECSANSVITALE",
        ),
        Operation(
            "insi.recherche_carte",
            "carte",
            f"{_ACTIONS}rechercherInsAvecCarteVitale",
            "{http://www.cnamts.fr/INSiRecVit}RECVITALE",
        ),
        Operation(
            "insi.verification",
            "verification",
            f"{_ACTIONS}verifierInsAvecTraitsIdentite",
            "{http://www.cnamts.fr/INSiLot2/REQUnitaire}VERIFICATION",
        ),
    )
}


def is_understood(name: str) -> bool:
    """Whether the service knows a block; libraries send others of WS-Addressing (To, ReplyTo)."""
    return name in ONCE or name.startswith(f"{{{WSA}}}")
