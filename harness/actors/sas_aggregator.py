"""The SAS platform as a client of the product: what it searches, what it sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from harness.actors import sas_queries
from harness.actors.product_api import Caller, ProductApi
from harness.actors.sas_practice import Holder, Key
from harness.actors.sas_queries import Span, Writing
from harness.errors import ProductUnreachable, UseNotServed
from harness.expectations import expect, expect_equal, expect_none
from rules import Exchange
from rules.sas_bundle import Answer, Slot
from rules.sas_profiles import faults, notes
from rules.sas_searches import Variant
from rules.sas_security import OLD_TLS

if TYPE_CHECKING:
    from harness.scene import Scene

SECTION = "sas"
PLATFORM = "sas-plateforme"
NOBODY = "aucun"
OLD_MEDIA_TYPE = "application/json+fhir"  # as the guide prints it
UNKNOWN = 98_000_000_000  # RPPS that nobody has


class SasAggregator:
    """The platform, or who pretends to be it. certificate: name in the test PKI, `aucun` for none. most: TLS version."""

    def __init__(self, scene: Scene, certificate: str = PLATFORM, *, most: str = "") -> None:
        self._scene = scene
        self._facts = scene.facts(SECTION)
        self._genuine = certificate == PLATFORM and most != "1.1"
        shown = "" if certificate == NOBODY else certificate
        trust = scene.identity(shown, self._facts.get("certificats", ""), most=most)
        about = {"tls": OLD_TLS} if most == "1.1" else {}
        self._api: ProductApi = scene.api(
            SECTION, Caller("plateforme-sas", {}, trust=trust, certificate=certificate if trust else "", about=about)
        )

    def slots(
        self,
        numbers: Sequence[str],
        span: Span | None = None,
        *,
        variant: Variant = "ps",
        writing: Writing = "decalage",
        more: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Exchange:
        """Search of the slots of practitioners (INT_R01, or INT_R04 with `cpts`), in the coming days by default.

        more: other parameters of the query, raw. Raises UseNotServed, ProductUnreachable.
        """
        self._served(variant)
        target = sas_queries.slots(numbers, span or self.days(), variant, writing, more)
        return self.call("slot.search", target, headers)

    def sites(self, numbers: Sequence[str], span: Span | None = None) -> Exchange:
        """Search of the fixed sites of associations. Raises UseNotServed, ProductUnreachable."""
        self._served("sos")
        return self.call("schedule.search", sas_queries.sites(numbers, span or self.days()))

    def metadata(self) -> Exchange:
        """The CapabilityStatement of the product."""
        return self.call("capabilities", "/metadata")

    def at_once(self, numbers: Sequence[str], times: int) -> list[Exchange]:
        """The same search so many times at once."""
        span = self.days()
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(lambda _: self.slots(numbers, span), range(times)))

    def days(self) -> Span:
        """The coming days."""
        return Span.from_now(self._scene.now())

    def call(self, operation: str, target: str, headers: Mapping[str, str] | None = None) -> Exchange:
        """One call. Raises ProductUnreachable when the product does not even greet the platform itself."""
        patience = float(self._facts.get("delai_s", 7))
        done = self._api.call(operation, "GET", target, headers=headers, patience_s=patience, remark=notes)
        if self._genuine and done.context.get("silence") == "tls":
            raise ProductUnreachable(
                "La poignée de main TLS échoue avec le certificat de la plateforme : vérifiez les autorités et les "
                "certificats de part et d'autre avant d'essayer les scénarios du SAS."
            )
        return done

    def _served(self, variant: Variant) -> None:
        if variant not in self._facts.get("variantes", ()):
            raise UseNotServed(SECTION, "variantes", variant)


def unknown(count: int) -> list[str]:
    """National identifiers of practitioners that no product knows, with their prefix."""
    return [f"8{UNKNOWN + rank}" for rank in range(count)]


def found(search: Exchange) -> Answer:
    """The bundle of an answer. Raises AssertionError (French) when it is none."""
    said = f"{search.context.get('silence') or f'HTTP {search.status}'} {search.answer_body[:200]}"
    expect(search.status == 200 and search.answer_resource.get("resourceType") == "Bundle", "un Bundle", said)
    return Answer.of(search)


def seen(search: Exchange) -> set[Key]:
    """What an answer shows: whose slot it is ("" for a site), from, to."""
    answer = found(search)
    expect_none("créneaux sans début ou sans fin", [one.at for one in answer.slots if not (one.start and one.end)])
    timed = [(slot, slot.start, slot.end) for slot in answer.slots if slot.start and slot.end]
    return {(number, start, end) for slot, start, end in timed for number in answer.numbers_of(slot) or {""}}


def shows(search: Exchange, holders: Iterable[Holder], variant: Variant = "ps") -> None:
    """The answer holds the slots of these, all that may be seen and nothing else."""
    expected: set[Key] = set().union(*(holder.expected(variant) for holder in holders))
    shown = seen(search)
    expect_equal("les créneaux rendus", sorted(expected), sorted(shown))
    repeated = [slot.resource.get("id") for slot in found(search).slots]
    expect(len(repeated) == len(set(map(str, repeated))), "chaque créneau une fois", repeated)


def shows_nothing(search: Exchange) -> None:
    """An empty searchset of total 0."""
    answer = found(search)
    expect_equal("le total", 0, answer.bundle.get("total"))
    expect_none("entrées de la réponse", [resource.get("resourceType") for _, resource, _ in answer.entries])


def only_slot(search: Exchange) -> Slot:
    """The one slot of an answer."""
    slots = found(search).slots
    expect(len(slots) == 1, "un créneau", f"{len(slots)}")
    return slots[0]


def counts(search: Exchange, **expected: int) -> None:
    """So many resources of each type."""
    answer = found(search)
    expect_equal("les ressources rendues", expected, {kind: len(answer.of_type(kind)) for kind in expected})


def follows_the_profiles(search: Exchange) -> None:
    """Nothing that the profiles of the SAS refuse."""
    found(search)
    wrong = [f"{issue.expression} : {issue.message}" for issue in faults(search)]
    expect_none("écarts aux profils du SAS", wrong)
