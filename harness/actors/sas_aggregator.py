"""The SAS platform as a client of the product: what it searches, what it sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from harness.actors import sas_queries
from harness.actors.pages import Page
from harness.actors.product_api import Caller, ProductApi
from harness.actors.sas_practice import Holder, Key
from harness.actors.sas_queries import Span, Writing
from harness.errors import ProductUnreachable, UseNotServed
from harness.expectations import expect, expect_equal, expect_none
from rules import Exchange
from rules.reading import dig, objects
from rules.sas_bundle import Answer, Slot
from rules.sas_directory import finess_of
from rules.sas_profiles import faults, notes
from rules.sas_searches import Variant
from rules.sas_security import OLD_TLS

if TYPE_CHECKING:
    from harness.scene import Scene

SECTION = "sas"
PLATFORM = "sas-plateforme"
NOBODY = "aucun"
ORIGIN = "sas-preprod"
OLD_MEDIA_TYPE = "application/json+fhir"  # as the guide prints it
PREFIXES = {"finess": "1", "siret": "3", "rang": "4"}
SILENCES = {"tls": "une poignée de main TLS rompue", "coupure": "une connexion coupée", "delai": "rien à temps"}
UNKNOWN = 98_000_000_000  # RPPS that nobody has


class SasAggregator:
    """The platform, or who pretends to be it. certificate: name in the test PKI, or `aucun`. most: version of TLS."""

    def __init__(self, scene: Scene, certificate: str = PLATFORM, *, most: str = "") -> None:
        self._scene = scene
        self._facts = scene.facts(SECTION)
        self._genuine = certificate == PLATFORM and not most
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
        require_variant(self._scene, variant)
        target = sas_queries.slots(numbers, span or self.days(), variant, writing, more)
        return self.call("slot.search", target, headers)

    def sites(self, numbers: Sequence[str], span: Span | None = None) -> Exchange:
        """Search of the fixed sites of associations. Raises UseNotServed, ProductUnreachable."""
        require_variant(self._scene, "sos")
        return self.call("schedule.search", sas_queries.sites(numbers, span or self.days()))

    def metadata(self) -> Exchange:
        """The CapabilityStatement of the product."""
        return self.call("capabilities", "/metadata")

    def at_once(self, numbers: Sequence[str], times: int) -> list[Exchange]:
        """The same search so many times at once."""
        span = self.days()
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(lambda _: self.slots(numbers, span), range(times)))

    def among_unknown(self, number: str, count: int) -> Exchange:
        """The same search for this practitioner, then for it and so many that nobody knows; the second one."""
        span = self.days()
        self.slots([number], span)
        return self.slots([*unknown(count), number], span)

    def unreadable(self, numbers: Sequence[str]) -> Exchange:
        """A search whose upper bound is no date."""
        target = sas_queries.slots(numbers, self.days(), "ps")
        return self.call("slot.search", re.sub(r"start=le[^&]+", "start=le2026-13-45", target))

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


def require_variant(scene: Scene, variant: Variant) -> None:
    """Raises UseNotServed when the product does not serve that kind of search (`sas.variantes`)."""
    if variant not in scene.facts(SECTION).get("variantes", ()):
        raise UseNotServed(SECTION, "variantes", variant)


def stranger(scene: Scene, certificate: str, *, most: str = "") -> SasAggregator:
    """Who comes with this certificate or this version of TLS, once the platform as it usually comes has been greeted.

    A product that greets nobody refuses nobody. Raises NotTestableHere where there is no such TLS, ProductUnreachable.
    """
    if not scene.facts(SECTION).get("certificats"):
        scene.require_tls()
    SasAggregator(scene).metadata()
    return SasAggregator(scene, certificate, most=most)


def visit_from_sas(scene: Scene, search: Exchange) -> Page:
    """The page at the address of the first slot of an answer, as the platform leads there: with `origin`."""
    address = str(only_slot(search).resource.get("comment", ""))
    expect(address.startswith("http"), "une adresse web dans Slot.comment", address)
    return scene.stranger().get(f"{address}{'&' if '?' in address else '?'}origin={ORIGIN}")


def unknown(count: int) -> list[str]:
    """National identifiers of practitioners that no product knows, with their prefix."""
    return [f"8{UNKNOWN + rank}" for rank in range(count)]


def found(search: Exchange) -> Answer:
    """The bundle of an answer. Raises AssertionError (French) when it is none."""
    silence = search.context.get("silence")
    said = SILENCES[silence] if silence else f"HTTP {search.status} {search.answer_body[:200]}"
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


def names_the_practitioner(search: Exchange, holder: Holder) -> None:
    """The one practitioner, under its national identifier, prefixed."""
    expect_equal("l'identifiant du praticien", [holder.number], _numbers(search, "Practitioner", "identifier"))


def names_the_structure(search: Exchange, holder: Holder) -> None:
    """The one place, under the national identifier of its structure, prefixed."""
    known = holder.places[0]["structure"]
    expected = f"{PREFIXES[known['type']]}{known['numero']}"
    expect_equal("l'identifiant de la structure", [expected], _numbers(search, "PractitionerRole", "organization"))


def names_the_communities(search: Exchange, holder: Holder) -> None:
    """Each slot refers to the communities it is open to, and to no other."""
    answer = found(search)
    told = [(slot.start, sorted(str(finess_of(answer, one)) for _, one in slot.communities)) for slot in answer.slots]
    expected = [(offer.start, sorted(offer.communities)) for offer in holder.offers]
    expect_equal("les CPTS", expected, sorted(told, key=str))


def is_of_type(search: Exchange, code: str) -> None:
    """The one slot has this appointment type."""
    codings = dig(only_slot(search).resource, "appointmentType", "coding")
    expect_equal("le type de rendez-vous", [code], [coding.get("code") for _, coding in objects(codings)])


def gives_telephones(search: Exchange, expected: Sequence[str]) -> None:
    """The answer holds these telephone numbers."""
    lists = [resource.get("telecom") for _, resource, _ in found(search).entries]
    phones = {one.get("value") for telecoms in lists for _, one in objects(telecoms) if one.get("system") == "phone"}
    expect_equal("les téléphones", sorted(expected), sorted(map(str, phones)))


def refuses_with_a_reason(search: Exchange) -> None:
    """A refusal of the request (4xx), with an OperationOutcome."""
    expect(400 <= search.status < 500, "un refus (HTTP 4xx)", f"HTTP {search.status}")
    expect_equal("la ressource du refus", "OperationOutcome", search.answer_resource.get("resourceType"))


def describes_itself(search: Exchange) -> None:
    """A CapabilityStatement of FHIR R4 which names a resource to search."""
    statement = search.answer_resource
    told = (search.status, statement.get("resourceType"), statement.get("fhirVersion"))
    expect_equal("la description", (200, "CapabilityStatement", "4.0.1"), told)
    served = {one.get("type") for _, rest in objects(statement.get("rest")) for _, one in objects(rest.get("resource"))}
    expect(bool({"Slot", "Schedule"} & served), "la recherche de Slot ou de Schedule", sorted(map(str, served)))


def refuses(search: Exchange) -> None:
    """No handshake, or HTTP 4xx: not a crash."""
    broken_off = search.context.get("silence") in ("tls", "coupure")
    expect(broken_off or 400 <= search.status < 500, "un refus : alerte TLS, ou HTTP 4xx", f"HTTP {search.status}")


def opens(page: Page) -> None:
    """The page is no error."""
    expect(page.status < 400, "une page", f"HTTP {page.status}, {page.url}")


def _numbers(search: Exchange, kind: str, element: str) -> list[str]:
    """National identifiers in this element of the resources of a type."""
    values = []
    for _, resource in found(search).of_type(kind):
        inside = resource.get(element)
        kept = [dig(inside, "identifier")] if isinstance(inside, dict) else [one for _, one in objects(inside)]
        values += [str(dig(one, "value")) for one in kept if dig(one, "value")]
    return values
