"""From a snapshot to a JSON Schema 2020-12.

Every subschema that can fail carries `x`: the rule it enforces, the profile that speaks, what is expected.
JSON Schema ignores it; `profiles.places` reads it back at the place where an error occurred.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from profiles import slicing
from profiles.discriminators import Finder
from profiles.elements import PRIMITIVES, Binding, Element, TypeRef, base, properties_of
from profiles.invariants import BY_TYPE, TABLE
from profiles.model import FHIR, Json
from profiles.primitives import primitive_schema
from profiles.stated import Stated, stated
from profiles.terminology import GRAMMARS

Resolve = Callable[[str], Element | None]
ELEMENT = TypeRef("Element")
FREQUENT = ("CodeableConcept", "Coding", "ContactPoint", "Element", "Identifier", "Period", "Quantity", "Reference")
CODED = ("code", "Coding", "CodeableConcept", "Quantity", "string", "uri")


class Compiler:
    """Builds one schema document: the profile asked for and, in `$defs`, everything it refers to."""

    def __init__(self, resolve: Resolve) -> None:
        """`resolve` gives the snapshot of a canonical."""
        self._resolve = resolve
        self._defs: dict[str, Any] = {}
        self._frequent: tuple[str, ...] = ()
        self.limits: list[str] = []

    def document(self, root: Element) -> Json:
        """Return the whole schema of a root element (a resource or a data type)."""
        self._frequent = FREQUENT if base().is_resource(root.types[0].code) else ()
        body = self.root(root)
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": self._defs, **body}

    def root(self, root: Element) -> Json:
        """Return the schema of a root element; the profile of a primitive type is a value."""
        code = root.types[0].code
        return self.value(root, root.types[0]) if code in PRIMITIVES else self.object(root, code)

    def object(self, element: Element, type_code: str) -> Json:
        """Return the schema of an object: its properties, what is required, what excludes what."""
        children = element.children if element.children is not None else base().elements(type_code)
        properties: Json = {}
        required: list[str] = []
        rules: list[Json] = []
        if base().is_resource(type_code):
            properties["resourceType"] = {"const": type_code, "x": {"rule": "type", "profile": element.source}}
            required.append("resourceType")
        for each in children.values():
            properties.update(self.properties(each, type_code))
            self.presence(each, required, rules)
        schema: Json = {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "minProperties": 1,
            "x": {"profile": element.source, "rule": f"type:{type_code}"},
        }
        if type_code == "Extension":
            rules = [r for r in rules if r["x"]["rule"] != "choice"] + self.extension_rules(children, element)
        if required:
            schema["required"] = required
            schema["x"]["required"] = {n: e.source for n, e in children.items() if n in required}
        if rules:
            schema["allOf"] = rules
        said = self.stated(element, type_code)
        # The predicates of a whole resource are run on it by the validator.
        keys = [] if base().is_resource(type_code) else [*BY_TYPE.get(type_code, ()), *said.keys]
        if keys:
            schema.update(invariant_rule(list(dict.fromkeys(keys))))
        if said.rules:
            schema["x-fhirpath"] = {"rules": list(said.rules), "profile": element.source}
        return schema

    def stated(self, element: Element, type_code: str) -> Stated:
        """Return the invariants that an element states; those that nothing judges go to the limits."""
        said = stated(element.constraints, type_code)
        self.limits += (f"{element.path} : {limit}" for limit in said.limits)
        return said

    def properties(self, element: Element, owner: str) -> Json:
        """Return the JSON properties of an element: one per type, and the extension twin of a primitive."""
        result: Json = {}
        for name, type_ref in properties_of(element):
            chosen = element
            if element.name.endswith("[x]"):
                chosen = slicing.of_type(element, name, type_ref)
                type_ref = next((t for t in chosen.types if type_ref and t.code == type_ref.code), type_ref)
            if chosen.max == "0":
                result[name] = {"not": {}, "x": {"rule": "max=0", "profile": chosen.source}}
                continue
            code = type_ref.code if type_ref else ""
            value = self.resource(chosen) if several_resources(chosen) else self.value(chosen, type_ref or ELEMENT)
            if code == "Extension":
                value = {**value, "x-extension": {"owner": owner, "modifier": element.name == "modifierExtension"}}
            result[name] = self.array(chosen, value) if chosen.many else value
            if code in PRIMITIVES:
                result[f"_{name}"] = self.twin(chosen)
        return result

    def resource(self, element: Element) -> Json:
        """Return the schema of a nested resource of one of several types: `resourceType` tells which one applies."""
        note = {"profile": element.source, "rule": "type:Resource", "expected": "un des types de ressource prévus"}
        codes = [t.code for t in element.types]
        cases = [
            {"if": {"properties": {"resourceType": {"const": t.code}}}, "then": self.value(element, t)}
            for t in element.types
        ]
        kinds = {"resourceType": {"enum": codes, "x": note}}
        return {"type": "object", "required": ["resourceType"], "properties": kinds, "allOf": cases, "x": note}

    def twin(self, element: Element) -> Json:
        """Return the schema of `_name`, where the id and extensions of a primitive are."""
        value = self.object(element, "Element") if element.children else self.ref("Element")
        if not element.many:
            return value
        note = {"rule": "type:Element", "expected": "un objet ou null"}
        return {"type": "array", "minItems": 1, "items": {"anyOf": [{"type": "null"}, value], "x": note}}

    def array(self, element: Element, items: Json) -> Json:
        """Return the schema of a repeated element, with its slices."""
        schema: Json = {
            "type": "array",
            "minItems": max(1, element.min),
            "items": items,
            "x": {"profile": element.source, "rule": f"min={element.min}", "max": element.max},
        }
        if element.max != "*":
            schema["maxItems"] = int(element.max)
        if element.slices:
            rules, limits = slicing.rules(element, self.one, Finder(self._resolve))
            self.limits += limits
            if rules:
                schema["allOf"] = rules
        return schema

    def one(self, element: Element) -> Json:
        """Return the schema of one value of a repeated element."""
        if several_resources(element):
            return self.resource(element)
        return self.value(element, element.types[0] if element.types else ELEMENT)

    def value(self, element: Element, type_ref: TypeRef) -> Json:
        """Return the schema of one value of an element, for one of its types."""
        code = type_ref.code
        schema = self.typed(element, type_ref)
        note = {"profile": element.source}
        if element.children is None or code in PRIMITIVES:  # an opened element is judged with its object
            schema = with_invariants(schema, self.stated(element, code), note)
        if element.fixed is not None:
            schema = {"allOf": [schema, slicing.imposed(element.fixed, {**note, "rule": "fixed"})]}
        if element.pattern is not None:
            schema = {"allOf": [schema, slicing.annotated(element.pattern, {**note, "rule": "pattern"})]}
        if element.max_length is not None and code in PRIMITIVES:
            schema = {"allOf": [schema, {"maxLength": element.max_length, "x": {**note, "rule": "maxLength"}}]}
        if element.lowest is not None or element.highest is not None:
            schema = {"allOf": [schema, {"x-range": {"lowest": element.lowest, "highest": element.highest, **note}}]}
        if element.binding and code in CODED:
            schema = self.bound(schema, element.binding, code, note)
        if code == "Reference" and type_ref.targets:
            schema = {"allOf": [schema, self.reference(type_ref.targets, note)]}
        if code == "Reference" and (place := aggregation_rule(type_ref.aggregation, note)):
            schema = {"allOf": [schema, place]}
        return schema

    def reference(self, canonicals: tuple[str, ...], note: Json) -> Json:
        """Return the rule of a reference's target: its type, and its profile where one is asked for."""
        found = [(Finder(self._resolve).target_type(c), c) for c in canonicals]
        targets = sorted({kind for kind, _ in found})
        free = {kind for kind, c in found if c.partition("|")[0] == FHIR + kind}
        profiles: dict[str, list[str]] = {}
        for kind, canonical in found:
            if kind not in free and "Resource" not in targets:
                profiles.setdefault(kind, []).append(canonical)
        return reference_rule([] if "Resource" in targets else targets, profiles, note)

    def typed(self, element: Element, type_ref: TypeRef) -> Json:
        """Return the schema of the type alone, opened where the profile says something below it."""
        code = type_ref.code
        if code in PRIMITIVES:
            return self.ref(code)
        note = {"profile": element.source}
        if code == "Resource" and element.children is None:
            note = {"rule": "type:Resource", "expected": "une ressource FHIR", **note}
            return {"type": "object", "required": ["resourceType"], "x": note}
        if element.children is not None:
            return self.object(element, code)
        known = [p for p in type_ref.profiles if self.loaded(p)]
        if known and len(known) == len(type_ref.profiles) and code != "Extension":
            return {"x-profile": {"profiles": known, **note}}
        if base().is_resource(code):
            kind = {"const": code, "x": {"rule": "type", **note}}
            return {"type": "object", "required": ["resourceType"], "properties": {"resourceType": kind}, "x": note}
        return {} if code == "Extension" else self.ref(code)

    def loaded(self, canonical: str) -> bool:
        """Tell whether a profile is loaded; one that is not is a limit of the judgment."""
        if self._resolve(canonical) is None:
            self.limits.append(f"profil non chargé : {canonical}")
            return False
        return True

    def ref(self, code: str) -> Json:
        """Return a reference to the schema of a base type, compiled at its first use.

        A data type that is seldom met is judged by its own definition, compiled once for all profiles.
        """
        if code not in PRIMITIVES and code not in self._frequent and "." not in code:
            return {"x-profile": {"profiles": [FHIR + code]}}
        if code not in self._defs:
            self._defs[code] = {}
            if code in PRIMITIVES:
                self._defs[code].update(primitive_schema(code))
            else:
                root = Element(code, code, 0, "*", (TypeRef(code),), FHIR + code.split(".")[0])
                self._defs[code].update(self.object(root, code))
                if code == "Reference":
                    self._defs[code].setdefault("allOf", []).append(reference_rule([], {}, {"profile": root.source}))
        return {"$ref": f"#/$defs/{code}"}

    def bound(self, schema: Json, binding: Binding, code: str, note: Json) -> Json:
        """Add a binding; only required and extensible ones say something."""
        if binding.strength not in ("required", "extensible") or binding.value_set.startswith(GRAMMARS):
            return schema
        if binding.codes and code == "code" and binding.strength == "required":
            rule = {**note, "rule": "binding", "valueSet": binding.value_set}
            return {"allOf": [schema, {"enum": list(binding.codes), "x": rule}]}
        value = {"strength": binding.strength, "valueSet": binding.value_set, "codes": list(binding.codes), **note}
        return {**schema, "x-binding": value}

    def presence(self, element: Element, required: list[str], rules: list[Json]) -> None:
        """Say what must be there, and that a choice has one type only."""
        names = properties_of(element)
        for name, slice_ in element.slices.items():
            if element.name.endswith("[x]") and slice_.min and name in dict(names):
                rules.append(self.present([(name, slice_.types[0])], slice_, name))
        if element.name.endswith("[x]"):
            if len(names) > 1 or element.min:
                rules.append(self.choice(element, names))
        elif not (element.min or any(slice_.min for slice_ in element.slices.values())):
            return  # a slice that must be there makes a list that must be there
        elif names[0][1] and names[0][1].code in PRIMITIVES:
            rules.append(self.present(names, element, element.name))
        else:
            required.append(element.name)

    def present(self, names: list[tuple[str, TypeRef | None]], element: Element, name: str) -> Json:
        """Return the rule "the element is there", by its value or, for a primitive, by its extensions."""
        note = {"profile": element.source, "rule": f"min={element.min}", "element": name}
        return {"anyOf": ways(names), "x": note}

    def choice(self, element: Element, names: list[tuple[str, TypeRef | None]]) -> Json:
        """Return the rule "one type only" of a choice."""
        each: list[Json] = [{"anyOf": w} if len(w := ways([n])) > 1 else w[0] for n in names]
        stem = element.name.removesuffix("[x]")
        rule = {"oneOf": each, "x": {"profile": element.source, "rule": "choice", "element": stem}}
        if element.min:
            return rule
        return {"if": {"anyOf": ways(names)}, "then": rule, "x": rule["x"]}

    def extension_rules(self, children: dict[str, Element], element: Element) -> list[Json]:
        """ext-1: an extension has extensions or one value, never both, never none."""
        value = children["value[x]"]
        note = {"profile": FHIR + "Extension", "rule": "ext-1"}
        names = properties_of(value)
        each: list[Json] = [{"anyOf": w} if len(w := ways([n])) > 1 else w[0] for n in names]
        one = {"oneOf": each, "x": note} if value.max != "0" else {"required": ["extension"], "x": note}
        return [
            {
                "if": {"required": ["extension"]},
                "then": {"not": {"anyOf": ways(names)}, "x": note},
                "else": one,
                "x": {**note, "profile": element.source},
            }
        ]


def invariant_rule(keys: list[str]) -> Json:
    """Return the rule of nested invariants, passed over where a schema tells that they all hold."""
    sure = [row.sure for key in keys if (row := TABLE[key]).sure is not None]
    judge: Json = {"x-invariants": keys}
    return judge if len(sure) < len(keys) else {"if": {"allOf": sure}, "else": judge}


def with_invariants(schema: Json, said: Stated, note: Json) -> Json:
    """Return the schema of an element with the invariants that it states."""
    added: list[Json] = [{**invariant_rule(list(said.keys)), "x": note}] if said.keys else []
    if said.rules:
        added.append({"x-fhirpath": {"rules": list(said.rules), **note}})
    return {"allOf": [schema, *added]} if added else schema


def reference_rule(targets: list[str], profiles: dict[str, list[str]], note: Json) -> Json:
    """Return the rule of a reference's target, passed over for a plain relative reference of the right type.

    Where a profile is asked of the target, a relative reference may lead to an entry of a Bundle: it is followed.
    """
    judge = {"x-reference": {"targets": targets, "profiles": profiles, **note}}
    if profiles:
        return judge
    if not targets:
        local = {"required": ["reference"], "properties": {"reference": {"pattern": "^#"}}}
        return {"if": local, "then": judge}
    plain = rf"^(?:{'|'.join(targets)})/[A-Za-z0-9.\-]+$"  # no bound on the id: it would take twice the memory
    sure = {"required": ["reference"], "properties": {"reference": {"pattern": plain}, "type": False}}
    return {"if": sure, "else": judge}


def aggregation_rule(modes: tuple[str, ...], note: Json) -> Json:
    """Return the rule of where the target of a reference is: contained (`#id`), or not; empty when both are allowed."""
    inside, outside = "contained" in modes, not {"referenced", "bundled"}.isdisjoint(modes)
    if inside == outside:
        return {}
    expected = "une référence vers une ressource contenue (#…)" if inside else "une ressource qui n'est pas contenue"
    rule = {**note, "rule": "aggregation", "expected": expected}
    return {"properties": {"reference": {"pattern": "^#" if inside else "^[^#]", "x": rule}}}


def several_resources(element: Element) -> bool:
    """Tell whether an element holds a resource of one of several types."""
    return len(element.types) > 1 and not element.name.endswith("[x]")


def ways(names: list[tuple[str, TypeRef | None]]) -> list[Json]:
    """Return the ways a property can be present: itself, or its extension twin."""
    result: list[Json] = []
    for name, type_ref in names:
        result.append({"required": [name]})
        if type_ref and type_ref.code in PRIMITIVES:
            result.append({"required": [f"_{name}"]})
    return result
