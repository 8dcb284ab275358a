"""Tables of rules/insi_calls.py and rules/insi_answers.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.identity import (
    FORMER,
    MATRICULE,
    TRAITS,
    changed,
    declared,
    found,
    identity,
    insi_call,
    retrieved,
    tls,
    traced,
    verified,
)
from tests.rules.journal import Entry, action


def second(**insi: Any) -> Entry:
    """Another call, with identifiers of its own unless told otherwise."""
    parts = {"message_id": "uuid:m2", "bam": {"id": "b2"}, "lps": {"id": "l2"}, **insi}
    usual = {"version": "01_02", "temps": "2024-10-20T08:00:02Z"}
    return insi_call(insi={**parts, "bam": {**usual, **parts["bam"]}, "lps": {**usual, **parts["lps"]}})


SOAP = "http://www.w3.org/2003/05/soap-envelope"
UNREAD = {**insi_call("inconnue", "fault", body="<a/>"), "context": {"insi": {"code": "fault", "fault": "banc_xml"}}}
NOBODY = insi_call(code="01")
SEVERAL = insi_call(code="02")
OTHER_NAME = insi_call(answer=found(NomNaissance="DURAND"))
ZERO_DAY = insi_call(answer=found(DateNaissance="1948-02-00"))
NO_SEX = insi_call(answer=found(Sexe=""))
FAULT = insi_call(code="fault", status=500)
FAILED = retrieved("erreur", "provisoire")
NOT_STORED = retrieved("00", "provisoire")
BOTH = action(
    "configurer",
    certificats={
        "client": "/x/client.pem",
        "insi_manu": {"client": "/x/insi-manu.pem"},
        "insi_auto": {"client": "/x/insi-auto.pem"},
    },
)
AUTO = tls(cn="INSI-AUTO")

CASES = [
    Case(
        "INS-01",
        accepted=[[insi_call()], [insi_call("verification", "OK", body=SOAP, insi={"action": "urn:x"})]],
        refused=[
            ([insi_call(body='<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>')], ["1 Envelope"]),
            ([insi_call(insi={"action": ""})], ["1 Action"]),
            ([insi_call("inconnue", "fault", body=f"{SOAP} x", insi={"action": "urn:x"})], ["1 Action (banc)"]),
            ([insi_call(headers=[("Content-Type", "text/xml")])], ["1 en-tête Content-Type"]),
            ([UNREAD], ["1 Envelope"]),
            ([insi_call(insi={"bam": {"version": "01_00"}})], ["1 ContexteBAM/@Version"]),
            (
                [insi_call(insi={"lps": {"version": "01_00", "idam_r": "2"}})],
                ["1 ContexteLPS/LPS/IDAM/@R", "1 ContexteLPS/LPS/IDAM"],
            ),
        ],
        silent=[[retrieved()], [action("configurer")]],
    ),
    Case(
        "INS-02",
        accepted=[[insi_call(), second()]],
        refused=[
            ([insi_call(), second(message_id="uuid:m1")], ["2 MessageID"]),
            ([insi_call(), second(bam={"id": "b1"})], ["2 ContexteBAM/Id"]),
            ([insi_call(), second(lps={"id": ""})], ["2 ContexteLPS/Id"]),
            ([second(bam={"id": "b2", "temps": "2024-10-20T08:00:01"})], ["1 ContexteBAM/Temps"]),
            ([second(lps={"id": "l2", "temps": "2024-10-19T08:00:01Z"})], ["1 ContexteLPS/Temps (banc)"]),
        ],
        silent=[[retrieved()]],
    ),
    Case(
        "INS-03",
        accepted=[
            [insi_call()],
            [insi_call(traits={k: v for k, v in TRAITS.items() if k != "LieuNaissance"})],
            [insi_call(traits={**TRAITS, "NomNaissance": "D'ARC-PETIT", "Prenom": ["JEANNE MARIE"]})],
        ],
        refused=[
            (
                [insi_call(traits={**TRAITS, "NomNaissance": "Testeur", "Prenom": ["ÉLISE"]})],
                ["1 NomNaissance", "1 Prenom"],
            ),
            ([insi_call(traits={**TRAITS, "Sexe": "2", "DateNaissance": "01/02/1948"})], ["1 Sexe", "1 DateNaissance"]),
            ([insi_call(traits={**TRAITS, "LieuNaissance": ""})], ["1 LieuNaissance"]),
        ],
        silent=[[insi_call("verification", "OK")], [insi_call("recherche_carte")]],
    ),
    Case(
        "INS-04",
        accepted=[[insi_call(tls=tls()), retrieved()], [insi_call(tls=AUTO), retrieved(automatique=True)]],
        refused=[
            ([insi_call(tls=AUTO), retrieved()], ["1 certificat client, CN"]),
            ([BOTH, insi_call(tls=AUTO), retrieved()], ["2 certificat client, CN"]),
            ([insi_call("verification", "OK", tls=tls()), verified(automatique=True)], ["1 certificat client, CN"]),
        ],
        silent=[
            [insi_call(), retrieved()],
            [insi_call(tls=AUTO)],
            [insi_call(tls=tls(cn="x", issuer="CN=AC PROFESSIONNELS FICTIVE DU BANC")), retrieved()],
            [action("configurer", certificats={"client": "/x/insi-auto.pem"}), insi_call(tls=AUTO), retrieved()],
        ],
    ),
    Case(
        "INS-05",
        accepted=[
            [declared(), NOBODY, retrieved("01", "provisoire"), identity()],
            [
                declared(),
                NOBODY,
                insi_call(code="01", traits={**TRAITS, "Prenom": ["JEANNE MARIE"]}),
                retrieved("01", "provisoire"),
            ],
        ],
        refused=[
            ([declared(), NOBODY, retrieved("01")], ["3 recuperer_ins.statut"]),
            (
                [declared(), NOBODY, retrieved("01", "provisoire"), identity(matricule="1")],
                ["4 lire_identite.matricule"],
            ),
            ([declared(), NOBODY, NOBODY, retrieved("01", "provisoire")], ["3 traits"]),
            (
                [
                    declared(),
                    insi_call(code="01", traits={**TRAITS, "Prenom": ["ANNE"], "Sexe": "M"}),
                    retrieved("01", "provisoire"),
                ],
                ["2 Prenom", "2 Sexe"],
            ),
        ],
        silent=[[NOBODY, retrieved("01")], [declared(), insi_call(), retrieved()], [declared(), retrieved("01")]],
    ),
    Case(
        "INS-06",
        accepted=[[declared(), SEVERAL, retrieved("02", "provisoire"), identity()]],
        refused=[
            ([declared(), SEVERAL, retrieved("00")], ["3 recuperer_ins.statut"]),
            ([declared(), SEVERAL, retrieved("02", "provisoire", result={"message": ""})], ["3 recuperer_ins.message"]),
        ],
        silent=[[declared(), NOBODY, retrieved("01")], [declared(), SEVERAL]],
    ),
    Case(
        "INS-07",
        accepted=[
            [
                declared(),
                OTHER_NAME,
                retrieved("00", "provisoire", result={"a_confirmer": {"nom_naissance": "DURAND"}}),
            ],
            [declared(), changed(nom_naissance="Durant"), OTHER_NAME, NOT_STORED],
        ],
        refused=[
            ([declared(), OTHER_NAME, retrieved()], ["3 recuperer_ins.a_confirmer"]),
            ([declared(prenoms=["Anne"]), insi_call(), retrieved()], ["3 recuperer_ins.a_confirmer"]),
            ([declared(lieu_naissance="75115"), insi_call(), retrieved()], ["3 recuperer_ins.a_confirmer"]),
        ],
        silent=[
            [declared(), insi_call(), retrieved()],
            [declared(nom="Tèsteur", prenoms=["Marie"], lieu_naissance="99999"), insi_call(), retrieved()],
            [OTHER_NAME, retrieved()],
        ],
    ),
    Case(
        "INS-08",
        accepted=[[declared(), ZERO_DAY, NOT_STORED, identity()]],
        refused=[
            ([declared(), ZERO_DAY, retrieved()], ["3 recuperer_ins.statut"]),
            ([declared(), ZERO_DAY, NOT_STORED, identity(matricule="1")], ["4 lire_identite.matricule"]),
        ],
        silent=[[declared(), insi_call(), retrieved()], [declared(), NO_SEX, retrieved()]],
    ),
    Case(
        "INS-09",
        accepted=[[declared(), NO_SEX, NOT_STORED]],
        refused=[
            ([declared(), NO_SEX, retrieved()], ["3 recuperer_ins.statut"]),
            ([declared(), insi_call(answer=found(NomNaissance="")), retrieved()], ["3 recuperer_ins.statut"]),
            ([declared(), insi_call(answer=found(ListePrenom="", Prenom="")), retrieved()], ["3 recuperer_ins.statut"]),
        ],
        silent=[[declared(), insi_call(), retrieved()], [declared(), insi_call(answer="<a"), retrieved()]],
    ),
    Case(
        "INS-10",
        accepted=[[insi_call(), retrieved(), identity(matricule=MATRICULE, oid="1.2.250.1.213.1.4.10")]],
        refused=[
            (
                [insi_call(), retrieved(), identity(matricule=MATRICULE, oid="1.2.250.1.213.1.4.8")],
                ["3 lire_identite.oid"],
            ),
            ([insi_call(), retrieved(), identity(matricule=MATRICULE)], ["3 lire_identite.oid"]),
        ],
        silent=[[identity(matricule=MATRICULE, oid="x")], [insi_call(), retrieved(), identity()]],
    ),
    Case(
        "INS-21",
        accepted=[
            [insi_call(), retrieved(), traced("00")],
            [NOBODY, insi_call("verification", "KO"), retrieved("01"), traced("KO", "01", "00")],
        ],
        refused=[
            ([NOBODY, retrieved("01"), traced()], ["3 lire_traces_ins.appels"]),
            ([NOBODY, insi_call(), retrieved(), traced("00")], ["4 lire_traces_ins.appels"]),
            ([insi_call(), retrieved(), traced("00", donnees={})], ["3 lire_traces_ins.appels.donnees"]),
            ([insi_call(answer=found(former=FORMER)), retrieved(), traced("00")], ["3 lire_traces_ins.appels.donnees"]),
            ([insi_call(), retrieved(), traced("00", mode="")], ["3 lire_traces_ins.appels"]),
        ],
        silent=[[traced("00")], [retrieved("bloque"), traced()], [insi_call(), retrieved()]],
    ),
    Case(
        "INS-27",
        accepted=[[identity(), FAULT, FAILED, traced("erreur")], [FAULT, verified("erreur")]],
        refused=[
            ([FAULT, retrieved(status=500)], ["2 recuperer_ins"]),
            ([FAULT, retrieved("erreur", "provisoire", result={"message": ""})], ["2 recuperer_ins.message"]),
            ([identity("qualifiee"), FAULT, verified("erreur", "provisoire")], ["3 verifier_ins.statut"]),
            ([FAULT, FAILED, traced()], ["3 lire_traces_ins.appels"]),
        ],
        silent=[[FAULT, insi_call(), retrieved()], [FAILED]],
    ),
]
