"""One builder per kind of error of the JSON Schema engine: one French sentence.

A builder reads the note `x` that the compiler left at the place of the failure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from profiles.model import Issue
from profiles.paths import value_at
from profiles.places import Place, last_name
from profiles.wording import shown

Builder = Callable[[Place], Iterator[Issue]]


def wrong_type(place: Place) -> Iterator[Issue]:
    """The JSON type is not the one of the element."""
    if place.seen is None and completed_by_twin(place):
        return
    kinds = place.error.kind.as_dict().get("types", [])
    if "array" in kinds:
        expected, rule = "une liste", "array"
    elif isinstance(place.seen, list):
        expected, rule = "une valeur seule, pas une liste", "array"
    else:
        expected, rule = str(place.note.get("expected", "un objet")), str(place.note.get("rule", "type"))
    code = "structure" if rule == "array" or expected == "un objet" else "value"
    seen = shown(place.seen)
    yield place.issue(code, rule, f"Le type JSON ne convient pas : attendu {expected}, vu {seen}.", expected, seen)


def completed_by_twin(place: Place) -> bool:
    """Tell whether a null in a list of primitives has its extension at the same rank of `_name`."""
    if len(place.path) < 2 or not isinstance(place.path[-1], int) or not isinstance(place.path[-2], str):
        return False
    twin = [*place.path[:-2], f"_{place.path[-2]}", place.path[-1]]
    return isinstance(value_at(place.resource, twin), dict)


def wrong_value(place: Place) -> Iterator[Issue]:
    """The value does not have the form of its primitive type."""
    if place.note.get("rule") in ("pattern", "fixed"):
        yield from pattern(place)
        return
    expected, seen = str(place.note.get("expected", "une autre valeur")), shown(place.seen)
    message = f"La valeur n'a pas la forme voulue : attendu {expected}, vu {seen}."
    yield place.issue("value", str(place.note.get("rule", "type")), message, expected, seen)


def required(place: Place) -> Iterator[Issue]:
    """A required property is not there."""
    name = str(place.error.kind.as_dict()["property"])
    if place.note.get("rule") in ("pattern", "fixed"):
        yield from pattern(place)
        return
    message = f"L'élément {name} manque : attendu au moins une fois, vu aucune."
    speaks = place.note.get("required", {}).get(name, place.note.get("profile"))
    here = replace(place, note={**place.note, "profile": speaks})
    yield here.issue("required", "min=1", message, f"{name} présent", "absent", name)


def any_of(place: Place) -> Iterator[Issue]:
    """None of several ways holds: a required primitive, a closed slicing, a choice of profiles."""
    rule = str(place.note.get("rule", "anyOf"))
    if "element" in place.note:
        name = str(place.note["element"])
        message = f"L'élément {name} manque : attendu au moins une fois, vu aucune."
        yield place.issue("required", rule, message, f"{name} présent", "absent", name)
    elif rule == "slicing=closed":
        names = " ou ".join(place.note.get("slices", ()))
        expected, seen = f"un élément d'une des découpes {names}", shown(place.seen)
        message = f"Cet élément n'est pas prévu : attendu {expected}, vu {seen}."
        yield from nearly(place) or [place.issue("structure", rule, message, expected, seen)]
    else:
        expected, seen = str(place.note.get("expected", "un des profils prévus")), shown(place.seen)
        message = f"Le contenu ne convient pas : attendu {expected}, vu {seen}."
        yield place.issue("structure", rule, message, expected, seen)


def no_choice(place: Place) -> Iterator[Issue]:
    """No type of a required choice is there."""
    if place.note.get("rule") == "ext-1":
        yield from ext_1(place)
        return
    name = f"{place.note.get('element', '')}[x]"
    if another_type(place, name.removesuffix("[x]")):
        return
    message = f"L'élément {name} manque : attendu une valeur d'un seul type, vu aucune."
    yield place.issue("required", "min=1", message, f"{name} présent", "absent", name.removesuffix("[x]"))


def another_type(place: Place, stem: str) -> bool:
    """Tell whether a choice has a value of a type that is not allowed: it is said as an unknown element."""
    names = place.seen if isinstance(place.seen, dict) else {}
    return any(re.match(rf"_?{stem}[A-Z]", name) for name in names)


def many_choices(place: Place) -> Iterator[Issue]:
    """Several types of a choice are there (what is not even an object is said elsewhere)."""
    if not isinstance(place.seen, dict):
        return
    stem = "value" if place.note.get("rule") == "ext-1" else str(place.note.get("element", ""))
    seen = ", ".join(sorted(k for k in place.seen if k.lstrip("_").startswith(stem)))
    message = f"{stem}[x] n'accepte qu'un type à la fois : attendu un seul, vu {seen}."
    yield place.issue("structure", "choice", message, "un seul type", seen, stem)


def ext_1(place: Place) -> Iterator[Issue]:
    """An extension has neither value nor extensions, or both."""
    if not isinstance(place.seen, dict):
        return
    both = "extension" in place.seen
    if not both and another_type(place, "value"):
        return
    seen = "une valeur et des extensions" if both else "ni valeur ni extension"
    message = f"Une extension porte une valeur ou des extensions : attendu l'une des deux, vu {seen}."
    yield place.issue("invariant", "ext-1", message, "une valeur ou des extensions", seen)


def unknown_elements(place: Place) -> Iterator[Issue]:
    """Properties that the type does not have."""
    for name in place.error.kind.as_dict()["unexpected"]:
        message = f"L'élément {name} n'existe pas ici : attendu un élément du type FHIR, vu « {name} »."
        yield place.issue("structure", "unknown-element", message, "un élément du type FHIR", name, name)


def not_in_list(place: Place) -> Iterator[Issue]:
    """A code is not in the list it is bound to."""
    expected, seen = "un code parmi " + ", ".join(map(str, place.keyword)), shown(place.seen)
    message = f"Le code n'est pas dans la liste : attendu {expected}, vu {seen}."
    yield place.issue("code-invalid", "binding", message, expected, seen)


def pattern(place: Place) -> Iterator[Issue]:
    """A value is not the one that the definition fixes."""
    wanted = place.note.get("pattern", place.keyword)
    expected, seen = shown(wanted) if not isinstance(wanted, (dict, list)) else str(wanted), shown(place.seen)
    rule = str(place.note.get("rule", "fixed"))
    code = "structure" if rule == "type" else "value"
    yield place.issue(code, rule, f"La valeur est imposée : attendu {expected}, vu {seen}.", expected, seen)


def too_few(place: Place) -> Iterator[Issue]:
    """A list is empty, or shorter than the minimum."""
    if place.seen == []:
        message = "Une liste vide n'est pas admise : attendu un contenu ou l'élément absent, vu une liste vide."
        yield place.issue("structure", "empty", message, "une liste non vide, ou rien", "une liste vide")
        return
    minimum, count = place.keyword, len(place.seen or [])
    message = f"Il manque des occurrences : attendu au moins {minimum}, vu {count}."
    yield place.issue("required", f"min={minimum}", message, f"au moins {minimum}", str(count))


def too_many(place: Place) -> Iterator[Issue]:
    """A list is longer than the maximum."""
    maximum, count = place.keyword, len(place.seen or [])
    message = f"Il y a trop d'occurrences : attendu au plus {maximum}, vu {count}."
    yield place.issue("structure", f"max={maximum}", message, f"au plus {maximum}", str(count))


def too_long(place: Place) -> Iterator[Issue]:
    """A text is longer than the profile allows."""
    expected, seen = f"au plus {place.keyword} caractères", f"{len(str(place.seen))} caractères"
    yield place.issue(
        "too-long", "maxLength", f"Le texte est trop long : attendu {expected}, vu {seen}.", expected, seen
    )


def forbidden(place: Place) -> Iterator[Issue]:
    """An element that the profile forbids, or a forbidden combination."""
    rule = str(place.note.get("rule", "max=0"))
    if rule == "ext-1":
        yield from ext_1(place)
        return
    what = place.note.get("slice") or last_name(place.path)
    message = f"Le profil interdit {what} : attendu aucune occurrence, vu une."
    yield place.issue("structure", rule, message, f"{what} absent", "présent")


def slice_count(place: Place) -> Iterator[Issue]:
    """A slice occurs too rarely or too often."""
    rule, name = str(place.note.get("rule", "")), str(place.note.get("slice", ""))
    if not name:
        yield from pattern(place)
        return
    low = rule.startswith("min")
    expected = f"{'au moins' if low else 'au plus'} {rule.partition('=')[2]}"
    member = place.judges.compile(place.around["contains"])
    count = sum(member.is_valid(item) for item in place.seen)
    message = f"Les occurrences de {name} ne conviennent pas : attendu {expected}, vu {count}."
    found = nearly(place) if low else []
    yield from found or [place.issue("required" if low else "structure", rule, message, expected, str(count))]


def nearly(place: Place) -> list[Issue]:
    """Return what is wrong with the entry that should have been in a slice known by its profile.

    That is the first one of the type of the profile, in no other slice. None: the slice is missing indeed.
    """
    if not place.note.get("profiles"):
        return []
    siblings = [place.judges.compile(each) for each in place.note["siblings"]]
    judge = place.judges.makers["x-profile"]({"profiles": place.note["profiles"]})
    items, listed = (place.seen, True) if isinstance(place.seen, list) else ([place.seen], False)
    for rank, item in enumerate(items):
        if not isinstance(item, dict) or any(each.is_valid(item) for each in siblings):
            continue
        for fault in judge(item.get("resource")):
            if fault.details:
                return fault.details(place.resource, [*place.path, *([rank] if listed else []), "resource"])
    return []


def empty(place: Place) -> Iterator[Issue]:
    """An object without content."""
    message = "Un objet vide n'est pas admis : attendu un contenu ou l'élément absent, vu un objet vide."
    yield place.issue("structure", "empty", message, "un objet non vide, ou rien", "un objet vide")


def other(place: Place) -> Iterator[Issue]:
    """Any kind without a builder: said plainly, never dropped."""
    seen = shown(place.seen)
    message = f"Le contenu ne convient pas : attendu la structure FHIR, vu {seen}."
    rule = str(place.note.get("rule", "structure"))
    yield place.issue("structure", rule, message, "la structure FHIR", seen)


BUILDERS: dict[str, Builder] = {
    "AdditionalProperties": unknown_elements,
    "AnyOf": any_of,
    "Constant": pattern,
    "Contains": slice_count,
    "Enum": not_in_list,
    "MaxItems": too_many,
    "MaxLength": too_long,
    "Maximum": wrong_value,
    "MinItems": too_few,
    "MinProperties": empty,
    "Minimum": wrong_value,
    "Not": forbidden,
    "OneOfMultipleValid": many_choices,
    "OneOfNotValid": no_choice,
    "Pattern": wrong_value,
    "Required": required,
    "Type": wrong_type,
}
