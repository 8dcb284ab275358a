"""The order of the items of a sliced list: slices one after the other, items of no slice at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from profiles.faults import Fault, Judge
from profiles.model import Json

Compile = Callable[[Json], jsonschema_rs.Draft202012Validator]


def judge_order(compiled: Compile) -> Callable[[Json], Judge]:
    """Return the maker of the judges of order.

    `slices` lists names and the schema of their items, in order; `ordered`: items follow that order; `atEnd`: an
    item of no slice is followed by such items only. The first item out of its place is said.
    """

    def make(value: Json) -> Judge:
        slices = [(str(name), compiled(schema)) for name, schema in value["slices"]]
        ordered, at_end = bool(value["ordered"]), bool(value["atEnd"])

        def judge(instance: Any) -> list[Fault]:
            highest, free = -1, -1
            for rank, item in enumerate(instance if isinstance(instance, list) else []):
                found = next((i for i, (_, schema) in enumerate(slices) if schema.is_valid(item)), None)
                if found is None:
                    free = rank
                elif at_end and free >= 0:
                    expected = "les éléments hors découpe après tous les autres"
                    return [Fault("error", "structure", "slicing=openAtEnd", expected, f"l'élément {free}", (free,))]
                elif ordered and found < highest:
                    expected = f"{slices[found][0]} avant {slices[highest][0]}"
                    return [Fault("error", "structure", "slicing=ordered", expected, "après", (rank,))]
                else:
                    highest = found
            return []

        return judge

    return make
