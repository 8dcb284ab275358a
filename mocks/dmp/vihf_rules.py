"""What is wrong with a VIHF, as codes of `data/vihf.json`, in the order in which the service looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography import x509

from mocks.dmp import vihf
from mocks.dmp.settings import DATA
from mocks.dmp.signatures import EXCLUSIVE, RSA_SHA256, SHA256
from mocks.dmp.vihf import Claims

Problem = tuple[str, str]  # code, what was seen
Setting = Callable[[str], Any]
_ROLES: dict[str, Any] = orjson.loads((DATA / "roles.json").read_bytes())
_X509_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_SECTOR = re.compile(r"SA\d{2}\^1\.2\.250\.1\.71\.4\.2\.4")
# Struct_IdNat by prefix (sheet DMP §6); numbers without prefix exist too.
_STRUCTURE = re.compile(r"0[0-9A-Z]{9,}|1[0-9AB]{9}|2\d{9}|3\d{14}|4\d{11}\S*")
_TRUST = {"inconnue": "certificat_inconnu", "expiree": "certificat_expire", "revoquee": "certificat_revoque"}
_SECOND = {tuple(_ROLES[name]) for name in ("medecin", "pharmacien", "acteur_par_role")}


@dataclass(frozen=True)
class Around:
    """What the call tells besides the assertion. clocks: the tenant's and the real one; tls: of the client, or None."""

    setting: Setting
    clocks: tuple[datetime, ...]
    certificate: x509.Certificate | None
    tls: Mapping[str, Any] | None


def problems(said: Claims, around: Around) -> list[Problem]:
    """Every problem of an assertion whose facts (signature included) are these."""
    checks = (_form, _signature, _time, _content, _remarks)
    return [(f"vihf_{code}", what) for check in checks for code, what in check(said, around)]


def age(said: Claims, clocks: tuple[datetime, ...]) -> float | None:
    """Seconds since the emission, by the nearest clock; None when the instant cannot be read."""
    issued = instant(said["issue_instant"])
    if issued is None:
        return None
    return min(((clock - issued).total_seconds() for clock in clocks), key=abs)


def instant(text: str | None) -> datetime | None:
    """An xs:dateTime; one without offset is taken for UTC, as SAML says (core §1.3.3)."""
    try:
        read = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _form(said: Claims, _around: Around) -> Iterator[Problem]:
    if said["saml_version"] != "2.0":
        yield "forme", f"Version : « {said['saml_version']} »."
    for name, label in (("id", "ID"), ("issuer", "Issuer"), ("name_id", "NameID"), ("issue_instant", "IssueInstant")):
        if not said[name]:
            yield "forme", f"Manque : {label}."


def _signature(said: Claims, _around: Around) -> Iterator[Problem]:
    signature = said["signature"]
    if signature["state"] != "valide":
        yield f"signature_{signature['state']}", ""
        return
    if not signature["whole"]:
        yield "signature_partielle", ""
    if signature["trust"] in _TRUST:
        yield _TRUST[signature["trust"]], f"Vu : {signature['certificate']['subject']}."
    seen = (signature["algorithm"], signature["digest"], signature["c14n"])
    if seen != (RSA_SHA256, SHA256, EXCLUSIVE):
        yield "algorithme", f"Vus : {', '.join(str(one) for one in seen)}."


def _time(said: Claims, around: Around) -> Iterator[Problem]:
    if said.get("replayed") and around.setting("vihf_rejeu") == "refuser":
        yield "rejoue", ""
    seconds = age(said, around.clocks)
    if seconds is None:
        yield "forme", f"IssueInstant : « {said['issue_instant']} »."
        return
    if seconds > around.setting("vihf_duree_s"):
        yield "perime", f"Émise il y a {seconds:.0f} s."
    if seconds < -around.setting("vihf_avance_s"):
        yield "futur", f"Émise dans {-seconds:.0f} s."
    if not str(said["issue_instant"]).endswith("Z"):
        yield "instant", f"Vu : « {said['issue_instant']} »."
    if not any(_in_force(said, clock) for clock in around.clocks):
        yield "conditions", f"Valable de {said['not_before']} à {said['not_on_or_after']}."


def _in_force(said: Claims, now: datetime) -> bool:
    start, end = instant(said["not_before"]), instant(said["not_on_or_after"])
    slack = timedelta(seconds=60)
    return (start is None or start <= now + slack) and (end is None or now - slack < end)


def _content(said: Claims, around: Around) -> Iterator[Problem]:
    attributes = said["attributes"]
    missing = [name for name in vihf.REQUIRED if not _is_said(said, name)]
    if missing:
        yield "attribut_absent", f"Manque : {', '.join(missing)}."
    lowered = {name.lower(): name for name in attributes}
    for name in missing:
        if name.lower() in lowered:
            yield "attribut_casse", f"Vu : {lowered[name.lower()]}."
    if said["version"] is not None and said["version"] not in around.setting("vihf_versions"):
        yield "version", f"Vu : « {said['version']} »."
    modes = [around.setting(f"mode_{kind}") for kind in ("indirect", "direct", "air")]
    if said["mode"] is not None and said["mode"] not in modes:
        yield "mode", f"Vu : « {said['mode']} »."
    target = attributes.get("Ressource_URN", ["urn:dmp"])
    if target != ["urn:dmp"]:
        yield "ressource", f"Vu : {', '.join(target)}."
    if said["ins"] is not None and said["ins"]["value"] is None:
        yield "ins", f"Vu : « {said['ins']['raw']} »."
    purposes = ("normal", around.setting("finalite_urgence"), around.setting("finalite_regulation"))
    if said["purpose"] is not None and said["purpose"]["code"] not in (*purposes, None):
        yield "finalite", f"Vu : « {said['purpose']['code']} »."
    if said["tls_structure_matches"] is False:
        yield "structure", f"VIHF : {said['structure']} ; certificat : {(around.tls or {}).get('structure')}."


def _is_said(said: Claims, name: str) -> bool:
    if name == vihf.ROLE:
        return any(role["code"] for role in said["roles"])
    if name == vihf.PURPOSE:
        return bool(said["purpose"] and said["purpose"]["code"])
    return any(said["attributes"].get(name, ()))


def _remarks(said: Claims, around: Around) -> Iterator[Problem]:
    if said["version"] == "3.0":
        yield "version_ancienne", ""
    if said["audience"]:
        yield "audience", ""
    if around.certificate is not None and not (said["issuer_format"] == _X509_NAME and _is_subject(said, around)):
        yield "emetteur", f"Vu : « {said['issuer']} », {said['issuer_format']}."
    if said["sector"] and not _SECTOR.fullmatch(said["sector"]):
        yield "secteur", f"Vu : « {said['sector']} »."
    if said["structure"] and not _STRUCTURE.fullmatch(said["structure"]):
        yield "identifiant_structure", f"Vu : « {said['structure']} »."
    yield from _role(said)


def _is_subject(said: Claims, around: Around) -> bool:
    """Whether the issuer is the subject of the certificate, whatever the order in which its parts are written."""
    assert around.certificate is not None
    parts = [part.strip() for part in re.split(r"(?<!\\),", said["issuer"] or "")]
    try:
        named = x509.Name.from_rfc4514_string(",".join(parts))
    except ValueError:
        return False
    subject = around.certificate.subject
    return sorted(_parts(named)) == sorted(_parts(subject))


def _parts(name: x509.Name) -> list[tuple[str, str]]:
    return [(part.oid.dotted_string, str(part.value)) for part in name]


def _role(said: Claims) -> Iterator[Problem]:
    roles = [(role["code"], role["system"]) for role in said["roles"] if role["code"]]
    if not roles:
        return
    if roles[0][1] not in _ROLES["systemes"]:
        yield "role", f"Vu en premier : {roles[0][0]}, système {roles[0][1]}."
    if (len(roles) == 2) != (roles[0] in _SECOND):
        yield "role", f"Vus : {len(roles)} rôles pour la profession {roles[0][0]}."
