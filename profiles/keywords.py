"""The judgments that JSON Schema cannot make, plugged into the schema as keywords.

A keyword is a judge: it takes its value in the schema and gives a function from an instance to faults. In the
hot path only "is there a fault" counts; when there is one, `profiles.report` calls the judge again for the details.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from profiles.faults import NO_MEMBER, Fault, Judge, Reach
from profiles.invariants import TABLE, broken
from profiles.model import Json, Severity
from profiles.order import judge_order
from profiles.ranges import judge_range
from profiles.references import judge_reference, judge_target
from profiles.related import Maker, judge_extension, judge_profile
from profiles.stated import judge_fhirpath
from profiles.terminology import TEXT_ALLOWED, Codes, Listing
from profiles.wording import elements_shown

CodesOf = Callable[[str], Codes | None]


def judge_invariants(keys: list[str]) -> Judge:
    """Return the judge of nested invariants."""

    of_value = [key for key in keys if TABLE[key].of_value]
    of_object = [key for key in keys if not TABLE[key].of_value]

    def judge(instance: Any) -> list[Fault]:
        about = of_object if isinstance(instance, dict) else of_value
        return [
            Fault(i.severity, "invariant", i.key, i.expected, elements_shown(instance, i.shows))
            for i in broken(about, instance)
        ]

    return judge


def judge_binding(codes_of: CodesOf) -> Callable[[Json], Judge]:
    """Return the maker of binding judges for a registry.

    With `member` the judge only tells whether a value is (`sure`) or may be (`maybe`) of the value set.
    """

    def make(value: Json) -> Judge:
        codes = Codes({"": Listing(frozenset(value["codes"]))}) if value["codes"] else codes_of(value["valueSet"])
        binding = BindingJudge(codes or Codes(open=True), value["strength"], value["valueSet"], codes is not None)
        member = value.get("member")
        if member is None:
            return binding.faults
        worst = ("error",) if member == "maybe" else ("error", "warning", "information")
        return lambda instance: [NO_MEMBER] if any(f.severity in worst for f in binding.faults(instance)) else []

    return make


class BindingJudge:
    """Judges a code, Coding, CodeableConcept or Quantity against a value set.

    A required binding gives an error; a warning where the list is an excerpt that does not hold the code; an
    information where there is no list at all. An extensible binding gives a warning, nothing in doubt.
    """

    def __init__(self, codes: Codes, strength: str, value_set: str, loaded: bool) -> None:
        self._codes = codes
        self._required = strength == "required"
        self._loaded = loaded
        self._value_set = value_set.partition("|")[0]
        self._expected = f"un code du jeu de valeurs {value_set}" if value_set else "un code de la liste FHIR R4"
        if not value_set:
            self._expected = "un code parmi " + ", ".join(sorted(codes.all_codes() or ()))

    def faults(self, instance: Any) -> list[Fault]:
        """Return what is wrong with one value."""
        if isinstance(instance, str):
            return self.said(self._codes.holds_code(instance), instance, "")
        if not isinstance(instance, dict):
            return []
        if "coding" not in instance and ("code" in instance or "system" in instance):
            return self.said(self.holds(instance), shown(instance), str(instance.get("system", "")))
        return self.concept(instance)

    def concept(self, concept: Json) -> list[Fault]:
        """One coding of the value set is enough; text alone is not a code."""
        codings = concept.get("coding")
        if not isinstance(codings, list):
            if not concept.get("text") or not self._required or not self._loaded:
                return []
            severity: Severity = "warning" if self._value_set in TEXT_ALLOWED else "error"
            return [Fault(severity, "code-invalid", "binding", self._expected, f"texte seul « {concept['text']} »")]
        known = [c for c in codings if isinstance(c, dict)]
        answers = [self.holds(c) for c in known]
        if not answers or True in answers:
            return []
        doubtful = next((c for c, a in zip(known, answers, strict=True) if a is None), {})
        seen = ", ".join(shown(c) for c in known)
        return self.said(None if None in answers else False, seen, str(doubtful.get("system", "")))

    def holds(self, coding: Json) -> bool | None:
        """Tell whether a Coding (or a Quantity) is of the value set, None in doubt; one without a code is not."""
        code, system = coding.get("code"), coding.get("system", "")
        if code is None:
            return not self._loaded
        return self._codes.holds(str(system), str(code))

    def said(self, holds: bool | None, seen: str, system: str) -> list[Fault]:
        """Return the fault of an answer."""
        if holds or (holds is None and not self._required):
            return []
        if holds is False:
            severity: Severity = "error" if self._required else "warning"
            return [Fault(severity, "code-invalid", "binding", self._expected, seen)]
        if self._loaded and (not system or self._codes.of(system).allowed):
            return [Fault("warning", "code-invalid", "binding", self._expected, seen, sentence=EXCERPT)]
        sentence = NOT_LISTED if self._loaded else NOT_LOADED
        return [Fault("information", "code-invalid", "binding-not-judged", self._expected, seen, sentence=sentence)]


EXCERPT = "Le code n'est pas dans notre extrait du jeu de valeurs, qui n'est pas complet"
NOT_LISTED = "Le code n'a pas pu être vérifié, la liste de son système n'est pas chargée"
NOT_LOADED = "Le code n'a pas pu être vérifié, le jeu de valeurs n'est pas chargé"


def shown(coding: Json) -> str:
    """Return a coding as `system|code`."""
    return f"{coding.get('system', '')}|{coding.get('code', '')}"


class Judges:
    """Keyword name -> maker of its judge, for the definitions of one registry."""

    def __init__(self, codes_of: CodesOf, reach: Reach) -> None:
        """`codes_of` gives the codes of a value set, `reach` the other compiled definitions."""
        self.makers: dict[str, Maker] = {
            "x-invariants": judge_invariants,
            "x-binding": judge_binding(codes_of),
            "x-extension": judge_extension(reach),
            "x-fhirpath": judge_fhirpath,
            "x-order": judge_order(self.compile),
            "x-profile": judge_profile(reach),
            "x-range": judge_range,
            "x-reference": judge_reference(reach),
            "x-target": judge_target(reach, lambda schema: self.compile(schema).is_valid),
        }
        self._classes = {name: keyword_class(make) for name, make in self.makers.items()}

    def compile(self, schema: Json | str) -> jsonschema_rs.Draft202012Validator:
        """Return the validator of a schema, keywords included; notes stay out of it, the engine would keep them.

        A text is the JSON of a schema that is bare already.
        """
        given = schema if isinstance(schema, str) else bare(schema)
        return jsonschema_rs.Draft202012Validator(
            given, keywords=self._classes, pattern_options=jsonschema_rs.RegexOptions()
        )


def bare(schema: Any) -> Any:
    """Return a schema without its notes `x`; what stands under the name of an element is a schema again."""
    if isinstance(schema, list):
        return [bare(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    named = {key: {n: bare(s) for n, s in schema[key].items()} for key in ("properties", "$defs") if key in schema}
    kept = {key: value if key in VALUES else bare(value) for key, value in schema.items() if key != "x"}
    return {**kept, **named}


VALUES = ("const", "enum", "required", "properties", "$defs")


def keyword_class(make: Callable[[Any], Judge]) -> type:
    """Return the class by which jsonschema-rs runs a judge."""

    class Keyword:
        def __init__(self, parent_schema: Json, value: Any, schema_path: list[str | int]) -> None:
            self._judge = make(value)

        def validate(self, instance: Any) -> None:
            if self._judge(instance):
                raise ValueError("fault")

    return Keyword
