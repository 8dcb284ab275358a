"""Tables of rules/dmp_ins.py and rules/dmp_access.py."""

from tests.rules.cases import Case
from tests.rules.dmp import deposit, query, refused, retrieve, td02, td03, unknown, update
from tests.rules.dmp_facts import CX, MATRICULE, OID, coded
from tests.rules.identity import found as insi_found
from tests.rules.identity import identity, insi_call, received, retrieved
from tests.rules.journal import action, began, page

WRONG = CX.replace(MATRICULE, "184059999900134")
NSS = CX.replace(OID, "1.2.250.1.213.1.4.13")
PRODUCTION = CX.replace(OID, "1.2.250.1.213.1.4.8")
OTHER = CX.replace(MATRICULE, "279035121518989")
CORSICAN, DIGITS = "279062A00401734", "279061900401734"
CORSICAN_CX, DIGITS_CX = CX.replace(MATRICULE, CORSICAN), CX.replace(MATRICULE, DIGITS)
DECLARED = action("declarer_usager", {"usager": "u1"}, ins={"matricule": CORSICAN, "oid": OID})
READ = identity("qualifiee", matricule=MATRICULE, oid=OID)
NOT_YET = identity("recuperee", matricule=MATRICULE, oid=OID)
EXPORT = ["2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.2.250.1.213.1.1.1.58"]
NO_BIRTH_NAME = [{"null_flavor": None, "qualifier": "CL", "text": "TESTEUR"}]
ONLY_BIRTH = [{"null_flavor": None, "qualifier": "BR", "text": "Raphaël"}]
FLAVOURED = [{"null_flavor": "UNK", "qualifier": None, "text": ""}, *ONLY_BIRTH]
BARE = td02(bare=("vihf", "answer_traits"))
PATIENT = "CDA de Document01, ClinicalDocument/recordTarget/patientRole"
OTHER_NAME = td02(fault="traits_differents", answer_traits__birth="TESTEUR-AUTRE")
EMERGENCY = coded("bris_de_glace", "1.2.250.1.213.1.1.4.248")
LOCAL = query("GetDocuments", parameters={"XDSDocumentEntryUniqueId": ["2.25.101"]})
FROM_ELSEWHERE = received(matricule=MATRICULE)

REFUSES = action("noter_choix_dmp", usager="u1", consultation="refuse")

CASES = [
    Case(
        "DMP-001",
        accepted=[[td02()], [deposit()], [td02(vihf__ins__raw=NSS)]],
        refused=[
            ([td02(vihf__ins__raw=WRONG)], ["1 VIHF, resource-id"]),
            (
                [deposit(lot__patient_id=WRONG, entry__patient_id=CX.replace(MATRICULE, MATRICULE[:13]))],
                ["1 lot, patientId", "1 entrée Document01, patientId"],
            ),
            ([deposit(cda__patient__ids__0__extension="184059999900134")], [f"1 {PATIENT}/id"]),
        ],
        silent=[[BARE], [td02(vihf__ins__raw="rien")]],
    ),
    Case(
        "DMP-002",
        accepted=[
            [DECLARED, td02(vihf__ins__raw=CORSICAN_CX)],
            [insi_call(answer=insi_found(matricule=CORSICAN)), td02(vihf__ins__raw=CORSICAN_CX)],
        ],
        refused=[
            ([DECLARED, td02(vihf__ins__raw=DIGITS_CX)], ["2 VIHF, resource-id"]),
            (
                [insi_call(answer=insi_found(matricule=CORSICAN)), retrieved(), deposit(entry__patient_id=DIGITS_CX)],
                ["3 entrée Document01, patientId"],
            ),
        ],
        silent=[[td02(vihf__ins__raw=DIGITS_CX)], [DECLARED, td02()]],
    ),
    Case(
        "DMP-003",
        accepted=[[td02()], [deposit()]],
        refused=[
            ([td02(vihf__ins__raw=NSS)], ["1 VIHF, resource-id"]),
            ([td02(vihf__ins__raw=PRODUCTION)], ["1 VIHF, resource-id (deduite)"]),
            ([deposit(entry__patient_id=NSS)], ["1 entrée Document01, patientId"]),
        ],
        silent=[[BARE]],
    ),
    Case(
        "DMP-004",
        accepted=[[deposit()], [update()], [update("Approved", "Archived")]],
        refused=[
            ([deposit(entry__patient_id=OTHER)], ["1 entrée Document01, patientId"]),
            ([deposit(lot__patient_id=None)], ["1 lot, patientId"]),
            ([deposit(cda__patient__ids=[])], [f"1 {PATIENT}/id"]),
            ([deposit(cda__patient__ids__0__extension="279035121518989")], [f"1 {PATIENT}/id"]),
            ([update(lot__patient_id=OTHER)], ["1 lot, patientId"]),
        ],
        silent=[[td02()], [deposit(bare=("vihf",))], [deposit(bare=("lot",))]],
    ),
    Case(
        "DMP-005",
        accepted=[[deposit()]],
        refused=[
            (
                [deposit(cda__patient__families=NO_BIRTH_NAME)],
                [f'1 {PATIENT}/patient/name/family[@qualifier="BR"]'],
            ),
            (
                [deposit(cda__patient__givens=[], cda__patient__birth_time=None, cda__patient__gender=None)],
                [
                    f'1 {PATIENT}/patient/name/given[@qualifier="BR"]',
                    f"1 {PATIENT}/patient/birthTime/@value",
                    f"1 {PATIENT}/patient/administrativeGenderCode/@code",
                ],
            ),
            (
                [deposit(cda__patient__birth_time=None, body='<birthTime nullFlavor="UNK"/>')],
                [f"1 {PATIENT}/patient/birthTime/@value (deduite)"],
            ),
        ],
        silent=[[td02()], [deposit(cda__patient__ids=[])]],
    ),
    Case(
        "DMP-006",
        accepted=[[deposit()], [deposit(cda__templates=EXPORT)]],
        refused=[
            (
                [deposit(cda__patient__givens=ONLY_BIRTH)],
                [f"1 {PATIENT}/patient/name/given[not(@qualifier)] (deduite)"],
            ),
            (
                [deposit(cda__templates=EXPORT, cda__patient__birthplace="Ajaccio")],
                [f"1 {PATIENT}/patient/birthplace/place/addr/county"],
            ),
            (
                [deposit(cda__templates=EXPORT, cda__patient__givens=FLAVOURED)],
                [
                    f"1 {PATIENT}/patient/name/given[not(@qualifier)]",
                    f"1 {PATIENT}/patient/name/given/@nullFlavor",
                ],
            ),
        ],
        silent=[[td02()], [deposit(cda__patient__ids=[])]],
    ),
    Case(
        "DMP-007",
        accepted=[[READ, td02()], [NOT_YET, td02(), READ]],
        refused=[([NOT_YET, td02()], ["2 VIHF, resource-id"]), ([NOT_YET, deposit()], ["2 VIHF, resource-id"])],
        silent=[[td02()], [NOT_YET, td02(vihf__ins__raw=OTHER)], [NOT_YET]],
    ),
    Case(
        "DMP-008",
        accepted=[[FROM_ELSEWHERE, td02(), deposit()]],
        refused=[
            ([FROM_ELSEWHERE, deposit()], ["2 VIHF, resource-id"]),
            ([td02(), FROM_ELSEWHERE, deposit()], ["3 VIHF, resource-id"]),
        ],
        silent=[[td02(), deposit()], [FROM_ELSEWHERE]],
    ),
    Case(
        "DMP-009",
        accepted=[[td02(), deposit()], [td02(), query(), retrieve(), update()], [unknown("urn:x"), deposit(), td02()]],
        refused=[
            ([query()], ["1 TD0.2"]),
            ([td02(status=500), deposit()], ["2 TD0.2"]),
            ([refused(td02(), "XDSUnknownPatientId"), retrieve()], ["2 TD0.2"]),
        ],
        silent=[[td02()], [td03()]],
    ),
    Case(
        "DMP-010",
        accepted=[[td02("ferme")], [td02("absent"), td02(), deposit()]],
        refused=[
            ([td02("ferme"), deposit()], ["2 appel"]),
            ([td02("absent"), query(), retrieve()], ["2 appel", "3 appel"]),
        ],
        silent=[[td02(), deposit()], [td02("ferme", status=500), deposit()]],
    ),
    Case(
        "DMP-011",
        accepted=[[OTHER_NAME, action("lire_dossier", {"nom": "TESTEUR"})], [OTHER_NAME, page(answer="Testeur")]],
        refused=[
            ([OTHER_NAME, action("lire_dossier", {"nom": "Testeur-Autre"})], ["2 lire_dossier"]),
            ([OTHER_NAME, page(answer="M. TESTEUR-AUTRE")], ["2 page"]),
            ([OTHER_NAME, deposit(body="<family>TESTEUR-AUTRE</family>"), page()], ["2 document déposé"]),
        ],
        silent=[[OTHER_NAME], [td02(), page(answer="TESTEUR-AUTRE")]],
    ),
    Case(
        "DMP-012",
        accepted=[[td02(), action("lire_dossier", {"nom_utilise": None})]],
        refused=[
            ([td02(), action("lire_dossier", {"nom_utilise": "NON RENSEIGNE"})], ["2 lire_dossier"]),
            ([td02(), page(answer="<b>Non renseigne</b>")], ["2 page"]),
        ],
        silent=[[td02()], [td02(answer_traits__usual="DURAND"), page(answer="NON RENSEIGNE")]],
    ),
    Case(
        "DMP-014",
        accepted=[
            [td02(), query(), retrieve()],
            [td02(authorisation="aucune"), td03(), query()],
        ],
        refused=[
            ([td02(authorisation="aucune"), query()], ["2 appel"]),
            ([td02(authorisation="expiree"), retrieve()], ["2 appel"]),
            ([td02(authorisation="bloque"), query()], ["2 appel"]),
            ([td02(), td03("SUPPRESSION", "aucune"), query()], ["3 appel"]),
            ([refused(query(), "autorisation-absente"), query()], ["2 appel"]),
            ([REFUSES, td03()], ["2 TD0.3, AJOUT"]),
            ([REFUSES, query()], ["2 appel"]),
            ([td03(), began(action("deposer_document", {"envoi": "depose"}, document="d1"), 0)], ["1 TD0.3, AJOUT"]),
        ],
        silent=[
            [query()],
            [
                td02(authorisation="aucune"),
                deposit(),
                LOCAL,
            ],
            [td02(authorisation="aucune"), query(vihf__purpose=EMERGENCY)],
            [td02(authorisation="aucune", status=503), query()],
        ],
    ),
    Case(
        "DMP-015",
        accepted=[[td02(authorisation="expiree"), td03(), query()]],
        refused=[([td02(authorisation="expiree"), query(), query()], ["2 TD0.3"])],
        silent=[[td02(), query()], [td02(authorisation="aucune"), query()], [td02(authorisation="expiree"), deposit()]],
    ),
]
