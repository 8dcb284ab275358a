"""What is known of a document before it is written: the CDA and the metadata are both made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reference.documents.kinds import Code
from reference.identity.traits import Traits

SECTORS = "1.2.250.1.71.4.2.4"  # TRE_R02
PRACTICES = "1.2.250.1.213.1.1.4.9"  # TRE_A01
PS_OID = "1.2.250.1.71.4.2.1"
STRUCTURE_OID = "1.2.250.1.71.4.2.2"
ESTABLISHMENT_PRACTICE = Code("ETABLISSEMENT", PRACTICES, "Établissement")


@dataclass(frozen=True)
class Signer:
    """The professional who answers for a document. id: PS_IdNat; profession: her role."""

    id: str
    family: str
    given: str
    profession: Code


@dataclass(frozen=True)
class Structure:
    """The establishment. id: Struct_IdNat; sector: its healthcareFacilityTypeCode."""

    id: str
    name: str
    sector: Code


@dataclass(frozen=True)
class Patient:
    """The person of a document. ins: matricule and OID; local_id: in the product."""

    ins: tuple[str, str]
    local_id: str
    traits: Traits


@dataclass(frozen=True)
class Sheet:
    """A document. made, acted: aware instants, in the time of the place, of the document and of the act.

    hidden: visibility codes. replaces: uniqueId of the document that this one replaces, empty for none.
    """

    unique_id: str
    set_id: str
    version: int
    title: str
    lines: Sequence[str]
    type: Code
    class_: Code
    made: datetime
    acted: datetime
    patient: Patient
    signer: Signer
    structure: Structure
    hidden: Sequence[str] = ()
    replaces: str = ""
