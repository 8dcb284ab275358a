"""Values of HL7 v2.5 in metadata: identifiers, names, times (sheet DMP §5)."""

from __future__ import annotations

from datetime import UTC, datetime

from reference.documents.sheet import PS_OID, STRUCTURE_OID, Patient, Signer, Structure


def cx(ins: tuple[str, str]) -> str:
    """An INS (matricule, OID) as a patient identifier."""
    return f"{ins[0]}^^^&{ins[1]}&ISO^NH"


def xcn(signer: Signer) -> str:
    """A professional."""
    return f"{signer.id}^{signer.family}^{signer.given}^^^^^^&{PS_OID}&ISO^D^^^IDNPS"


def xon(structure: Structure) -> str:
    """A structure."""
    return f"{structure.name}^^^^^&{STRUCTURE_OID}&ISO^IDNST^^^{structure.id}"


def local_cx(patient: Patient, system: str) -> str:
    """The number of a person in the product. system: OID."""
    return f"{patient.local_id}^^^&{system}&ISO^PI"


def source_info(patient: Patient) -> list[str]:
    """sourcePatientInfo: name, birth date and sex of the file."""
    traits = patient.traits
    return [
        f"PID-5|{traits.nom_naissance}^{traits.premier_prenom}^^^^^L",
        f"PID-7|{traits.date_naissance.replace('-', '')}",
        f"PID-8|{traits.sexe}",
    ]


def dtm(instant: datetime) -> str:
    """An aware instant, in universal time and without offset (IHE ITI TF vol. 3 §4.2.3.1.7)."""
    return instant.astimezone(UTC).strftime("%Y%m%d%H%M%S")
