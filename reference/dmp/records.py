"""What the product keeps of the DMP: documents, choices of the usager, what was found, traces."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.records import Record

DRAFT, VALID = "brouillon", "valide"
WAITING, SENT, REFUSED = "en_attente", "depose", "refuse"


@dataclass
class Document(Record, key="id", owner="usager"):
    """A document of the file.

    kind: key of `KINDS`, or that of an imported one; lines: its text; acted, made: instants with their offset; state:
    draft or valid; sending: what became of its deposit, empty before; origin: `produit`, or `dmp` for an imported one,
    which is never changed; set_id, version: of its life; replaces, replaced_by: ids of documents; octets: the file in
    base64, once written: it is sent again as it is.
    """

    id: str
    usager: str
    kind: str
    title: str
    lines: list[str]
    acted: str
    author: str
    unique_id: str
    set_id: str
    version: int = 1
    made: str = ""
    state: str = DRAFT
    sending: str = ""
    message: str = ""
    origin: str = "produit"
    replaces: str = ""
    replaced_by: str = ""
    hidden: list[str] = field(default_factory=list)
    octets: str = ""
    objectives: list[str] = field(default_factory=list)


@dataclass
class Choice(Record, key="usager"):
    """What the usager said to the structure: does she let it feed her DMP, and read it? "" when not asked."""

    usager: str
    feeding: str = ""
    reading: str = ""
    noted: list[str] = field(default_factory=list)


@dataclass
class Feeding(Record):
    """Kinds of documents that leave for the DMP once they are valid, as the structure set it."""

    kinds: list[str] = field(default_factory=list)
    held: bool = False

    @property
    def key(self) -> str:
        return "alimentation"


@dataclass
class Seen(Record, key="usager unique_id", owner="usager"):
    """An entry of the DMP as it was last found."""

    usager: str
    unique_id: str
    uuid: str
    lid: str
    version: str
    status: str
    title: str
    type: list[str]
    type_label: str
    acted: str
    author: str
    hash: str
    repository: str
    confidentiality: list[str]
    opened: bool = False


@dataclass
class LastSearch(Record, key="usager professional"):
    """When this professional last looked into the DMP of this usager (`dateAppelDMP`), in UTC."""

    usager: str
    professional: str
    instant: str


@dataclass
class DmpCall(Record, key="id", owner="usager"):
    """The trace of a call: who, for which structure, what came of it (EX_AIR-070)."""

    id: str
    usager: str
    transaction: str
    instant: str
    author: str
    structure: str
    outcome: str
