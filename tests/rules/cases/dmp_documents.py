"""Tables of rules/dmp_lot.py, dmp_entries.py, dmp_authors.py and dmp_cda.py."""

from tests.rules.cases import Case
from tests.rules.dmp import deposit, query, td02, update
from tests.rules.dmp_facts import HIDING, NORMAL, SHA1, SYSTEM, XCN, XON, coded, hidden
from tests.rules.journal import http

ENTRY = "entrée Document01"
CDA = "CDA de Document01, ClinicalDocument"
BASE64 = "3vA69idaeogMTDLyQM4c4QMsOuo="
NO_CODE = coded("", "")
LEVEL = "2.16.840.1.113883.5.25"
ROBOT = {"institutions": [], "person": SYSTEM, "persons": 1, "roles": [], "specialties": []}
PARAMETERS = http("dmp.param_lps.fichier", answer='<parametre nom="cumul-invisible_patient-masque_ps" valeur="true"/>')
BOTH = hidden("MASQUE_PS", "INVISIBLE_PATIENT")


def differing(*whats: str) -> list[dict[str, str]]:
    return [{"what": what, "cda": "a", "xds": "b"} for what in whats]


def by(person: str, **more: object) -> list[dict[str, object]]:
    return [{**ROBOT, "person": person, **more}]


CASES = [
    Case(
        "DMP-031",
        accepted=[[deposit()], [update()], [deposit(lot__submission_time="20241019")]],
        refused=[
            ([deposit(lot__count=2)], ["1 RegistryPackage"]),
            ([deposit(lot__unique_id=None, lot__source_id="dui")], ["1 lot, uniqueId", "1 lot, sourceId"]),
            ([deposit(lot__patient_id="184059999900133")], ["1 lot, patientId"]),
            ([deposit(lot__content_type=None, lot__authors=[])], ["1 lot, contentTypeCode", "1 lot, author"]),
            ([deposit(lot__submission_time="20241020080000+0000")], ["1 lot, submissionTime"]),
            ([deposit(lot__submission_time="20241020100000")], ["1 lot, submissionTime"]),
        ],
        silent=[[td02()], [deposit(bare=("lot",))]],
    ),
    Case(
        "DMP-032",
        accepted=[[deposit()]],
        refused=[
            ([deposit(signature_lot__state="absente")], ["1 lot, signature"]),
            ([deposit(signature_lot__state="invalide")], ["1 lot, signature"]),
        ],
        silent=[[td02()], [deposit(signature_lot={})]],
    ),
    Case(
        "DMP-033",
        accepted=[[deposit()]],
        refused=[
            (
                [deposit(entry__title=None, entry__practice=None, entry__authors=[])],
                [f"1 {ENTRY}, title", f"1 {ENTRY}, practiceSettingCode", f"1 {ENTRY}, author"],
            ),
            (
                [deposit(document__given={"hash": None, "size": None})],
                [f"1 {ENTRY}, hash", f"1 {ENTRY}, size"],
            ),
            ([deposit(entry__facility=NO_CODE)], [f"1 {ENTRY}, healthcareFacilityTypeCode"]),
            (
                [deposit(entry__status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved")],
                [f"1 {ENTRY}, availabilityStatus"],
            ),
            ([deposit(entry__repository="1.2.3")], [f"1 {ENTRY}, repositoryUniqueId"]),
        ],
        silent=[[update()], [deposit(document__mime="signature")]],
    ),
    Case(
        "DMP-034",
        accepted=[[deposit()], [deposit(document__differences=differing("creation_time"))]],
        refused=[
            (
                [deposit(document__differences=differing("title", "type"))],
                [f"1 {ENTRY}, title", f"1 {ENTRY}, typeCode"],
            ),
            ([deposit(document__differences=differing("unique_id"))], [f"1 {ENTRY}, uniqueId"]),
        ],
        silent=[[td02()], [deposit(document__cda={})]],
    ),
    Case(
        "DMP-035",
        accepted=[[deposit(), deposit("2.25.102")]],
        refused=[
            ([deposit(entry__class=coded("PPA", "1.2.3"))], [f"1 {ENTRY}, classCode (deduite)"]),
            (
                [deposit(), deposit("2.25.102", entry__class=coded("11", "1.2.250.1.213.1.1.4.1"))],
                [f"2 {ENTRY}, classCode (deduite)"],
            ),
        ],
        silent=[[update()]],
    ),
    Case(
        "DMP-036",
        accepted=[[deposit()], [deposit(document__differences=differing("title"))]],
        refused=[
            (
                [deposit(document__differences=differing("creation_time", "service_start_time"))],
                [f"1 {ENTRY}, creationTime", f"1 {ENTRY}, serviceStartTime"],
            )
        ],
        silent=[[td02()]],
    ),
    Case(
        "DMP-038",
        accepted=[[deposit()], [deposit(document__given={"hash": SHA1.upper(), "size": None})]],
        refused=[
            ([deposit(document__given={"hash": BASE64, "size": "4015"})], [f"1 {ENTRY}, hash"]),
            ([deposit(document__given={"hash": SHA1, "size": "12"})], [f"1 {ENTRY}, size"]),
        ],
        silent=[[deposit(document__given={"hash": None, "size": None})]],
    ),
    Case(
        "DMP-039",
        accepted=[
            [deposit()],
            [deposit(cda__body={"kind": "n3"}, entry__format=coded("urn:ihe:pcc:ppa", "1.2"))],
        ],
        refused=[
            ([deposit(entry__mime_type="application/pdf", document__cda={})], [f"1 {ENTRY}, mimeType"]),
            ([deposit(entry__format=coded("PDF", "1.2"))], [f"1 {ENTRY}, formatCode"]),
        ],
        silent=[[td02()]],
    ),
    Case(
        "DMP-040",
        accepted=[[deposit()]],
        refused=[
            ([deposit(entry__language="fr-fr")], [f"1 {ENTRY}, languageCode"]),
            ([deposit(cda__language="fr")], [f"1 {CDA}/languageCode/@code"]),
        ],
        silent=[[td02()]],
    ),
    Case(
        "DMP-041",
        accepted=[[deposit()], [deposit(entry__confidentiality=hidden("MASQUE_PS"))], [update()]],
        refused=[
            (
                [deposit(entry__confidentiality=[coded("MASQUE_PS", HIDING)])],
                [f"1 {ENTRY}, confidentialityCode"],
            ),
            (
                [deposit(entry__confidentiality=[NORMAL, coded("MASQUE_PS", LEVEL)])],
                [f"1 {ENTRY}, confidentialityCode"],
            ),
            ([deposit(entry__confidentiality=[NORMAL] * 5)], [f"1 {ENTRY}, confidentialityCode"] * 2),
        ],
        silent=[[td02()]],
    ),
    Case(
        "DMP-042",
        accepted=[
            [deposit(entry__confidentiality=hidden("MASQUE_PS"))],
            [PARAMETERS, deposit(entry__confidentiality=BOTH)],
        ],
        refused=[
            ([deposit(entry__confidentiality=BOTH)], [f"1 {ENTRY}, confidentialityCode"]),
            ([update(to=("N", "MASQUE_PS", "INVISIBLE_PATIENT"))], [f"1 {ENTRY}, confidentialityCode"]),
        ],
        silent=[[deposit()], [PARAMETERS]],
    ),
    Case(
        "DMP-045",
        accepted=[
            [deposit()],
            [deposit(entry__authors=by(XCN, institutions=["IME^^^^^&1.3.2&ISO^SIREN^^^123456782"]))],
            [deposit(entry__authors=by("184059999900133^D^R^^^^^^&1.2.250.1.213.1.4.10&ISO^D^^^NH"))],
        ],
        refused=[
            (
                [deposit(entry__authors=by(XCN, institutions=[XON.replace("1009000019", "3009000019")]))],
                [f"1 {ENTRY}, author[1]/authorInstitution"],
            ),
            (
                [deposit(entry__authors=by(XCN, institutions=["IME Les Tilleuls"]))],
                [f"1 {ENTRY}, author[1]/authorInstitution"] * 3,
            ),
            ([deposit(entry__authors=by("MARTIN ALICE"))], [f"1 {ENTRY}, author[1]/authorPerson"]),
        ],
        silent=[[deposit(entry__authors=[])]],
    ),
    Case(
        "DMP-046",
        accepted=[
            [deposit(entry__authors=[ROBOT])],
            [deposit(entry__authors=by(SYSTEM.replace("3009000019", "512345678901234")))],
        ],
        refused=[
            (
                [deposit(entry__authors=by(SYSTEM.replace("3009000019", "1009000019")))],
                [f"1 {ENTRY}, author[1]/authorPerson"],
            ),
            ([deposit(entry__authors=by(SYSTEM.replace("^^^RI", "^^^IDNPS")))], [f"1 {ENTRY}, author[1]/authorPerson"]),
            (
                [deposit(entry__authors=by(SYSTEM, specialties=["60^Infirmier^1.2.250.1.71.1.2.7"]))],
                [f"1 {ENTRY}, author[1]/authorSpecialty"],
            ),
        ],
        silent=[[deposit()]],
    ),
    Case(
        "DMP-047",
        accepted=[[deposit()]],
        refused=[
            ([deposit(entry__legal_authenticator=SYSTEM)], [f"1 {ENTRY}, legalAuthenticator"]),
            (
                [deposit(entry__legal_authenticator=XCN.replace("899990000053", "899990000061"))],
                [f"1 {ENTRY}, legalAuthenticator"],
            ),
        ],
        silent=[
            [deposit(entry__authors=[ROBOT])],
            [deposit(entry__type=coded("EXPPAT_1", "1.2.250.1.213.1.1.4.12"))],
            [deposit(bare=("vihf",))],
        ],
    ),
    Case(
        "DMP-048",
        accepted=[[deposit()], [deposit(document__structure=["noms-qualifies"])]],
        refused=[
            ([deposit(document__structure=["modeles", "acte"])], [f"1 {CDA}/templateId", f"1 {CDA}/documentationOf"]),
            ([deposit(document__structure=["set-id"])], [f"1 {CDA}/setId (deduite)"]),
            ([deposit(document__structure=["date"])], [f"1 {CDA}/effectiveTime/@value (deduite)"]),
        ],
        silent=[[td02()]],
    ),
    Case(
        "DMP-049",
        accepted=[[deposit()], [deposit(document__structure=["noms-qualifies"])]],
        refused=[
            (
                [deposit(cda__patient__families__0__qualifier=None)],
                [f"1 {CDA}/recordTarget/patientRole/patient/name/family/@qualifier"],
            ),
            (
                [deposit(cda__patient__forbidden=["religiousAffiliationCode"])],
                [f"1 {CDA}/recordTarget/patientRole/patient"],
            ),
        ],
        silent=[[query()]],
    ),
]
