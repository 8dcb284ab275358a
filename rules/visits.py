"""What was asked of the product about a rendez-vous, next to what it then wrote.

An action is journaled once answered: its entry comes after the exchanges that it caused, and before those that
the product sends later by itself; `context.apres` says where it began. A write belongs to a rendez-vous by its
identifier; when the product gives no identifier back, by its place: during the action, else until the action after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.exchange import Exchange
from rules.instants import PARIS, parse_instant, wall_clock
from rules.reading import dig, objects, text
from rules.selectors import ANY_ACTION, APPOINTMENT_WRITES, action, began_after

Key = tuple[str, str]

_CREATE = action("creer_rendez_vous", "demander_rendez_vous")
_FOLLOW = action(
    "deplacer_rendez_vous",
    "annuler_rendez_vous",
    "constater_rendez_vous",
    "confirmer_rendez_vous",
    "renvoyer_rendez_vous",
)
_WRITES_TOO = _CREATE | _FOLLOW | action("reprendre_envois")


def identifiers(resource: Any) -> tuple[Key, ...]:
    """(system, value) of each identifier of a resource that has a value."""
    return tuple(
        (text(item.get("system")), text(item.get("value")))
        for _, item in objects(dig(resource, "identifier"))
        if text(item.get("value"))
    )


@dataclass
class Step:
    """One action on a rendez-vous, and the writes of the product near it."""

    action: Exchange
    writes: tuple[Exchange, ...]

    @property
    def name(self) -> str:
        return self.action.operation.removeprefix("produit.")

    @property
    def params(self) -> Mapping[str, Any]:
        return self.action.resource

    @property
    def sent(self) -> bool:
        """The product did it and says that the rendez-vous was sent."""
        return self.action.status == 200 and dig(self.action.answer_json, "envoi", "etat") == "envoye"


@dataclass
class Visit:
    """The life of one rendez-vous: its steps in order, and all the writes that carry it."""

    id: str
    steps: list[Step] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    writes: list[Exchange] = field(default_factory=list)

    @property
    def created(self) -> Step:
        return self.steps[0]

    @property
    def zone(self) -> str:
        return text(self.created.params.get("fuseau")) or PARIS

    def wished_starts(self, write: Exchange) -> tuple[str, ...]:
        """Wall-clock starts that this write may carry: the first one, and those of the moves made or answered by then.

        A product that keeps its messages in a queue sends the old start first: that is right.
        """
        wished = [text(self.created.params.get("debut"))]
        for step in self.steps[1:]:
            moved = text(step.params.get("debut"))
            answered = step.action.id < write.id or write.id in {near.id for near in step.writes}
            if moved and answered and step.action.status == 200:
                wished.append(moved)
        return tuple(wished)

    def expected_start(self, write: Exchange) -> str | None:
        """Start that the write should carry when its instant is another one; "" when right, None when unknown."""
        written = parse_instant(write.resource.get("start"))
        right = {instant for wished in self.wished_starts(write) for instant in wall_clock(wished, self.zone)}
        if written is None or not right:
            return None
        return "" if written in right else f"{self.wished_starts(write)[-1]} ({self.zone})"


def visits(exchanges: Sequence[Exchange]) -> list[Visit]:
    """Every rendez-vous that the product said it created in these exchanges, with its steps and writes."""
    found: dict[str, Visit] = {}
    for step in _steps(exchanges):
        answer, asked = step.action.answer_json, step.params
        if _CREATE(step.action) and step.action.status == 200 and text(dig(answer, "rendez_vous")):
            visit = found.setdefault(str(answer["rendez_vous"]), Visit(str(answer["rendez_vous"])))
            visit.steps.insert(0, step)
            visit.keys |= _given_keys(answer) or _new_keys(step, found.values())
        elif text(asked.get("rendez_vous")) in found:
            visit = found[text(asked.get("rendez_vous"))]
            visit.steps.append(step)
            visit.keys |= visit.keys or _new_keys(step, found.values())
    for visit in found.values():
        visit.writes = [e for e in exchanges if APPOINTMENT_WRITES(e) and visit.keys & set(identifiers(e.json))]
    return list(found.values())


def strangers(found: Sequence[Visit], step: Step) -> list[Exchange]:
    """Writes near a step that carry an identifier of no known rendez-vous: the sign of an identifier that changed."""
    known = {key for visit in found for key in visit.keys}
    return [w for w in step.writes if identifiers(w.json) and not known & set(identifiers(w.json))]


def _new_keys(step: Step, known: Iterable[Visit]) -> set[Key]:
    """What the writes near a step carry, but for the rendez-vous known so far, which may have waited in a queue."""
    written = {key for write in step.writes for key in identifiers(write.json)}
    return written - {key for visit in known for key in visit.keys}


def _given_keys(answer: Any) -> set[Key]:
    given = dig(answer, "identifiant")
    value = text(dig(given, "value"))
    return {(text(dig(given, "system")), value)} if value else set()


def _steps(exchanges: Sequence[Exchange]) -> Iterator[Step]:
    """Actions about rendez-vous, each with the writes made while it ran, else until the action after."""
    actions = [e for e in exchanges if ANY_ACTION(e)]
    writes = [e for e in exchanges if APPOINTMENT_WRITES(e)]
    for place, asked in enumerate(actions):
        if not (_CREATE(asked) or _FOLLOW(asked)):
            continue
        mine = [w for w in writes if w.person in (asked.person, None)]  # None: an outage came first
        began = began_after(asked)
        since = began if began is not None else actions[place - 1].id if place else 0
        near = [w for w in mine if since < w.id < asked.id]
        following = actions[place + 1] if place + 1 < len(actions) else None
        # When the next action writes too, the later writes are its own.
        if not near and not (following and _WRITES_TOO(following)):
            near = [w for w in mine if asked.id < w.id and (not following or w.id < following.id)]
        yield Step(asked, tuple(near))
