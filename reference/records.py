"""What the product keeps: persons, sessions, pairings, appointments, waiting messages, events received."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar


class Record:
    """Kept by the store under its class and key, for an owner.

    A class names in its declaration the fields whose values, joined by a space, are the key, and the field that says
    whose it is (a usager, a professional), if any: `class Received(Record, key="usager id", owner="usager")`.
    """

    _key: ClassVar[tuple[str, ...]] = ()
    _owner: ClassVar[str] = ""

    def __init_subclass__(cls, key: str = "", owner: str = "") -> None:
        cls._key, cls._owner = tuple(key.split()), owner

    @property
    def key(self) -> str:
        """Names the record among those of its class."""
        return " ".join(str(getattr(self, name)) for name in self._key)

    @property
    def owner(self) -> str:
        """Whose it is, empty for nobody's."""
        return str(getattr(self, self._owner) or "") if self._owner else ""


@dataclass
class Usager(Record, key="id"):
    """A person of the establishment. `idpe` is drawn at random: opaque outside the product."""

    id: str
    idpe: str
    login: str
    nom: str
    prenoms: list[str]
    sexe: str
    date_naissance: str
    courriel: str
    ins: dict[str, str] | None = None
    representant: str | None = None
    lieu_naissance: str = ""
    nom_utilise: str = ""
    prenom_utilise: str = ""
    empreinte: str = ""
    courriers: list[str] = field(default_factory=list)


@dataclass
class Session(Record, key="empreinte", owner="usager"):
    """An open session of the portal, known by the hash of its cookie only. seen: last activity, epoch seconds."""

    empreinte: str
    usager: str
    csrf: str
    seen: float


@dataclass
class Code(Record, key="empreinte"):
    """A one-time code (second factor) waiting to be typed; `suite`: page asked for before the login."""

    empreinte: str
    usager: str
    code: str
    suite: str
    tries: int = 0


@dataclass
class Journey(Record, key="state", owner="usager"):
    """A pairing under way: what must be found again when the browser comes back from MES."""

    state: str
    session: str
    usager: str
    nonce: str
    verifier: str


@dataclass
class Pairing(Record, key="usager", owner="usager"):
    """Pairing of one usager. Tokens stay here: never in a page, an address or the log."""

    usager: str
    state: str = "non_apparie"
    message: str = ""
    finalities: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    alert: str = ""
    access_token: str = ""
    refresh_token: str = ""
    id_token: str = ""
    idpe: str = ""
    assign_auth: str = ""

    def forget_tokens(self) -> None:
        self.finalities = []
        self.access_token = self.refresh_token = self.id_token = ""


@dataclass
class RendezVous(Record, key="id", owner="usager"):
    """An appointment of an usager.

    start: wall-clock time of the place, whose time zone is `zone`; known: MES may already have it (sent, or sent
    without a certain answer); etag: version that MES gave at the last write.
    """

    id: str
    usager: str
    system: str
    value: str
    start: str
    minutes: int
    zone: str
    title: str
    status: str
    created: str
    nature: str = "sante"
    place: str = "etablissement"
    address: str = ""
    professional: dict[str, str] | None = None
    establishment: dict[str, str] = field(default_factory=dict)
    entered_in: str = "portail"
    attends: bool = True
    reason: str = ""
    known: bool = False
    server_id: str = ""
    etag: str = ""


@dataclass
class Message(Record, key="id", owner="usager"):
    """A write waiting to reach MES.

    by_post: MES cannot have the event yet; addressed: whose pairing serves, always the usager's own but for two
    defects; not_before: epoch seconds, from Retry-After.
    """

    id: str
    usager: str
    rendez_vous: str
    resource: dict[str, Any]
    by_post: bool
    addressed: str
    not_before: float = 0.0


@dataclass
class Received(Record, key="usager id", owner="usager"):
    """An event of another source, read in MES: shown, never changed."""

    id: str
    usager: str
    resource: dict[str, Any]
