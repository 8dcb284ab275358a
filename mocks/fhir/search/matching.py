"""One value of a search parameter as tests on the rows of `fhir_values`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from mocks.fhir.dates import Interval, has_zone, interval, split_prefix, widened
from mocks.fhir.outcome import FhirError
from mocks.fhir.search.plan import Clause, RowTest
from mocks.fhir.search.values import normalised, split_reference

if TYPE_CHECKING:
    from mocks.fhir.search.params import Binder

Note = Callable[[str, str], None]
_LOST_PLUS = re.compile(r"(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:\d\d)$")

# What each prefix asks of a row [low, high[ against the interval asked for, as R4 words it; one line per alternative.
_CONTAINED = (("low", "ge", 0), ("high", "le", 1))
DATE_TESTS: dict[str, tuple[tuple[tuple[str, str, int], ...], ...]] = {
    "eq": (_CONTAINED,),
    "ne": ((("low", "lt", 0),), (("high", "gt", 1),)),
    "gt": ((("high", "gt", 1),),),
    "lt": ((("low", "lt", 0),),),
    "ge": ((("high", "gt", 1),), _CONTAINED),
    "le": ((("low", "lt", 0),), _CONTAINED),
    "sa": ((("low", "ge", 1),),),
    "eb": ((("high", "le", 0),),),
    "ap": ((("low", "lt", 1), ("high", "gt", 0)),),
}


def token_test(binder: Binder, keys: tuple[str, ...], part: str, note: Note) -> RowTest:
    """`system|code`, `|code` (without system), `code` (any system), `system|` (any code)."""
    parts = split(part, "|")
    if len(parts) == 1 and "\\|" in part:
        note("barre-echappee", f"barre échappée par une barre oblique inverse : « {part} », lue comme « | »")
        parts = part.split("\\|")
    *systems, code = parts
    clauses: list[Clause] = []
    if systems:
        clauses.append(("system", "eq", binder.value(_clean("|".join(systems)))))
    if code or not systems:
        clauses.append(("value", "eq", binder.value(_clean(code))))
    return RowTest(keys, tuple(clauses))


def split(text: str, separator: str) -> list[str]:
    """The parts between separators that no backslash escapes; escapes stay."""
    return re.split(rf"(?<!\\){re.escape(separator)}", text) if "\\" in text else text.split(separator)


def string_tests(binder: Binder, keys: tuple[str, ...], part: str, modifier: str) -> list[RowTest]:
    """Starts with, contains, or is exactly."""
    text = _clean(part)
    if modifier == "exact":
        return [RowTest(keys, (("system", "eq", binder.value(text)),))]
    pattern = re.sub(r"([\\%_])", r"\\\1", normalised(text)) + "%"
    return [RowTest(keys, (("value", "like", binder.value("%" + pattern if modifier == "contains" else pattern)),))]


def reference_tests(binder: Binder, keys: tuple[str, ...], part: str, type_: str, base: str) -> list[RowTest]:
    """`Type/id`, `id`, or an address; an address of this API is the same as `Type/id`."""
    text = _clean(part)
    if base and text.startswith(base + "/"):
        text = text[len(base) + 1 :]
    found, value = split_reference(text)
    wanted = found or type_
    clauses: list[Clause] = [("system", "eq", binder.value(wanted))] if wanted else []
    tests = [RowTest(keys, (*clauses, ("value", "eq", binder.value(value))))]
    if base and found and "/" not in value:  # the product may write the whole address in its references
        tests.append(RowTest(keys, (*clauses, ("value", "eq", binder.value(f"{base}/{found}/{value}")))))
    return tests


def date_tests(binder: Binder, keys: tuple[str, ...], part: str, now: datetime, note: Note) -> list[RowTest]:
    """A date with its prefix (R4 search, prefixes); what `keys` name are rows with low and high."""
    prefix, text = split_prefix(part)
    wanted = _interval(text, note)
    bounds = widened(wanted, now) if prefix == "ap" else wanted
    return [
        RowTest(keys, tuple((column, operator, binder.value(bounds[end])) for column, operator, end in clauses))
        for clauses in DATE_TESTS[prefix]
    ]


def _interval(text: str, note: Note) -> Interval:
    lost = _LOST_PLUS.search(text)
    if lost:
        note("plus-non-encode", f"« + » non encodé dans la date « {text} », lu comme un décalage")
        text = text[: lost.start()] + f"{lost[1]}+{lost[2]}"
    try:
        found = interval(text)
    except ValueError:
        raise FhirError(
            400, f"« {text} » n'est pas une date FHIR : attendu AAAA, AAAA-MM, AAAA-MM-JJ ou un instant avec décalage."
        ) from None
    if not has_zone(text):
        note("sans-decalage", f"date de recherche « {text} » sans décalage, lue à l'heure de Paris")
    return found


def _clean(text: str) -> str:
    if "\x00" in text:
        raise FhirError(400, "Un caractère nul se trouve dans un paramètre de recherche.")
    return re.sub(r"\\([,|$\\])", r"\1", text) if "\\" in text else text
