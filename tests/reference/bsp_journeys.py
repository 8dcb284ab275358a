"""The journey that lets each defect of the agenda of professionals show: what is sent, answered and shown."""

from __future__ import annotations

from typing import Any

import httpx

from reference.defects import bsp
from tests.reference.bench import Bench
from tests.reference.fake_identity import PSC_PERSON
from tests.reference.fake_mes import event, refused
from tests.reference.visitors import Visitor, declared, settled

Trace = list[Any]
JULY = ("2026-07-01", "2026-07-31")
STRUCTURE = {"system": "https://banc.test/bsp/structure", "code": "990000035", "display": "Hôpital fictif"}


def professional(bench: Bench) -> Trace:
    """Appointments with and without her, lost, refused, cancelled, during an outage; readings allowed and refused."""
    usager, product, session = bench.declare(), bench.product, settled(bench).session
    bench.pair(usager)
    bench.insi.only(family="SANS", matricule="260129999999911")
    unqualified = bench.declare_without_ins(nom="SANS")
    assert product.recuperer_ins(unqualified)["statut"] == "recuperee"
    bench.declare(nom="AUTRE", ins={"matricule": "180017511112345", "oid": "1.2.250.1.213.1.4.10"})
    made = [bench.book(one, session=session) for one in (usager, unqualified)]
    made.append(bench.book(usager, usager_participe=False, session=session))
    for reply in (httpx.ReadTimeout("coupé"), refused(403, "OPPOSITION"), httpx.Response(503)):
        bench.bsp.next("POST", reply)
        made.append(bench.book(usager, session=session))
    made.append(product.annuler_rendez_vous(made[0]["rendez_vous"], session=session))
    made.append(product.reprendre_envois(session=session))

    def reading() -> Any:
        return product.synchroniser_agenda(usager, *JULY, session=session), product.lire_agenda(usager, "dui", *JULY)

    elsewhere = event("radio", "2026-07-06T08:30:00Z")
    elsewhere["resource"]["meta"] = {"tag": [STRUCTURE]}
    ours = event("nôtre", "2026-07-10T12:30:00Z", identifier=[made[0].get("identifiant")])
    bench.bsp.pages = [[elsewhere, ours]]
    made.append(reading())
    bench.bsp.next("GET", refused(403, "CONSENT_REQUIRED"))
    made += [reading(), reading()]
    bench.bsp.pages = [[]]
    made.append(reading())
    calls = [(one.method, one.path, one.query, one.body) for one in (*bench.bsp.seen, *bench.mes.business())]
    return [made, calls]


def tokens(bench: Bench) -> Trace:
    """A token that is refused once, then always; two professionals in turn."""
    usager, session = bench.declare(), settled(bench).session
    made = [bench.book(usager, session=session)]
    for refusals in (1, 4):
        bench.bsp.next("POST", *(httpx.Response(401) for _ in range(refusals)))
        made.append(bench.book(usager, session=session))
        bench.bsp.script.clear()
    declared(bench, identifiant_national="899900000022")
    bench.psc.person = {**PSC_PERSON, "SubjectNameID": "899900000022"}
    other = Visitor(bench)
    other.log_in_with_psc()
    made += [bench.book(usager, session=one) for one in (session, other.session)]
    return [made, [(one.method, one.query, one.headers.get("authorization"), one.body) for one in bench.bsp.seen]]


BSP = {
    **dict.fromkeys((one.id for one in bsp.USES), professional),
    **dict.fromkeys((one.id for one in bsp.TOKENS), tokens),
}
