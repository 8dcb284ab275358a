"""Write `r4.json`, the compact R4 base definitions, from the R4B classes of fhir.resources.

Run by hand when fhir.resources changes: `python -m profiles.base.generate`. The sources of the package
are read, not imported: the result must not depend on how pydantic presents the fields.

fhir.resources ships R4B (4.3.0), France uses R4 (4.0.1). Differences handled here, after
https://hl7.org/fhir/R4B/diff.html:

- resources that R4B added are left out (`ADDED_BY_R4B`); those that R4B removed are unknown to us
  (`REMOVED_BY_R4B` in the result, reported as not supported, never accused);
- Evidence and EvidenceVariable were rewritten: left out likewise;
- data types CodeableReference and RatioRange do not exist in R4, also as `value[x]`;
- ActivityDefinition.subject[x] and PlanDefinition.subject[x] have no `canonical` in R4.

The code lists come from the short texts of the definitions. Where such a text is not the list itself
(`CODES`), the list is given here; where it cannot be told, no list is written and the code is not judged.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

ADDED_BY_R4B = {
    "AdministrableProductDefinition", "Citation", "ClinicalUseDefinition", "EvidenceReport", "Ingredient",
    "ManufacturedItemDefinition", "MedicinalProductDefinition", "NutritionProduct",
    "PackagedProductDefinition", "RegulatedAuthorization", "SubscriptionStatus", "SubscriptionTopic",
    "SubstanceDefinition", "CodeableReference", "RatioRange",
}  # fmt: skip
REWRITTEN_BY_R4B = {"Evidence", "EvidenceVariable"}
REMOVED_BY_R4B = [
    "EffectEvidenceSynthesis", "MedicinalProduct", "MedicinalProductAuthorization",
    "MedicinalProductContraindication", "MedicinalProductIndication", "MedicinalProductIngredient",
    "MedicinalProductInteraction", "MedicinalProductManufactured", "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical", "MedicinalProductUndesirableEffect", "RiskEvidenceSynthesis",
    "SubstanceNucleicAcid", "SubstancePolymer", "SubstanceProtein", "SubstanceReferenceInformation",
    "SubstanceSourceMaterial", "SubstanceSpecification",
]  # fmt: skip
NOT_IN_R4_CHOICE = {("ActivityDefinition", "subject[x]", "canonical"), ("PlanDefinition", "subject[x]", "canonical")}

# Resources whose code lists a person compared with the R4 text: elsewhere an unknown code is only a warning.
REVIEWED = [
    "Appointment", "Binary", "Bundle", "CapabilityStatement", "CareTeam", "Communication",
    "CommunicationRequest", "Composition", "Device", "DocumentReference", "HealthcareService", "List", "Location",
    "Observation", "OperationOutcome", "Organization", "Patient", "Person", "Practitioner", "PractitionerRole",
    "RelatedPerson", "Schedule", "Slot", "Subscription", "Task",
]  # fmt: skip
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CODES: dict[str, list[str] | None] = {
    "Identifier.use": ["usual", "official", "temp", "secondary", "old"],
    "ContactPoint.system": ["phone", "fax", "email", "pager", "url", "sms", "other"],
    "ContactPoint.use": ["home", "work", "temp", "old", "mobile"],
    "Address.use": ["home", "work", "temp", "old", "billing"],
    "Address.type": ["postal", "physical", "both"],
    "HumanName.use": ["usual", "official", "temp", "nickname", "anonymous", "old", "maiden"],
    "Narrative.status": ["generated", "extensions", "additional", "empty"],
    "Quantity.comparator": ["<", "<=", ">=", ">"],
    "OperationOutcome.issue.severity": ["fatal", "error", "warning", "information"],
    "OperationOutcome.issue.code": [
        "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired",
        "forbidden", "suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found",
        "deleted", "too-long", "code-invalid", "extension", "too-costly", "business-rule", "conflict",
        "transient", "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled",
        "informational",
    ],
    "Location.hoursOfOperation.daysOfWeek": DAYS,
    "PractitionerRole.availableTime.daysOfWeek": DAYS,
    "HealthcareService.availableTime.daysOfWeek": DAYS,
    "Timing.repeat.dayOfWeek": DAYS,
    "CapabilityStatement.format": None,
    "Observation.status": [
        "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown",
    ],
    "Device.udiCarrier.entryType": ["barcode", "rfid", "manual", "card", "self-reported", "unknown"],
    "Task.status": [
        "draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold",
        "failed", "completed", "entered-in-error",
    ],
}  # fmt: skip
PRIMITIVE_NAMES = {"Base64Binary": "base64Binary", "DateTime": "dateTime", "PositiveInt": "positiveInt",
                   "UnsignedInt": "unsignedInt"}  # fmt: skip
PRIMITIVES = {"boolean", "string", "code", "id", "uri", "url", "canonical", "oid", "uuid", "markdown", "integer",
              "decimal", "date", "dateTime", "instant", "time", "base64Binary", "positiveInt", "unsignedInt",
              "xhtml"}  # fmt: skip
ABSTRACT = {"Element", "BackboneElement", "Resource", "DomainResource"}
CODE = re.compile(r"[A-Za-z0-9<>=!.:\-]+$")

Element = dict[str, Any]


def classes(folder: Path) -> dict[str, tuple[str, list[Element]]]:
    """Return class name -> (parent class, elements) of every module of the R4B folder."""
    found: dict[str, tuple[str, list[Element]]] = {}
    for file in sorted(folder.glob("*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.bases:
                parent = ast.unparse(node.bases[0]).rpartition(".")[2]
                found[node.name] = (parent, [e for item in node.body if (e := element(item))])
    return found


def element(item: ast.stmt) -> Element | None:
    """Return the FHIR element behind a field of a class, or None (extension twins, other attributes)."""
    if not (isinstance(item, ast.AnnAssign) and isinstance(item.value, ast.Call)):
        return None
    options = {k.arg: k.value for k in item.value.keywords}
    extra = ast.literal_eval(options["json_schema_extra"]) if "json_schema_extra" in options else {}
    if not extra.get("element_property"):
        return None
    annotation = ast.unparse(item.annotation).removesuffix(" | None")
    many = annotation.startswith("typing.List[")
    inner = annotation.removeprefix("typing.List[").removesuffix("]").removesuffix(" | None")
    default = ast.unparse(options["default"]) if "default" in options else ""
    required = default == "..." or extra.get("element_required") or extra.get("one_of_many_required")
    return {
        "name": ast.literal_eval(options["alias"]) if "alias" in options else ast.unparse(item.target),
        "type": type_name(inner.removeprefix("fhirtypes.").removesuffix("Type")),
        "min": int(bool(required)),
        "max": "*" if many else "1",
        "choice": extra.get("one_of_many"),
        "codes": extra.get("enum_values"),
        "targets": extra.get("enum_reference_types"),
    }


def type_name(name: str) -> str:
    """Return the FHIR name of a class or primitive of fhir.resources."""
    if name == "bool":
        return "boolean"
    lowered = PRIMITIVE_NAMES.get(name, name[0].lower() + name[1:])
    return lowered if lowered in PRIMITIVES else name


def clean_codes(path: str, codes: list[str] | None) -> list[str] | None:
    """Return the code list of an element, or None where the short text is not a plain list."""
    if path in CODES:
        return CODES[path]
    if not codes or len(codes) < 2 or not all(CODE.match(c) for c in codes):
        return None
    return codes


class Writer:
    """Turns the classes into types named after their path (`Appointment.participant`)."""

    def __init__(self, found: dict[str, tuple[str, list[Element]]], modules: frozenset[str]) -> None:
        """`modules` are the module names of the package: a type of its own has one."""
        self.found = found
        self.modules = modules
        self.types: dict[str, Any] = {}
        self.paths: dict[str, str] = {}

    def write(self, name: str) -> None:
        """Write a type and, breadth first, its backbone elements (so that a content reference is to the shallowest)."""
        self.paths[name] = name
        queue = [name]
        while queue:
            current = queue.pop(0)
            parent, elements = self.found[current]
            path = self.paths[current]
            for each in elements:
                if self.is_backbone(each["type"]) and each["type"] not in self.paths:
                    self.paths[each["type"]] = f"{path}.{each['name']}"
                    queue.append(each["type"])
            self.types[path] = {"parent": parent, "elements": self.rows(path, elements)}

    def is_backbone(self, name: str) -> bool:
        """Tell whether a class is an anonymous part of another one."""
        parent = self.found.get(name, ("", []))[0]
        return parent in ("BackboneElement", "Element") and name.lower() not in self.modules

    def rows(self, path: str, elements: list[Element]) -> dict[str, Any]:
        """Return name -> row of the elements of a type, choices gathered under `name[x]`."""
        rows: dict[str, Any] = {}
        for each in elements:
            if each["type"] in ADDED_BY_R4B:
                continue
            name = f"{each['choice']}[x]" if each["choice"] else each["name"]
            if (path, name, each["type"]) in NOT_IN_R4_CHOICE:
                continue
            row = rows.setdefault(name, {"min": each["min"], "max": each["max"], "types": []})
            row["types"].append(self.paths.get(each["type"], each["type"]))
            if each["targets"] and "Resource" not in each["targets"]:
                row["targets"] = [t for t in each["targets"] if t not in ADDED_BY_R4B]
            if each["type"] == "Dosage" and "choice" in each and each["choice"]:
                row["types"].append("Meta")  # every open choice of R4 has it, fhir.resources leaves it out
            if each["type"] == "code" and (codes := clean_codes(f"{path}.{name}", each["codes"])):
                row["codes"] = codes
        return rows


def definitions() -> dict[str, Any]:
    """Return the content of r4.json, read from the installed fhir.resources."""
    spec = importlib.util.find_spec("fhir.resources")
    if spec is None or spec.origin is None:
        raise SystemExit("fhir.resources n'est pas installé")
    folder = Path(spec.origin).parent / "R4B"
    modules = frozenset(f.stem for f in folder.glob("*.py"))
    found = classes(folder)
    writer = Writer(found, modules)
    skipped = ADDED_BY_R4B | REWRITTEN_BY_R4B | {"FHIRPrimitiveExtension", "FHIRResourceModel"}
    names = sorted(n for n in found if n.lower() in modules and n not in skipped)
    for name in names:
        writer.write(name)
    resources = [n for n in names if ancestor(n, found) == "Resource" and n not in ABSTRACT]
    return {
        "fhirVersion": "4.0.1",
        "source": "fhir.resources (R4B 4.3.0), see generate.py",
        "resources": resources,
        "unsupported": sorted([*REMOVED_BY_R4B, *REWRITTEN_BY_R4B]),
        "reviewed": REVIEWED,
        "types": writer.types,
    }


def main() -> None:
    """Write r4.json beside this file, one type or element by line."""
    text = json.dumps(definitions(), ensure_ascii=False, separators=(",", ":"))
    (HERE / "r4.json").write_text(text.replace('},"', '},\n"') + "\n", "utf-8")


def ancestor(name: str, found: dict[str, tuple[str, list[Element]]]) -> str:
    """Return the oldest known ancestor of a class (Resource or Element)."""
    while name in found and found[name][0] in found and name not in ("Resource", "Element"):
        name = found[name][0]
    return name


if __name__ == "__main__":
    main()
