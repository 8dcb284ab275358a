"""Stopping after a refusal of Mon espace santé.

MES tells nothing to the product when the usager changes a consent: the product learns it by the next refusal. So the
first refused call is never a fault. Later calls of the same kind are, with two exceptions that nobody is accused
of: a call that MES accepts (the obstacle was gone), and one trial by explicit demand of somebody (synchronise,
send again), since trying is the only way to learn that the usager gave the consent back.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from rules.core import Examined, Finding
from rules.exchange import Exchange
from rules.reading import dig, shown
from rules.selectors import ANY_ACTION, DONE, MES_BUSINESS, On, about, action, began_after, is_grant, refusal

EXPLICIT_DEMANDS = action("synchroniser_agenda", "renvoyer_rendez_vous", "reprendre_envois", "lire_mesures")
SHOWN = action("lire_appariement")
NEW_PAIRING = On(lambda e: is_grant(e, "authorization_code") and DONE(e))


@dataclass
class Halt:
    """A refused call, and the calls of the same kind that came before the obstacle was lifted."""

    refused: Exchange
    later: list[Exchange] = field(default_factory=list)
    shown: list[Exchange] = field(default_factory=list)


def halts(
    exchanges: Sequence[Exchange],
    code: str,
    lifted: On,
    flow: Callable[[Exchange], Hashable] = about,
    demands: On = EXPLICIT_DEMANDS,
    business: On = MES_BUSINESS,
) -> list[Halt]:
    """Refusals with this code, in the exchanges of one person, each with the calls that should not have followed.

    code: refusal code of the service. lifted: what ends the obstacle. flow: what must stop (calls of equal value).
    demands: the actions that allow one trial. business: the calls that are looked at.
    """
    found: list[Halt] = []
    standing: dict[Hashable, Halt] = {}
    asked_and_sent = [e for e in exchanges if ANY_ACTION(e) or business(e)]
    for e in exchanges:
        if lifted(e) or NEW_PAIRING(e):
            standing.clear()
        elif SHOWN(e) and e.status == 200:
            for halt in standing.values():
                halt.shown.append(e)
        elif business(e):
            kind = flow(e)
            if kind in standing and DONE(e):
                del standing[kind]
            elif kind in standing and not _is_trial(asked_and_sent, e, flow, demands):
                standing[kind].later.append(e)
            elif kind not in standing and refusal(e) == code:
                standing[kind] = Halt(e)
                found.append(standing[kind])
    return found


def _is_trial(exchanges: Sequence[Exchange], call: Exchange, flow: Callable[[Exchange], Hashable], demands: On) -> bool:
    """The first call of its kind during an explicit demand, or after one by a product that works after its answer.

    A journal that does not say where an action began (`context.apres`) leaves a doubt: then a demand on either side
    is enough.
    """
    actions = [e for e in exchanges if ANY_ACTION(e)]
    previous = next((e for e in reversed(actions) if e.id < call.id), None)
    following = next((e for e in actions if e.id > call.id), None)
    began = began_after(following) if following else None
    near, since = [previous, following], previous.id if previous else 0
    if began is not None:
        near, since = ([following], began) if began < call.id else ([previous], since)
    first = not any(not ANY_ACTION(e) and flow(e) == flow(call) for e in exchanges if since < e.id < call.id)
    return first and any(e is not None and demands(e) for e in near)


def judged_calls(found: Sequence[Halt], expected: str) -> Iterator[Finding | Examined]:
    """A finding for each call that should not have followed; the refusal itself was an occasion."""
    for halt in found:
        for call in halt.later:
            yield Finding("appel", expected, f"{call.method} {call.path}, statut {call.status}", exchange=call.id)
        if not halt.later:
            yield Examined(halt.refused.id)


def judged_state(found: Sequence[Halt], *right: str) -> Iterator[Finding | Examined]:
    """What the product shows of the pairing after the refusal must be one of these states."""
    for halt in found:
        for screen in halt.shown:
            state = dig(screen.answer_json, "etat")
            if state in right:
                yield Examined(screen.id)
            else:
                yield Finding("lire_appariement.etat", " ou ".join(right), shown(state), exchange=screen.id)
