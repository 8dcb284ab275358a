"""What is kept of logins: requests under way, sessions of professionals, identities that FranceConnect gave."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.records import Record


@dataclass
class LoginRequest(Record, key="state", owner="browser"):
    """An authorization request under way. browser: hash of the cookie of the browser that began it.

    suite: page asked for before the login. expires: epoch seconds.
    """

    state: str
    provider: str
    browser: str
    nonce: str
    verifier: str
    suite: str
    expires: float


@dataclass
class LoginRefused(Record, key="browser"):
    """Why the last login of a browser did not succeed."""

    browser: str
    message: str


@dataclass
class LogoutRequest(Record, key="state"):
    """A logout under way at a provider. `suite`: page shown afterwards."""

    state: str
    provider: str


@dataclass
class Asked(Record, key="id"):
    """A CIBA request. next_poll, expires: epoch seconds. state: `en_attente`, `ouverte`, `refusee`, `expiree`."""

    id: str
    auth_req_id: str
    identifiant_national: str
    code: str
    interval: float
    next_poll: float
    expires: float
    state: str = "en_attente"
    message: str = ""


@dataclass
class ProSession(Record, key="empreinte", owner="professionnel"):
    """A session of the DUI, known by the hash of its cookie only. opened, seen, expires…: epoch seconds.

    state: `ouverte`, `expiree` or `fermee`. situation: id of the one chosen, "" before. Tokens never leave the server.
    """

    empreinte: str
    professionnel: str
    moyen: str
    csrf: str
    opened: float
    seen: float
    state: str = "ouverte"
    message: str = ""
    identifiant_national: str = ""
    situations: list[dict[str, str]] = field(default_factory=list)
    situation: str = ""
    access_token: str = ""
    access_expires: float = 0.0
    refresh_token: str = ""
    id_token: str = ""
    api_token: str = ""
    api_expires: float = 0.0

    @property
    def structure(self) -> str:
        """Identifier of the structure of the situation chosen, "" when there is none."""
        return next((one["structure"] for one in self.situations if one["id"] == self.situation), "")

    def forget_tokens(self) -> None:
        self.access_token = self.refresh_token = self.id_token = self.api_token = ""


@dataclass
class FcAccount(Record, key="provider sub", owner="usager"):
    """Whose account a FranceConnect identity is. Its key is the provider and `sub`, never the e-mail address."""

    provider: str
    sub: str
    usager: str


@dataclass
class FcSession(Record, key="empreinte", owner="usager"):
    """What FranceConnect said when a session of the portal was opened; `empreinte` is the one of that session.

    pivot: claims as they came. usager: "" as long as a person of the establishment has not said whose file it is.
    candidats: files that may be.
    """

    empreinte: str
    provider: str
    sub: str
    id_token: str
    pivot: dict[str, str]
    rapprochement: str
    usager: str = ""
    candidats: list[str] = field(default_factory=list)
