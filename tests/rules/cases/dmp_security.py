"""Tables of rules/dmp_vihf.py, rules/dmp_structure.py and rules/dmp_soap.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.dmp import again, deposit, query, retrieve, td02, unknown, update
from tests.rules.dmp_facts import HIDING, NORMAL, ROLE, UPDATE, XDS, XSPA, coded, hidden
from tests.rules.identity import tls

NURSE, DOCTOR = coded("60", "1.2.250.1.71.1.2.7"), coded("10", "1.2.250.1.71.1.2.7")
SPECIALITY = coded("SM54", "1.2.250.1.213.2.28")
AUTOMATON = coded("1", "1.2.250.1.213.1.1.4.6")
UNNAMED = coded("", "")
STRUCTURE = "VIHF, attribut Identifiant_Structure"
NO_VIHF: dict[str, Any] = {"soap__fault": "vihf_absent", "bare": ("vihf",), "status": 400}
SOAP_11 = unknown("", "banc_version_soap", soap__version=None)
OLD = {**SOAP_11, "context": {"soap": {"transport": "simple", "fault": "banc_version_soap"}}}
INLINE = deposit(document__inline=True, soap__transport="simple", soap__http_action=None)
PLAIN = deposit(soap__transport="multipart")
PROVIDED = f"{XDS}ProvideAndRegisterDocumentSetRequest"
SWAPPED = unknown("urn:ihe:iti:2007:RetrieveDocumentSet", "banc_corps", soap__body=PROVIDED)
WRONG_NAME = unknown("urn:ihe:iti:2007:Provide", soap__body=PROVIDED)

CASES = [
    Case(
        "DMP-016",
        accepted=[[td02()], [deposit()], [unknown("urn:x")]],
        refused=[
            ([td02(**NO_VIHF)], ["1 en-tête wsse:Security"]),
            ([td02(vihf__count=2)], ["1 en-tête wsse:Security"]),
            (
                [td02(vihf__attributes__Secteur_Activite=[], vihf__attributes__LPS_Nom=[""])],
                ["1 VIHF, attribut Secteur_Activite", "1 VIHF, attribut LPS_Nom"],
            ),
            ([td02(vihf__attributes__Ressource_URN=["urn:autre"])], ["1 VIHF, attribut Ressource_URN"]),
            ([td02(vihf__roles=[UNNAMED])], [f"1 VIHF, attribut {ROLE}"]),
            ([td02(vihf__purpose=None)], [f"1 VIHF, attribut {XSPA}purposeofuse"]),
            ([td02(vihf__name_id=None)], ["1 VIHF, Subject/NameID"]),
        ],
        silent=[[OLD]],
    ),
    Case(
        "DMP-017",
        accepted=[
            [td02()],
            [td02(fault="certificat_revoque", vihf__signature__trust="revoquee")],
            [td02(vihf__mode="DIRECTE", vihf__signature__certificate__client_auth=True)],
        ],
        refused=[
            ([td02(vihf__signature__state="absente")], ["1 VIHF, Signature"]),
            ([td02(vihf__signature__state="invalide")], ["1 VIHF, Signature"]),
            ([td02(vihf__signature__whole=False)], ["1 VIHF, Signature/SignedInfo/Reference/@URI"]),
            (
                [td02(vihf__signature__algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1")],
                ["1 VIHF, Signature/SignedInfo, SignatureMethod"],
            ),
            ([td02(vihf__signature__trust="expiree")], ["1 VIHF, X509Data (deduite)"]),
            ([td02(vihf__signature__certificate__client_auth=True)], ["1 VIHF, X509Data (deduite)"]),
        ],
        silent=[[td02(bare=("vihf",))]],
    ),
    Case(
        "DMP-018",
        accepted=[[{**td02(), "context": {**td02()["context"], "tls": tls()}}]],
        refused=[
            (
                [{**td02(), "context": {**td02(vihf__tls_same_certificate=True)["context"], "tls": tls()}}],
                ["1 certificat client"],
            ),
            ([{**td02(), "context": {**td02()["context"], "tls": tls(client=None)}}], ["1 certificat client"]),
        ],
        silent=[[td02()]],
    ),
    Case(
        "DMP-019",
        accepted=[
            [td02()],
            [td02(vihf__issuer="C=FR, O=ESMS FICTIF DU BANC, OU=1009000019, CN=CACHET DU DUI DE REFERENCE")],
        ],
        refused=[
            ([td02(vihf__issuer="CN=DUI")], ["1 VIHF, Issuer"]),
            ([td02(vihf__issuer="le DUI")], ["1 VIHF, Issuer"]),
            ([td02(vihf__issuer="CN=DUI,INCONNU=1")], ["1 VIHF, Issuer (deduite)"]),
            (
                [td02(vihf__issuer_format="urn:oasis:names:tc:SAML:1.1:nameidformat:X509SubjectName")],
                ["1 VIHF, Issuer/@Format"],
            ),
        ],
        silent=[[td02(vihf__signature={"state": "absente"})]],
    ),
    Case(
        "DMP-020",
        accepted=[[td02(), again(td02())]],
        refused=[
            ([td02(), td02()], ["2 VIHF, @ID"]),
            ([td02(vihf__issue_instant="2024-10-20T10:00:00+02:00")], ["1 VIHF, @IssueInstant"]),
            ([td02(vihf__age_s=-3600.0)], ["1 VIHF, @IssueInstant"]),
            ([td02(vihf__age_s=400)], ["1 VIHF, @IssueInstant"]),
        ],
        silent=[[td02(bare=("vihf",))]],
    ),
    Case(
        "DMP-021",
        accepted=[[td02()]],
        refused=[([td02(vihf__audience=True)], ["1 VIHF, Conditions/AudienceRestriction"])],
        silent=[[td02(bare=("vihf",))]],
    ),
    Case(
        "DMP-022",
        accepted=[[td02()], [td02(vihf__roles=[DOCTOR, SPECIALITY])], [td02(vihf__roles=[AUTOMATON])]],
        refused=[
            ([td02(vihf__roles=[DOCTOR])], [f"1 VIHF, attribut {ROLE}"]),
            ([td02(vihf__roles=[NURSE, SPECIALITY])], [f"1 VIHF, attribut {ROLE}[2]"]),
            ([td02(vihf__roles=[coded("IDE", "1.2.3")])], [f"1 VIHF, attribut {ROLE}[1] (deduite)"]),
        ],
        silent=[[td02(vihf__roles=[UNNAMED])]],
    ),
    Case(
        "DMP-023",
        accepted=[
            [td02()],
            [td02(vihf__structure="312345678901234", vihf__mode="DIRECTE")],
            [td02(vihf__structure="7000001", vihf__mode="DIRECTE")],
        ],
        refused=[
            ([td02(vihf__structure="3009000019")], [f"1 {STRUCTURE}"]),
            ([td02(vihf__structure="1990000028")], [f"1 {STRUCTURE}"]),
            ([td02(vihf__mode="DIRECTE", vihf__tls_structure_matches=False)], [f"1 {STRUCTURE}"]),
        ],
        silent=[[td02(vihf__structure=None)]],
    ),
    Case(
        "DMP-024",
        accepted=[[td02()]],
        refused=[
            ([td02(vihf__sector="SA16")], ["1 VIHF, attribut Secteur_Activite"]),
            ([td02(vihf__sector="SA16^^1.2.250.1.71.4.2.4")], ["1 VIHF, attribut Secteur_Activite"]),
        ],
        silent=[[td02(vihf__sector=None)]],
    ),
    Case(
        "DMP-026",
        accepted=[[query(vihf__mode="AIR")], [td02(vihf__mode="AIR")]],
        refused=[
            ([deposit(vihf__mode="AIR")], ["1 VIHF, attribut Authentification_Mode"]),
            ([update(vihf__mode="AIR")], ["1 VIHF, attribut Authentification_Mode"]),
        ],
        silent=[[deposit()]],
    ),
    Case(
        "DMP-027",
        accepted=[[query(vihf__mode="AIR")], [query(vihf__mode="AIR", vihf__name_id="3009000019/12")]],
        refused=[
            ([query(vihf__mode="AIR", vihf__name_id="1009000019")], ["1 VIHF, Subject/NameID"]),
            ([query(vihf__mode="AIR", vihf__roles=[AUTOMATON])], [f"1 VIHF, attribut {ROLE}[1]"]),
        ],
        silent=[[query(vihf__name_id="1009000019")]],
    ),
    Case(
        "DMP-044",
        accepted=[[deposit(vihf__secret=True, entry__confidentiality=hidden("INVISIBLE_REPRESENTANTS_LEGAUX"))]],
        refused=[
            ([deposit(vihf__secret=True)], ["1 entrée Document01, confidentialityCode"]),
            (
                [deposit(vihf__secret=True, entry__confidentiality=[NORMAL, coded("MASQUE_PS", HIDING)])],
                ["1 entrée Document01, confidentialityCode"],
            ),
        ],
        silent=[[deposit()], [td02(vihf__secret=True)]],
    ),
    Case(
        "DMP-029",
        accepted=[[td02(), again(deposit())], [deposit(status=None), deposit()]],
        refused=[
            ([OLD], ["1 Envelope"]),
            ([td02(), query()], ["2 Envelope/Header/wsa:MessageID"]),
            ([td02(soap__message_id=None)], ["1 Envelope/Header/wsa:MessageID"]),
            ([INLINE], ["1 Document[@id='Document01']"]),
            ([PLAIN], ["1 en-tête Content-Type"]),
        ],
        silent=[[td02(method="GET")]],
    ),
    Case(
        "DMP-030",
        accepted=[[td02()], [deposit(), query(), retrieve(), update()]],
        refused=[
            ([SWAPPED], ["1 Envelope/Header/wsa:Action"]),
            ([WRONG_NAME], ["1 Envelope/Header/wsa:Action"]),
            ([td02(soap__body="{urn:hl7-org:v3}PRPA_IN201314UV02")], ["1 Envelope/Header/wsa:Action"]),
            ([deposit(soap__http_action=UPDATE)], ["1 en-tête Content-Type, action"]),
        ],
        silent=[[OLD]],
    ),
]
