"""What the product keeps of the slots that the SAS may see."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.records import Record


@dataclass
class Practitioner(Record, key="id"):
    """identifiant: RPPS or ADELI as it was typed; `number` is what the SAS is told."""

    id: str
    number: str
    identifiant: str
    nom: str
    prenom: str
    telephone: str = ""
    specialites: list[str] = field(default_factory=list)


@dataclass
class Place(Record, key="id"):
    """Where one practitioner consults, or a fixed site of an association (`praticien` is then empty).

    structure: prefixed national identifier, or empty. association: its prefixed SIRET, and its name.
    """

    id: str
    praticien: str
    nom: str
    voie: str
    code_postal: str
    commune: str
    fuseau: str
    telephone: str = ""
    structure: str = ""
    association: str = ""
    nom_association: str = ""

    @property
    def owner(self) -> str:
        return self.praticien or self.association


@dataclass
class Slot(Record, key="id", owner="lieu"):
    """A slot. debut, fin: instants (ISO, with the offset of the place). cpts: name by prefixed FINESS.

    patientele: kept for the practitioner's own patients. reservable: whether it can be booked.
    """

    id: str
    lieu: str
    debut: str
    fin: str
    publics: list[str]
    consultations: list[str]
    patientele: bool = False
    cpts: dict[str, str] = field(default_factory=dict)
    motif: str = ""
    reservable: bool = True
    libre: bool = True
