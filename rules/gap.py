"""What GAP (CI-SIS, shared agendas) binds, and what it does not."""

from __future__ import annotations

from rules.core import Authority
from rules.exchange import Exchange
from rules.selectors import APPOINTMENT_WRITES, MES, On

GAP = "CI-SIS, volet Gestion d'agendas partagés 3.0.0"
R4 = "HL7 FHIR R4"

# Only a body that is an Appointment in JSON can be read further; AGD-001 looks at the others.
APPOINTMENTS = APPOINTMENT_WRITES & On(lambda e: e.resource.get("resourceType") == "Appointment")
MES_APPOINTMENTS = APPOINTMENTS & MES
# SAS 1.2.0 has profiles of its own: one participant, named by identifiers alone (AGD-085 to AGD-090).
SAS_APPOINTMENTS = APPOINTMENTS & On(lambda e: e.service == "sas")
GAP_APPOINTMENTS = APPOINTMENTS & ~SAS_APPOINTMENTS


def gap_authority(exchange: Exchange) -> Authority | None:
    """Authority of a rule whose only source is GAP, on this exchange; None means the rule's own.

    The API Agenda of MES is not public. The bench speaks GAP there as a stand-in (mes.md §7, UNCONFIRMED): on MES such
    a rule is a convention of the bench and accuses nobody. Nor does any text say how the block of appointments between
    professionals speaks; and the SAS has texts of its own. What FHIR R4 itself says stays official everywhere.
    """
    return Authority.BANC if exchange.service in ("mes", "rdv", "sas") else None
