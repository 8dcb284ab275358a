"""FHIR invariants as small predicates, in one table.

The base definitions that we derive do not carry invariants: `BY_TYPE` says where R4 puts them. A profile's
own invariants are found here by key. Each predicate takes one value of the element and tells whether the
invariant holds. It may meet any JSON: an exception counts as "holds", the structure being judged elsewhere.

Source of all keys without another mention: HL7 FHIR R4 (4.0.1), the page of the type.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from profiles import coordination, directory, orientation
from profiles.invariant import Holds, Invariant
from profiles.keys import INS_OIDS


def there(value: Any, name: str) -> bool:
    """Tell whether a primitive element exists: by its value, or by its extensions alone (`_name`)."""
    return name in value or f"_{name}" in value


def moment(value: object) -> datetime | None:
    """Return a full instant, or None for a partial date (which cannot be ordered safely)."""
    if not isinstance(value, str) or "T" not in value:
        return None
    return datetime.fromisoformat(value)


def per_1(period: Any) -> bool:
    """start <= end; partial dates are compared on what they share."""
    start, end = period.get("start"), period.get("end")
    if start is None or end is None:
        return True
    first, last = moment(start), moment(end)
    if first and last:
        return first <= last
    shared = min(len(start), len(end), 10)
    return bool(start[:shared] <= end[:shared])


def has_value(element: Any) -> bool:
    """Tell whether a value[x] is present."""
    return any(k.startswith("value") for k in element)


def app_3(appointment: Any) -> bool:
    """start and end are there unless the appointment is proposed, cancelled, on a waiting list, or has no status."""
    both = there(appointment, "start") and there(appointment, "end")
    return both or appointment.get("status") in (None, "proposed", "cancelled", "waitlist")


def app_4(appointment: Any) -> bool:
    """A cancelation reason belongs to a cancelled or missed appointment.

    R4 writes `no-show`, a code that does not exist: `app-4-noshow` handles that case as a warning.
    """
    return "cancelationReason" not in appointment or appointment.get("status") in ("cancelled", "noshow")


def app_4_noshow(appointment: Any) -> bool:
    """The R4 expression, taken to the letter, refuses a reason on `noshow`; its text allows it."""
    return "cancelationReason" not in appointment or appointment.get("status") != "noshow"


def with_type(bundle: Any, *types: str | None) -> bool:
    """Tell whether a bundle is of one of these types; None is a bundle without type, a fault that is said once."""
    return bundle.get("type") in types


def entries(bundle: Any) -> list[Any]:
    """Return the entries of a bundle."""
    return bundle.get("entry") or []


def bdl_7(bundle: Any) -> bool:
    """fullUrl and version are unique (R4: except in a history)."""
    if with_type(bundle, "history"):
        return True
    whole = [e for e in entries(bundle) if "fullUrl" in e]
    keys = [(e["fullUrl"], e.get("resource", {}).get("meta", {}).get("versionId")) for e in whole]
    return len(keys) == len(set(keys))


def first_is(bundle: Any, resource_type: str) -> bool:
    """Tell whether the first entry holds that resource."""
    return bool(entries(bundle)[:1]) and entries(bundle)[0].get("resource", {}).get("resourceType") == resource_type


def obs_7(observation: Any) -> bool:
    """A component with the observation's own code excludes a value on the observation."""
    codes = [(c.get("system"), c.get("code")) for c in observation.get("code", {}).get("coding", []) if c.get("code")]
    inner = [
        (c.get("system"), c.get("code")) for p in observation.get("component", []) for c in p["code"].get("coding", [])
    ]
    return not (has_value(observation) and set(codes) & set(inner))


def not_home(organization: Any, element: str) -> bool:
    """No address or telecom of an organization is a home one."""
    return all(each.get("use") != "home" for each in organization.get(element, []))


def low_high(value: Any) -> bool:
    """low <= high when units agree."""
    low, high = value.get("low"), value.get("high")
    if not low or not high or low.get("code") != high.get("code") or low.get("unit") != high.get("unit"):
        return True
    return bool(low["value"] <= high["value"])


def contained(resource: Any) -> list[Any]:
    """Return the contained resources."""
    return resource.get("contained") or []


def text_of(value: Any) -> list[str]:
    """Return the local references made anywhere in a value."""
    if isinstance(value, dict):
        own = [value["reference"]] if isinstance(value.get("reference"), str) else []
        return own + [r for each in value.values() for r in text_of(each)]
    if isinstance(value, list):
        return [r for each in value for r in text_of(each)]
    return [value] if isinstance(value, str) and value.startswith("#") else []


def dom_3(resource: Any) -> bool:
    """Each contained resource is referred to, or refers to its container."""
    cited = set(text_of(resource))
    return all(f"#{each.get('id')}" in cited or "#" in text_of(each) for each in contained(resource))


INS_SYSTEMS = {f"urn:oid:{oid}" for oid in INS_OIDS}


def fr_core_1(patient: Any) -> bool:
    """FR Core, fr-core-patient-ins: a validated identity (VALI) carries an INS matricule."""
    stated = [
        part["valueCoding"]["code"]
        for extension in patient.get("extension", [])
        if extension["url"].endswith("/fr-core-identity-reliability")
        for part in extension.get("extension", [])
        if part["url"] == "identityStatus"
    ]
    return "VALI" not in stated or any(i.get("system") in INS_SYSTEMS for i in patient.get("identifier", []))


def written_as(identifier: Any, form: str) -> bool:
    """SAS 1.2.0, CPTS and SOS structures: the value is prefixed. An absent value is another fault."""
    return "value" not in identifier or re.fullmatch(form, identifier["value"], re.ASCII) is not None


ROWS = (
    Invariant("app-1", "un participant désigné par type ou par actor", lambda p: "type" in p or "actor" in p,
              sure={"required": ["actor"]},
              shows=("type", "actor")),
    Invariant("app-2", "start et end présents ensemble ou absents ensemble",
              lambda a: there(a, "start") == there(a, "end"),
              shows=("start", "end")),
    Invariant("app-3", "start et end, sauf au statut proposed, cancelled ou waitlist", app_3,
              shows=("status", "start", "end")),
    Invariant("app-4", "cancelationReason seulement au statut cancelled ou noshow", app_4,
              shows=("status", "cancelationReason")),
    Invariant("app-4-noshow", "cancelationReason au seul statut cancelled, selon l'expression R4 qui écrit « no-show »",
              app_4_noshow, "warning",
              shows=("status", "cancelationReason")),
    Invariant("att-1", "contentType quand data est présent", lambda a: "data" not in a or there(a, "contentType"),
              sure={"required": ["contentType"]},
              shows=("contentType",)),
    Invariant("bdl-1", "total seulement dans un searchset ou un history",
              lambda b: "total" not in b or with_type(b, None, "searchset", "history"),
              shows=("type", "total")),
    Invariant("bdl-2", "entry.search seulement dans un searchset",
              lambda b: with_type(b, None, "searchset") or not any("search" in e for e in entries(b)),
              shows=("type",)),
    Invariant("bdl-3", "entry.request dans un batch, une transaction ou un history, et seulement là",
              lambda b: with_type(b, None)
              or all(("request" in e) == with_type(b, "batch", "transaction", "history") for e in entries(b)),
              shows=("type",)),
    Invariant("bdl-4", "entry.response dans une réponse de batch, de transaction ou un history, et seulement là",
              lambda b: with_type(b, None)
              or all(("response" in e) == with_type(b, "batch-response", "transaction-response", "history")
                     for e in entries(b)),
              shows=("type",)),
    Invariant("bdl-5", "une ressource, une requête ou une réponse dans chaque entrée",
              lambda e: any(k in e for k in ("resource", "request", "response")),
              sure={"required": ["resource"]}),
    Invariant("bdl-7", "des fullUrl différents d'une entrée à l'autre", bdl_7),
    Invariant("bdl-8", "un fullUrl sans version", lambda e: "/_history/" not in e.get("fullUrl", ""),
              sure={"properties": {"fullUrl": {"not": {"pattern": "/_history/"}}}},
              shows=("fullUrl",)),
    Invariant("bdl-9", "un identifier avec system et value dans un document",
              lambda b: not with_type(b, "document") or {"system", "value"} <= set(b.get("identifier", {})),
              shows=("identifier",)),
    Invariant("bdl-10", "un timestamp dans un document", lambda b: not with_type(b, "document") or "timestamp" in b,
              shows=("timestamp",)),
    Invariant("bdl-11", "une Composition en première entrée d'un document",
              lambda b: not with_type(b, "document") or first_is(b, "Composition")),
    Invariant("bdl-12", "un MessageHeader en première entrée d'un message",
              lambda b: not with_type(b, "message") or first_is(b, "MessageHeader")),
    Invariant("cmp-1", "un texte, une entrée ou une sous-section",
              lambda s: any(k in s for k in ("text", "entry", "section"))),
    Invariant("cpb-1", "au moins rest, messaging ou document",
              lambda c: any(k in c for k in ("rest", "messaging", "document"))),
    Invariant("cpb-2", "au moins description, software ou implementation",
              lambda c: any(k in c for k in ("description", "software", "implementation"))),
    Invariant("cpt-2", "system quand value est présent", lambda c: "value" not in c or there(c, "system"),
              sure={"required": ["system"]},
              shows=("system", "value")),
    Invariant("dom-2", "aucune ressource contenue dans une ressource contenue",
              lambda r: not any("contained" in c for c in contained(r))),
    Invariant("dom-3", "chaque ressource contenue citée par une référence", dom_3),
    Invariant("dom-4", "pas de meta.versionId ni meta.lastUpdated dans une ressource contenue",
              lambda r: not any({"versionId", "lastUpdated"} & set(c.get("meta", {})) for c in contained(r))),
    Invariant("dom-5", "pas de meta.security dans une ressource contenue",
              lambda r: not any("security" in c.get("meta", {}) for c in contained(r))),
    Invariant("fr-core-1", "un matricule INS pour une identité validée", fr_core_1),
    Invariant("FINESS-invariant", "un FINESS écrit 1 suivi de 9 chiffres", lambda i: written_as(i, "1[0-9]{9}"),
              shows=("value",), expression="value.matches('^1[0-9]{9}$')"),
    Invariant("inv-1", "une valeur, une ressource ou des parties, une seule de ces formes",
              lambda p: sum((has_value(p), "resource" in p, "part" in p)) == 1),
    Invariant("lst-1", "emptyReason seulement dans une liste sans entrée",
              lambda v: not ("emptyReason" in v and "entry" in v),
              shows=("emptyReason",)),
    Invariant("lst-2", "entry.deleted seulement au mode changes",
              lambda v: v.get("mode") == "changes" or not any(there(e, "deleted") for e in v.get("entry", [])),
              shows=("mode",)),
    Invariant("lst-3", "entry.date seulement au mode working",
              lambda v: v.get("mode") == "working" or not any(there(e, "date") for e in v.get("entry", [])),
              shows=("mode",)),
    Invariant("mhd-startswithoid", "un OID écrit urn:oid:…", lambda i: i["value"].startswith("urn:oid:"),
              shows=("value",),
              expression="value.exists() implies value.startsWith('urn:oid:')"),
    Invariant("mhd-startswithuuid", "un UUID écrit urn:uuid:…", lambda i: i["value"].startswith("urn:uuid:"),
              shows=("value",),
              expression="value.exists() implies value.startsWith('urn:uuid:')"),
    Invariant("obs-3", "low, high ou text dans un intervalle de référence",
              lambda r: "low" in r or "high" in r or there(r, "text")),
    Invariant("obs-6", "dataAbsentReason seulement sans valeur",
              lambda o: not ("dataAbsentReason" in o and has_value(o)),
              shows=("dataAbsentReason",)),
    Invariant("obs-7", "pas de valeur quand un composant porte le code de l'observation", obs_7),
    Invariant("org-1", "au moins identifier ou name", lambda o: "identifier" in o or there(o, "name"),
              shows=("identifier", "name")),
    Invariant("org-2", "aucune adresse d'usage home", lambda o: not_home(o, "address")),
    Invariant("org-3", "aucun moyen de contact d'usage home", lambda o: not_home(o, "telecom")),
    Invariant("pat-1", "un nom, un contact, une adresse ou une organisation",
              lambda c: any(k in c for k in ("name", "telecom", "address", "organization")),
              shows=("name", "telecom", "address", "organization")),
    Invariant("per-1", "un début antérieur ou égal à la fin", per_1,
              sure={"not": {"required": ["start", "end"]}},
              shows=("start", "end")),
    Invariant("qty-3", "system quand code est présent", lambda q: "code" not in q or there(q, "system"),
              sure={"required": ["system"]},
              shows=("system", "code")),
    Invariant("rng-2", "low inférieur ou égal à high", low_high),
    Invariant("SIRET-invariant", "un SIRET écrit 3 suivi de 14 chiffres", lambda i: written_as(i, "3[0-9]{14}"),
              shows=("value",), expression="value.matches('^3[0-9]{14}$')"),
    Invariant("vs-1", "une date de mesure qui va au moins jusqu'au jour", lambda o: len(o["effectiveDateTime"]) >= 10,
              shows=("effectiveDateTime",),
              expression="effective.ofType(dateTime).exists() implies effective.toString().length() >= 10"),
    Invariant("vs-2", "une valeur, ou dataAbsentReason quand il n'y a ni composant ni membre",
              lambda o: has_value(o) or any(k in o for k in ("dataAbsentReason", "component", "hasMember"))),
    Invariant("vs-3", "une valeur ou dataAbsentReason dans chaque composant",
              lambda c: has_value(c) or "dataAbsentReason" in c,
              sure={"required": ["valueQuantity"]}),
)  # fmt: skip
RULES = (*ROWS, *coordination.ROWS, *directory.ROWS, *orientation.ROWS)
TABLE: dict[str, Invariant] = {row.key: row for row in RULES}

DOMAIN_RESOURCE = ("dom-2", "dom-3", "dom-4", "dom-5")
BY_TYPE: dict[str, tuple[str, ...]] = {
    "Appointment": ("app-2", "app-3", "app-4", "app-4-noshow"),
    "Appointment.participant": ("app-1",),
    "Attachment": ("att-1",),
    "Bundle": ("bdl-1", "bdl-2", "bdl-3", "bdl-4", "bdl-7", "bdl-9", "bdl-10", "bdl-11", "bdl-12"),
    "Bundle.entry": ("bdl-5", "bdl-8"),
    "CapabilityStatement": ("cpb-1", "cpb-2"),
    "CareTeam.participant": ("ctm-1",),
    "Composition.section": ("cmp-1",),
    "ContactPoint": ("cpt-2",),
    "List": ("lst-1", "lst-2", "lst-3"),
    "Observation": ("obs-6", "obs-7"),
    "Observation.referenceRange": ("obs-3",),
    "Organization": ("org-1", "org-2", "org-3"),
    "Parameters.parameter": ("inv-1",),
    "Patient.contact": ("pat-1",),
    "Period": ("per-1",),
    "Quantity": ("qty-3",),
    "Age": ("qty-3",),
    "Count": ("qty-3",),
    "Distance": ("qty-3",),
    "Duration": ("qty-3",),
    "Range": ("rng-2",),
}


def broken(keys: tuple[str, ...] | list[str], value: Any) -> list[Invariant]:
    """Return the invariants that a value breaks, in the order of the keys."""
    return [TABLE[key] for key in keys if not safely(TABLE[key].holds, value)]


def safely(holds: Holds, value: Any) -> bool:
    """Run a predicate; a value of the wrong shape is not for it to judge."""
    try:
        return holds(value)
    except (TypeError, AttributeError, KeyError, ValueError, IndexError):
        return True
