"""Documents that others put into the DMP: another structure, the usager. They go through the same registration."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mocks import world
from mocks.dmp import cda, deposit, deposit_rules, ebrim, hl7
from mocks.dmp.deposit import Deposit
from mocks.dmp.model_deposit import Deposition, Setting
from mocks.dmp.model_documents import Registry
from mocks.dmp.names import CONFIDENTIALITY_SYSTEM, PS_OID, STRUCTURE_OID, VISIBILITY_SYSTEM
from mocks.dmp.refusals import RefusedError
from mocks.dmp.settings import DATA
from mocks.soap.attachments import Message
from mocks.soap.envelope import parse
from mocks.soap.faults import SoapFaultError
from profiles.keys import TEST_INS_OID

ORIGINS: dict[str, dict[str, Any]] = orjson.loads((DATA / "origines.json").read_bytes())
OTHER_STRUCTURE, OTHER_PROFESSIONAL = 900, 900  # numbers in the world: neither is the product's own
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"), autoescape=True, undefined=StrictUndefined
)
_FORMAT = {"code": "urn:ihe:iti:xds-sd:pdf:2008", "system": "1.3.6.1.4.1.19376.1.2.3", "label": "CDA N1, PDF"}
_CONTENT_TYPE = {"code": "07", "system": "1.2.250.1.213.2.2", "label": "Consultation"}
_NORMAL = {"code": "N", "system": CONFIDENTIALITY_SYSTEM, "label": "Normal"}
Wish = Mapping[str, Any]


class UnusableDocumentError(ValueError):
    """A content that the bench cannot deposit; the text is a French sentence."""


@dataclass(frozen=True)
class Depositor:
    """Who deposits for others, in one tenant at one instant."""

    registry: Registry
    person: world.Person
    now: datetime
    setting: Setting

    def deposit(self, wish: Wish) -> str:
        """Put a document into the DMP; gives its uniqueId. Raises RefusedError, UnusableDocumentError."""
        said = self._said(wish)
        content = self._content(wish, said)
        text = _PAGES.get_template("depot.xml").render(said, content=base64.b64encode(content).decode())
        asked = deposit.read(parse(text.encode()), Message("simple", b""))
        self._check(asked)
        Deposition(self.registry, asked, self.person.id, wish["origine"], self.setting).register()
        return str(said["unique_id"])

    def _content(self, wish: Wish, said: dict[str, Any]) -> bytes:
        """The CDA: the one given, whose header then says the metadata, or one that is made here."""
        if "contenu_base64" not in wish:
            return _PAGES.get_template("cda.xml").render(said).encode()
        try:
            content = base64.b64decode(wish["contenu_base64"], validate=True)
            root = parse(content, cda.MAX_DEPTH)
        except (ValueError, SoapFaultError):
            raise UnusableDocumentError("« contenu_base64 » n'est pas un CDA en base64.") from None
        if not cda.is_cda(root):
            raise UnusableDocumentError("« contenu_base64 » n'est pas un CDA.")
        header = cda.header(root)
        said |= {"unique_id": header["id"], "title": header["title"] or said["title"]}
        for name, value in (("type", header["code"]), ("facility", header["facility"])):
            said[name] = value if value["code"] else said[name]
        times = {"created": header["effective_time"], "acted": header["service_event"]["low"]}
        said |= {name: read for name, text in times.items() if (read := hl7.utc_time(text or ""))}
        return content

    def _check(self, asked: Deposit) -> None:
        errors = list(deposit_rules.errors(asked, self.setting))
        if errors:
            raise RefusedError(*errors)

    def _said(self, wish: Wish) -> dict[str, Any]:
        """The metadata of the document."""
        origin = ORIGINS[wish["origine"]]
        replaced = self._replaced(wish)
        unique_id = wish.get("unique_id") or new_oid()
        acted = hl7.now_time(datetime.fromisoformat(wish["date_acte"]) if "date_acte" in wish else self.now)
        visibility = [
            {"code": one, "system": VISIBILITY_SYSTEM, "label": one} for one in wish.get("confidentialite", ())
        ]
        return {
            "uuid": lambda: f"urn:uuid:{uuid.uuid4()}",
            "schemes": ebrim.SCHEMES,
            "patient": self.person,
            "ins": self.person.ins,
            "ins_oid": TEST_INS_OID,
            "patient_id": hl7.written_cx(self.person.ins, TEST_INS_OID),
            "author": self._author(wish["origine"]),
            "title": wish.get("titre", origin["titre"]),
            "type": _code(wish.get("type"), origin["type"]),
            "class": _code(wish.get("classe"), origin["classe"]),
            "facility": origin["secteur"],
            "practice": origin["cadre"],
            "format": _FORMAT,
            "content_type": _CONTENT_TYPE,
            "confidentiality": [_NORMAL, *visibility],
            "created": hl7.now_time(self.now),
            "acted": acted,
            "unique_id": unique_id,
            "set_id": new_oid(),
            "version": 1 if replaced is None else 2,
            "source_id": new_oid(),
            "lot_id": new_oid(),
            "replaces": wish.get("remplace"),
            "replaced_uuid": replaced,
            "pdf": base64.b64encode(PDF).decode(),
        }

    def _replaced(self, wish: Wish) -> str | None:
        """The entryUUID of the document to replace."""
        if "remplace" not in wish:
            return None
        entries = self.registry.entries("unique_id", wish["remplace"])
        last = next((one for one in entries if one.latest and one.person == self.person.id), None)
        if last is None:
            raise UnusableDocumentError(f"Aucun document « {wish['remplace']} » à remplacer.")
        return last.uuid

    def _author(self, origin: str) -> dict[str, str]:
        if origin != "autre_structure":
            person = self.person
            xcn = f"{person.ins}^{person.family}^{person.given[0]}^^^^^^&{TEST_INS_OID}&ISO^D^^^NH"
            named = {"family": person.family, "given": person.given[0]}
            return {"root": TEST_INS_OID, "id": person.ins, "xcn": xcn, "structure": "", "structure_name": "", **named}
        pro, place = world.professional(OTHER_PROFESSIONAL), world.structure(OTHER_STRUCTURE)
        number, structure = f"8{pro['rpps']}", f"1{place['finess']}"
        return {
            "root": PS_OID,
            "id": number,
            "family": pro["nom"],
            "given": pro["prenom"],
            "xcn": f"{number}^{pro['nom']}^{pro['prenom']}^^^^^^&{PS_OID}&ISO^D^^^IDNPS",
            "structure": structure,
            "structure_name": place["nom"],
            "xon": f"{place['nom']}^^^^^&{STRUCTURE_OID}&ISO^IDNST^^^{structure}",
        }


def new_oid() -> str:
    """An OID that nobody else has (ITU-T X.667)."""
    return f"2.25.{uuid.uuid4().int}"


def _code(wanted: Mapping[str, str] | None, usual: Mapping[str, str]) -> Mapping[str, str]:
    if wanted is None:
        return usual
    return {"code": wanted["code"], "system": wanted["systeme"], "label": wanted.get("libelle", wanted["code"])}
