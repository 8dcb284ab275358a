"""The product of these tests: registered and paired by the admin API, calling over real sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

OID = "1.2.250.1.999.30"
FINALITIES = ["AGENDA_ECRITURE", "AGENDA_LECTURE", "MESURES_LECTURE"]
FHIR = "application/fhir+json"


class Admin:
    """The admin API of one tenant of a running sandbox."""

    def __init__(self, url: str, tenant: str = "defaut") -> None:
        self.base = f"{url}/mes" if tenant == "defaut" else f"{url}/t/{tenant}/mes"
        self.http = httpx.Client(base_url=f"{url}/_banc/tenants/{tenant}/", timeout=60, trust_env=False)

    def __enter__(self) -> Admin:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.http.close()

    def __call__(self, method: str, path: str, **body: Any) -> Any:
        answer = self.http.request(method, path, json=body or None)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def journal(self, operation: str = "", after: int = 0) -> list[dict[str, Any]]:
        """Exchanges of the tenant, oldest first."""
        asked = {"operation": operation, "apres": after, "limite": 5000}
        found: list[dict[str, Any]] = self.http.get("echanges", params=asked).json()["echanges"]
        return found

    def register(self, oid: str = OID) -> dict[str, Any]:
        """Register a product."""
        sheet = {"nom": "Portail des Tilleuls", "redirect_uris": ["https://portail.test/retour"]}
        made: dict[str, Any] = self("POST", "mes/services", oid=oid, **sheet)
        return made

    def pair(self, oid: str = OID) -> Paired:
        """A fresh person, paired with a registered product."""
        person = self("POST", "personnes")["id"]
        path = f"mes/usagers/{person}/appariements"
        made = self("POST", path, oid=oid, finalites=FINALITIES, base=self.base)
        return Paired(person, made["idpe"], made["assign_auth"], made["access_token"], made["id_token"])


@dataclass(frozen=True)
class Paired:
    """What the product knows of a usager."""

    person: str
    idpe: str
    assign_auth: str
    access: str
    identity: str

    @property
    def subject(self) -> str:
        """Value of the search parameter `patient.identifier`."""
        return f"{self.assign_auth}|{self.idpe}"

    def headers(self, **more: str) -> dict[str, str]:
        """Headers of a business call."""
        return {"Authorization": f"Bearer {self.access}", "ID_TOKEN": self.identity, **more}

    def appointment(self, identifier: str, **changes: Any) -> dict[str, Any]:
        """A plain visit."""
        patient = {"type": "Patient", "identifier": {"system": f"urn:oid:{self.assign_auth}", "value": self.idpe}}
        usual = {
            "resourceType": "Appointment",
            "identifier": [{"system": f"urn:oid:{OID}", "value": identifier}],
            "status": "booked",
            "description": "Kinésithérapie",
            "start": "2026-03-02T09:00:00+01:00",
            "end": "2026-03-02T09:30:00+01:00",
            "participant": [
                {"actor": patient, "status": "accepted"},
                {"actor": {"type": "Practitioner", "display": "Dr Zoé Brûlé"}, "status": "accepted"},
            ],
        }
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    def create(self, client: httpx.Client, base: str, identifier: str) -> httpx.Response:
        """POST of a plain visit. base: address of Mon espace santé."""
        body = self.appointment(identifier)
        return client.post(f"{base}/fhir/Appointment", json=body, headers=self.headers(**{"Content-Type": FHIR}))
