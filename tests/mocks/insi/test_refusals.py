"""Messages that the service refuses: each with a clear fault, and nothing else happens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.mocks.insi.client import CARD, SOAP, TRAITS, Reply, Soap, card_body, envelope, traits_body
from tests.mocks.insi.conftest import LPS, Register

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
PERSON = {
    "traits": {"nom_naissance": "TESTEUR", "prenoms": ["JEANNE"], "sexe": "F", "date_naissance": "1948-02-01"},
}
# What common libraries add of their own.
AROUND = """<a:To xmlns:a="http://www.w3.org/2005/08/addressing" s:mustUnderstand="1">https://insi.test/lps</a:To>
<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing"><a:Address>urn:x</a:Address></a:ReplyTo>
<x:Autre xmlns:x="urn:x" s:mustUnderstand="true" s:role="urn:un-autre"/>"""
GOOD = envelope(TRAITS, traits_body(PERSON))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12))


def without(name: str, text: str = GOOD) -> str:
    """The message without a block of its header."""
    return re.sub(rf"<(\w+):{name}\b.*?</\1:{name}>", "", text, flags=re.DOTALL)


REFUSED: dict[str, tuple[str | bytes, str, str]] = {
    "vide": (b"", "Sender", "banc_xml"),
    "pas du XML": ("bonjour", "Sender", "banc_xml"),
    "tronqué": (GOOD[:-20], "Sender", "banc_xml"),
    "octets": (b"\xff\xfe\x00\x01", "Sender", "banc_xml"),
    "encodage inconnu": ('<?xml version="1.0" encoding="martien"?>' + GOOD, "Sender", "banc_xml"),
    "DTD": ("<!DOCTYPE s:Envelope>" + GOOD, "Sender", "banc_dtd"),
    "entité interne": ('<!DOCTYPE e [<!ENTITY n "TESTEUR">]>' + GOOD.replace("TESTEUR", "&n;"), "Sender", "banc_dtd"),
    "entité externe": (
        '<!DOCTYPE e [<!ENTITY n SYSTEM "file:///etc/hostname">]>' + GOOD.replace("TESTEUR", "&n;"),
        "Sender",
        "banc_dtd",
    ),
    "DTD externe": ('<!DOCTYPE e SYSTEM "http://127.0.0.1:9/dtd">' + GOOD, "Sender", "banc_dtd"),
    "entités en cascade": (f"<!DOCTYPE e [{LAUGHS}]>" + GOOD.replace("TESTEUR", "&l11;"), "Sender", "banc_dtd"),
    "cascade dans un attribut": (
        f"<!DOCTYPE e [{LAUGHS}]>" + GOOD.replace('R="4"', 'R="&l11;"'),
        "Sender",
        "banc_dtd",
    ),
    "cascade en UTF-16": (
        f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE e [{LAUGHS}]>{GOOD}'.replace('R="4"', 'R="&l11;"').encode(
            "utf-16"
        ),
        "Sender",
        "banc_dtd",
    ),
    "trop profond": (GOOD.replace("TESTEUR", "<a>" * 100 + "</a>" * 100), "Sender", "banc_profondeur"),
    "bien trop profond": (GOOD.replace("TESTEUR", "<a>" * 5000 + "</a>" * 5000), "Sender", "banc_xml"),
    "trop grand": (GOOD.replace("TESTEUR", "A" * 200_000), "Sender", "banc_taille"),
    "autre racine": ("<message/>", "Sender", "banc_enveloppe"),
    "SOAP 1.1": (
        GOOD.replace(SOAP, SOAP_11),
        "VersionMismatch",
        "banc_version_soap",
    ),
    "sans en-tête": (re.sub(r"<s:Header>.*</s:Header>", "", GOOD, flags=re.DOTALL), "Sender", "banc_enveloppe"),
    "sans corps": (re.sub(r"<s:Body>.*</s:Body>", "", GOOD, flags=re.DOTALL), "Sender", "banc_enveloppe"),
    "corps vide": (re.sub(r"<s:Body>.*</s:Body>", "<s:Body/>", GOOD, flags=re.DOTALL), "Sender", "banc_enveloppe"),
    "deux corps": (GOOD.replace("</s:Body>", "<autre/></s:Body>"), "Sender", "banc_enveloppe"),
    "sans ContexteBAM": (without("ContexteBAM"), "Sender", "banc_entete_absent"),
    "sans ContexteLPS": (without("ContexteLPS"), "Sender", "banc_entete_absent"),
    "sans Action": (without("Action"), "Sender", "banc_entete_absent"),
    "sans MessageID": (without("MessageID"), "Sender", "banc_entete_absent"),
    "MessageID en double": (
        GOOD.replace("</s:Header>", '<MessageID xmlns="http://www.w3.org/2005/08/addressing">x</MessageID></s:Header>'),
        "Sender",
        "banc_entete_double",
    ),
    "bloc à comprendre": (
        GOOD.replace("</s:Header>", '<x:Inconnu xmlns:x="urn:x" s:mustUnderstand="true"/></s:Header>'),
        "MustUnderstand",
        "banc_entete_inconnu",
    ),
    "action vide": (GOOD.replace(TRAITS, ""), "Sender", "banc_action"),
    "autre action": (GOOD.replace(TRAITS, TRAITS + "Bis"), "Sender", "banc_action"),
    "action d'un autre corps": (GOOD.replace(TRAITS, CARD), "Sender", "banc_corps"),
    "autre espace de noms du corps": (GOOD.replace("INSiRecSans", "INSiRecAvec"), "Sender", "banc_corps"),
    "autre espace de noms du contexte": (GOOD.replace("siram:lps:ctxlps", "siram:lps"), "Sender", "banc_entete_absent"),
    "sexe inconnu": (GOOD.replace("Sexe>F<", "Sexe>X<"), "Sender", "banc_schema"),
    "date française": (GOOD.replace("1948-02-01", "01/02/1948"), "Sender", "banc_schema"),
    "lieu trop long": (
        envelope(TRAITS, traits_body(PERSON, LieuNaissance="999990")),
        "Sender",
        "banc_schema",
    ),
    "nom vide": (GOOD.replace("TESTEUR", ""), "Sender", "banc_schema"),
    "sans date": (without("DateNaissance"), "Sender", "banc_schema"),
    "élément en trop": (GOOD.replace("</i:REC", "<i:Autre/></i:REC"), "Sender", "banc_schema"),
    "temps illisible": (GOOD.replace("2026-03-02T09:00:00Z", "hier", 1), "Sender", "banc_schema"),
    "sans couverture": (GOOD.replace("<bam:COUVERTURE/>", ""), "Sender", "banc_schema"),
    "sans version de contexte": (GOOD.replace(' Version="01_02"', ""), "Sender", "banc_schema"),
    "carte sans numéro": (envelope(CARD, card_body(DateNaissance="1948-02-01")), "Sender", "banc_schema"),
    "numéro mal formé": (envelope(CARD, card_body(MatriculeOD="12345")), "Sender", "banc_schema"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_refused_message(register: Register, soap: Soap, name: str) -> None:
    content, code, error = REFUSED[name]
    answer = soap.post(content)
    assert answer.fault == (413 if error == "banc_taille" else 400, code, error)
    reason = answer.root.find(f".//{{{SOAP}}}Text")
    assert reason.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert reason.text
    told = register.last()
    assert (told["context"]["insi"]["code"], told["context"]["insi"]["fault"]) == ("fault", error)
    assert told["fault"] is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sexe inconnu", "Élément Sexe (ligne"),
        ("sans MessageID", "Manque : MessageID."),
        ("autre action", f"Vu : « {TRAITS}Bis »"),
        ("sans date", "Élément RECSANSVITALE"),
        ("temps illisible", "Élément Temps (ligne"),
        ("sans couverture", "Élément ContexteBAM"),
    ],
)
def test_the_reason_names_the_place(soap: Soap, name: str, said: str) -> None:
    reason = soap.post(REFUSED[name][0]).text(".//s:Text") or ""
    assert said in reason
    assert "Element '" not in reason  # libxml2's own English


def test_the_operation_of_a_refused_message_is_known_once_its_action_is(register: Register, soap: Soap) -> None:
    soap.post(REFUSED["sexe inconnu"][0])
    told = register.last()
    assert told["operation"] == "insi.recherche_traits"
    assert told["context"]["insi"]["traits"]["Sexe"] == "X"
    soap.post(REFUSED["autre action"][0])
    assert register.last()["operation"] == "insi.inconnue"
    assert register.last()["context"]["insi"]["action"] == f"{TRAITS}Bis"


MEDIA: dict[str, Callable[[Soap], Reply]] = {
    "text/xml": lambda soap: soap.post(GOOD, Content_Type="text/xml; charset=utf-8"),
    "sans type": lambda soap: soap.post(GOOD, Content_Type=""),
    "multipart": lambda soap: soap.post(GOOD, Content_Type='multipart/related; type="application/xop+xml"'),
}


@pytest.mark.parametrize("name", list(MEDIA))
def test_other_media_types(soap: Soap, name: str) -> None:
    assert MEDIA[name](soap).fault == (415, "Sender", "banc_type")


def test_the_action_of_the_media_type(soap: Soap) -> None:
    assert soap.post(GOOD, TRAITS).code == "01"
    assert soap.post(GOOD, CARD).fault == (400, "Sender", "banc_action_http")


def test_what_a_correct_message_may_hold_besides(register: Register, soap: Soap) -> None:
    person = register.person()
    message = envelope(TRAITS, traits_body(person), security=True)
    message = message.replace("<s:Header>", '<s:Header><!-- note --><x:Autre xmlns:x="urn:x"/><?pi?>')
    message = message.replace("</s:Header>", f"{AROUND}</s:Header>").replace("<s:Body>", '<s:Body Id="_0">')
    message = message.replace("<bam:COUVERTURE/>", "<bam:COUVERTURE>\n </bam:COUVERTURE>")
    message = message.replace("<wsse:Security", '<wsse:Security s:mustUnderstand="1"')
    answer = soap.post('<?xml version="1.0" encoding="UTF-8"?>\n' + message)
    assert answer.code == "00"
    assert register.last()["context"]["insi"]["assertion"] is True
    assert soap.post(without("IDAM", message)).code == "00"  # for a rule to judge
    assert register.last()["context"]["insi"]["lps"].keys() == {"version", "id", "temps"}
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?>' + message.replace("urn:lps:essai", "urn:lps:éssai")
    assert soap.post(latin.encode("latin-1")).code == "00"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(register: Register, soap: Soap, method: str) -> None:
    answer = Reply(soap.http.request(method, LPS))
    assert answer.fault == (405, "Sender", "banc_methode")
    assert answer.http.headers["Allow"] == "GET, POST"
    assert register.last()["operation"] == "insi.inconnue"


def test_other_addresses(register: Register, soap: Soap) -> None:
    assert soap.http.post(f"{LPS}/autre").status_code == 501
    assert register.last()["operation"] == "insi.inconnue"


def test_identifiers_used_twice_are_noted(register: Register, soap: Soap) -> None:
    def notes(**header: str) -> list[str]:
        assert soap.call(TRAITS, traits_body(PERSON), **header).code == "01"
        return [note["code"] for note in register.last()["notes"]]

    assert notes(message="m", bam="un", lps="un") == []
    assert notes(message="m") == ["message-id-rejoue"]
    assert notes(bam="un") == ["contexte-bam-rejoue"]
    assert notes(message="m", bam="un", lps="un") == ["message-id-rejoue", "contexte-bam-rejoue", "contexte-lps-rejoue"]
    assert notes(message="n", bam="deux", lps="deux") == []
