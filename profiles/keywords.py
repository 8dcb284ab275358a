"""The judgments that JSON Schema cannot make, plugged into the schema as keywords.

A keyword is a judge: it takes its value in the schema and gives a function from an instance to faults. In the
hot path only "is there a fault" counts; when there is one, `profiles.report` calls the judge again for the details.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from profiles.elements import base
from profiles.invariants import broken
from profiles.model import FHIR, Json, Severity
from profiles.terminology import TEXT_ALLOWED, Codes
from profiles.wording import elements_shown

CodesOf = Callable[[str], Codes | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a judge found; `path` is relative to the instance it was given."""

    severity: Severity
    code: str
    rule: str
    expected: str
    seen: str
    path: tuple[str | int, ...] = ()


Judge = Callable[[Any], list[Fault]]

REFERENCE = re.compile(r"(?:https?://.+/|)([A-Z][A-Za-z]+)/[A-Za-z0-9.\-]{1,64}(?:/_history/[A-Za-z0-9.\-]{1,64})?$")


def judge_invariants(keys: list[str]) -> Judge:
    """Return the judge of nested invariants."""

    def judge(instance: Any) -> list[Fault]:
        if not isinstance(instance, dict):
            return []
        return [
            Fault(i.severity, "invariant", i.key, i.expected, elements_shown(instance, i.shows))
            for i in broken(keys, instance)
        ]

    return judge


def judge_reference(value: Json) -> Judge:
    """Return the judge of the target type of a reference.

    A local reference (`#id`) is always handed over: only the report, which sees the whole resource, can tell.
    """
    targets = frozenset(value["targets"])
    expected = "une référence vers " + " ou ".join(sorted(targets))

    def judge(instance: Any) -> list[Fault]:
        if not isinstance(instance, dict):
            return []
        reference, stated = instance.get("reference"), instance.get("type")
        faults = []
        if isinstance(reference, str):
            if reference.startswith("#"):
                return [Fault("error", "not-found", "ref-1", expected, reference, ("reference",))]
            found = REFERENCE.match(reference)
            if found and found[1] not in targets and base().is_resource(found[1]):
                faults.append(Fault("error", "value", "reference", expected, reference, ("reference",)))
        if isinstance(stated, str) and wrong_type(stated, targets):
            faults.append(Fault("error", "value", "reference", expected, stated, ("type",)))
        return faults

    return judge


def wrong_type(stated: str, targets: frozenset[str]) -> bool:
    """Tell whether Reference.type names a resource that is not a target (unknown names are left alone)."""
    name = stated.removeprefix(FHIR)
    return base().is_resource(name) and name not in targets


def judge_binding(codes_of: CodesOf) -> Callable[[Json], Judge]:
    """Return the maker of binding judges for a registry."""

    def make(value: Json) -> Judge:
        codes = Codes({"": frozenset(value["codes"])}) if value["codes"] else codes_of(value["valueSet"])
        if codes is None:
            return lambda _: []
        binding = BindingJudge(codes, value["strength"], value["valueSet"])
        return binding.faults

    return make


class BindingJudge:
    """Judges a code, Coding, CodeableConcept or Quantity against a value set."""

    def __init__(self, codes: Codes, strength: str, value_set: str) -> None:
        self._codes = codes
        self._any_system = codes.all_codes()
        self._severity: Severity = "error" if strength == "required" else "warning"
        self._value_set = value_set.partition("|")[0]
        self._expected = f"un code du jeu de valeurs {value_set}" if value_set else "un code de la liste FHIR R4"
        if value_set == "" and self._any_system:
            self._expected = "un code parmi " + ", ".join(sorted(self._any_system))

    def faults(self, instance: Any) -> list[Fault]:
        """Return what is wrong with one value."""
        if isinstance(instance, str):
            known = self._any_system is None or instance in self._any_system
            return [] if known else [self.fault(self._severity, instance)]
        if not isinstance(instance, dict):
            return []
        if "coding" not in instance and ("code" in instance or "system" in instance):
            return self.coding(instance)
        return self.concept(instance)

    def coding(self, coding: Json) -> list[Fault]:
        """Return what is wrong with a Coding (or a Quantity, whose system and code read the same)."""
        doubt = self.doubt(coding)
        return [] if doubt is None else [self.fault(doubt, shown(coding))]

    def concept(self, concept: Json) -> list[Fault]:
        """One coding of the value set is enough; text alone is not a code."""
        codings = concept.get("coding")
        if not isinstance(codings, list):
            if not concept.get("text") or self._severity != "error":
                return []
            lenient = self._value_set in TEXT_ALLOWED
            return [self.fault("warning" if lenient else "error", f"texte seul « {concept['text']} »")]
        doubts = [self.doubt(c) for c in codings if isinstance(c, dict)]
        if not doubts or None in doubts:
            return []
        severity: Severity = "warning" if "warning" in doubts else self._severity
        return [self.fault(severity, ", ".join(shown(c) for c in codings if isinstance(c, dict)))]

    def doubt(self, coding: Json) -> Severity | None:
        """Return None for a code of the value set, else how sure we are that it is not."""
        system, code = coding.get("system", ""), coding.get("code")
        if system not in self._codes.systems or code is None:
            return self._severity
        known = self._codes.systems[system]
        if known is None or code in known:
            return None
        return "warning" if system in self._codes.fragments else self._severity

    def fault(self, severity: Severity, seen: str) -> Fault:
        """Return a binding fault."""
        return Fault(severity, "code-invalid", "binding", self._expected, seen)


def shown(coding: Json) -> str:
    """Return a coding as `system|code`."""
    return f"{coding.get('system', '')}|{coding.get('code', '')}"


def judge_context(value: Json) -> Judge:
    """Return the judge of an extension's place: `misplaced` are known extensions that do not belong here."""
    misplaced: dict[str, str] = value["misplaced"]
    modifier: bool = value["modifier"]
    known = frozenset(value["known"])

    def judge(instance: Any) -> list[Fault]:
        url = instance.get("url") if isinstance(instance, dict) else None
        if not isinstance(url, str):
            return []
        if url in misplaced:
            return [Fault("error", "structure", "context", f"cette extension sur {misplaced[url]}", url, ("url",))]
        if modifier and url not in known:
            expected = "une extension modificatrice connue du destinataire"
            return [Fault("error", "not-supported", "modifierExtension", expected, url, ("url",))]
        return []

    return judge


def judges(codes_of: CodesOf) -> dict[str, Callable[[Any], Judge]]:
    """Return keyword name -> maker of its judge, for a registry's value sets."""
    return {
        "x-invariants": judge_invariants,
        "x-reference": judge_reference,
        "x-binding": judge_binding(codes_of),
        "x-context": judge_context,
    }


def keyword_class(make: Callable[[Any], Judge]) -> type:
    """Return the class by which jsonschema-rs runs a judge."""

    class Keyword:
        def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
            self._judge = make(value)

        def validate(self, instance: Any) -> None:
            if self._judge(instance):
                raise ValueError("fault")

    return Keyword
