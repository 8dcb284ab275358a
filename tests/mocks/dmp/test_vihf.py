"""The VIHF (sheet §3): each problem one by one, what it costs, and what the journal says of it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.signer import XMLSigner

from mocks.dmp.errors import PROBLEMS
from mocks.pki import Pki
from tests.mocks.dmp.client import QUERY, SECURITY, Dui, Reply
from tests.mocks.dmp.conftest import Bench
from tests.mocks.dmp.vihf import (
    DOCTOR,
    NURSE,
    PURPOSE,
    RESOURCE_ID,
    ROLE,
    SAML,
    XSPA,
    assertion,
    attributes,
    signed,
    unsigned,
)

BODY = '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"/>'
INVALID, TOKEN, CHECK, WHO = (
    f"wsse:{word}" for word in ("InvalidSecurity", "InvalidSecurityToken", "FailedCheck", "FailedAuthentication")
)
MODES = "1.2.250.1.213.1.1.4.248"


def ask(dui: Dui, held: Any) -> Reply:
    """A call with that assertion (or text of several), on a query that fails once the assertion is accepted."""
    text = held if isinstance(held, str) else etree.tostring(held, encoding="unicode")
    return dui.post("registry", dui.envelope(QUERY, BODY, SECURITY.format(text)))


def accepted(reply: Reply) -> bool:
    return reply.status == 200 and not reply.all("//s:Fault")


def bare(dui: Dui, spoil: Callable[[Any], object] = lambda _root: None, **said: Any) -> Any:
    """An assertion without signature, spoilt."""
    made = unsigned(dui.seal, at=None, name_id=dui.name_id, said=attributes(dui.ins, dui.structure, **said))
    spoil(made)
    return made


def spoilt(dui: Dui, spoil: Callable[[Any], object]) -> Any:
    """An assertion that was spoilt before it was signed."""
    return signed(bare(dui, spoil), dui.seal)


def vihf(bench: Bench) -> dict[str, Any]:
    told: dict[str, Any] = bench.last()["context"]["vihf"]
    return told


def test_a_correct_one_has_no_problem_and_is_told(dui: Dui, bench: Bench) -> None:
    assert accepted(ask(dui, dui.vihf()))
    told = vihf(bench)
    assert (told["problems"], bench.notes()) == ([], [])
    assert (told["version"], told["mode"], told["structure"]) == ("4.0", "INDIRECTE", dui.structure)
    assert told["ins"] == {
        "value": dui.ins,
        "oid": "1.2.250.1.213.1.4.10",
        "type": "NH",
        "raw": f"{dui.ins}^^^&1.2.250.1.213.1.4.10&ISO^NH",
    }
    assert [role["code"] for role in told["roles"]] == ["60"]
    assert told["purpose"] == {"code": "normal", "system": MODES, "label": "Accès normal"}
    assert (told["replayed"], told["count"], told["audience"], told["secret"]) == (False, 1, False, False)
    assert 0 <= told["age_s"] < 60
    signature = told["signature"]
    assert (signature["state"], signature["whole"], signature["trust"]) == ("valide", True, "reconnue")
    assert (signature["certificate"]["structure"], signature["certificate"]["client_auth"]) == (dui.structure, False)
    assert (told["tls_same_certificate"], told["tls_structure_matches"]) == (None, None)


def test_the_homologation_number_is_never_kept(dui: Dui, bench: Bench) -> None:
    assert accepted(ask(dui, dui.vihf()))
    told = str(bench.last())
    assert "ABC-123-secret" not in told
    assert vihf(bench)["attributes"]["LPS_ID_HOMOLOGATION_DMP"][0].startswith("‹masqué:")
    assert "LPS_ID_HOMOLOGATION_DMP" in told


def _instant(text: str) -> Callable[[Any], object]:
    return lambda root: root.set("IssueInstant", text)


def _issued(**shift: float) -> Callable[[Any], object]:
    return lambda root: root.set("IssueInstant", _utc(**shift))


def _conditions(end: str, minutes: float) -> Callable[[Any], object]:
    def spoil(root: Any) -> None:
        made = etree.Element(f"{{{SAML}}}Conditions", {end: _utc(minutes=minutes)})
        root.insert(2, made)

    return spoil


def _audience(root: Any) -> None:
    made = etree.Element(f"{{{SAML}}}Conditions")
    restriction = etree.SubElement(made, f"{{{SAML}}}AudienceRestriction")
    etree.SubElement(restriction, f"{{{SAML}}}Audience").text = "https://dmp.banc.test"
    root.insert(2, made)


def _drop(name: str) -> Callable[[Any], object]:
    return lambda root: root.remove(root.find(f"{{{SAML}}}{name}"))


def _issuer(text: str) -> Callable[[Any], object]:
    def spoil(root: Any) -> None:
        root.find(f"{{{SAML}}}Issuer").text = text

    return spoil


def _utc(**shift: float) -> str:
    return (datetime.now(UTC) + timedelta(**shift)).strftime("%Y-%m-%dT%H:%M:%SZ")


SPOILT: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "version de SAML": (lambda root: root.set("Version", "1.1"), "forme", TOKEN),
    "sans NameID": (_drop("Subject"), "forme", TOKEN),
    "sans émetteur": (_issuer(""), "forme", TOKEN),
    "instant illisible": (_instant("hier"), "forme", TOKEN),
    "périmée": (_issued(minutes=-6), "perime", TOKEN),
    "future": (_issued(hours=2), "futur", TOKEN),
    "conditions passées": (_conditions("NotOnOrAfter", -5), "conditions", TOKEN),
    "conditions à venir": (_conditions("NotBefore", 60), "conditions", TOKEN),
}


@pytest.mark.parametrize("case", SPOILT)
def test_a_wrong_assertion_is_refused(dui: Dui, bench: Bench, case: str) -> None:
    spoil, problem, subcode = SPOILT[case]
    assert ask(dui, spoilt(dui, spoil)).fault == (400, "Sender", subcode, f"vihf_{problem}")
    assert f"vihf_{problem}" in vihf(bench)["problems"]
    assert bench.last()["context"]["soap"]["fault"] == f"vihf_{problem}"
    assert bench.last()["person"] == dui.person["id"]


SAID: dict[str, tuple[dict[str, Any], str]] = {
    **{f"sans {name}": ({name: None}, "attribut_absent") for name in attributes("", "")},
    "rôle vide": ({ROLE: [("", "", "")]}, "attribut_absent"),
    "finalité vide": ({PURPOSE: ("", "", "")}, "attribut_absent"),
    "autre casse": ({"Authentification_Mode": None, "Authentification_mode": "INDIRECTE"}, "attribut_absent"),
    "version 2.0": ({"VIHF_Version": "2.0"}, "version"),
    "mode inconnu": ({"Authentification_Mode": "CARTE"}, "mode"),
    "autre ressource": ({"Ressource_URN": "urn:autre"}, "ressource"),
    "INS sans OID": ({RESOURCE_ID: "279035121518989"}, "ins"),
    "finalité inconnue": ({PURPOSE: ("curiosite", MODES, "Curiosité")}, "finalite"),
}


@pytest.mark.parametrize("case", SAID)
def test_a_wrong_attribute_is_refused(dui: Dui, bench: Bench, case: str) -> None:
    dui.said, problem = SAID[case]
    assert ask(dui, dui.vihf()).fault == (400, "Sender", TOKEN, f"vihf_{problem}")
    if case == "autre casse":
        assert "vihf_attribut_casse" in vihf(bench)["problems"]


REMARKED: dict[str, tuple[dict[str, Any], str]] = {
    "version 3.0": ({"VIHF_Version": "3.0"}, "version_ancienne"),
    "médecin sans spécialité": ({ROLE: [DOCTOR]}, "role"),
    "infirmier avec spécialité": ({ROLE: [NURSE, ("SM26", "1.2.250.1.213.2.28", "Médecine générale")]}, "role"),
    "profession d'un autre système": ({ROLE: [("60", "1.2.3", "Infirmier")]}, "role"),
    "secteur sans système": ({"Secteur_Activite": "SA16"}, "secteur"),
    "secteur d'un autre système": ({"Secteur_Activite": "SA16^1.2.3"}, "secteur"),
    "préfixe d'une personne": ({"Identifiant_Structure": "3009000019"}, "identifiant_structure"),
}


@pytest.mark.parametrize("case", REMARKED)
def test_what_the_dmp_only_remarks(dui: Dui, bench: Bench, case: str) -> None:
    dui.said, problem = REMARKED[case]
    assert accepted(ask(dui, dui.vihf()))
    assert (vihf(bench)["problems"], bench.notes()) == ([f"vihf_{problem}"], [f"vihf-{problem.replace('_', '-')}"])
    bench.set(controle_vihf="strict")
    assert ask(dui, dui.vihf()).fault[3] == f"vihf_{problem}"


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (_audience, "audience"),
        (_issuer("CN=AUTRE"), "emetteur"),
        (_issuer("n'importe quoi"), "emetteur"),
        (lambda root: root.find(f"{{{SAML}}}Issuer").set("Format", "urn:autre"), "emetteur"),
        (lambda root: root.set("IssueInstant", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")), "instant"),
    ],
    ids=["audience", "autre émetteur", "émetteur illisible", "format", "décalage"],
)
def test_what_the_dmp_remarks_of_an_assertion(
    dui: Dui, bench: Bench, spoil: Callable[[Any], object], problem: str
) -> None:
    assert accepted(ask(dui, spoilt(dui, spoil)))
    assert vihf(bench)["problems"] == [f"vihf_{problem}"]
    assert bench.notes() == [f"vihf-{problem}"]


def test_every_role_that_the_profession_asks(dui: Dui, bench: Bench) -> None:
    for roles in (
        [DOCTOR, ("SM26", "1.2.250.1.213.2.28", "Médecine générale")],
        [("51", "1.2.250.1.213.1.6.1.4", "Éducateur spécialisé")],
        [("AUTOMATE", "1.2.250.1.213.1.1.4.6", "Automate")],
        [("99", "1.2.250.1.213.1.6.1.140", "Acteur par rôle"), ("310", "1.2.250.1.213.1.6.1.107", "Équipe")],
    ):
        dui.said = {ROLE: roles}
        assert accepted(ask(dui, dui.vihf()))
        assert vihf(bench)["problems"] == []


class TestSignature:
    """Who signed, what, and with what."""

    def test_none(self, dui: Dui) -> None:
        assert ask(dui, bare(dui)).fault == (400, "Sender", CHECK, "vihf_signature_absente")

    @pytest.mark.parametrize("what", ["attribut", "empreinte", "valeur", "certificat"])
    def test_one_that_does_not_hold(self, dui: Dui, bench: Bench, what: str) -> None:
        text = dui.vihf()
        spoil: dict[str, tuple[str, str]] = {
            "attribut": ("urn:dmp", "urn:dmp2"),
            "empreinte": (r"(DigestValue>)[^<]{8}", r"\1AAAAAAAA"),
            "valeur": (r"(SignatureValue>)[^<]{8}", r"\1AAAAAAAA"),
            "certificat": (r"(X509Certificate>)[^<]{8}", r"\1AAAAAAAA"),
        }
        changed = re.sub(*spoil[what], text)
        assert changed != text
        assert ask(dui, changed).fault == (400, "Sender", CHECK, "vihf_signature_invalide")
        assert vihf(bench)["signature"]["state"] == "invalide"

    def test_of_the_holder_of_another_key(self, dui: Dui, pki: Pki) -> None:
        other = pki.get("client-siret")
        made = signed(bare(dui), replace(dui.seal, key=other.key))
        assert ask(dui, made).fault == (400, "Sender", CHECK, "vihf_signature_invalide")

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("autorite-inconnue", "certificat_inconnu"),
            ("expire", "certificat_expire"),
            ("pas-encore-valable", "certificat_expire"),
            ("revoque", "certificat_revoque"),
        ],
    )
    def test_of_a_certificate_that_is_not_trusted(
        self, dui: Dui, bench: Bench, pki: Pki, name: str, problem: str
    ) -> None:
        dui.seal = pki.get(name)
        assert ask(dui, dui.vihf()).fault == (403, "Sender", WHO, f"vihf_{problem}")
        assert vihf(bench)["signature"]["state"] == "valide"

    def test_with_weak_algorithms_is_remarked(self, dui: Dui, bench: Bench) -> None:
        root = bare(dui)
        signer = XMLSigner(
            signature_algorithm=SignatureMethod.RSA_SHA512,
            digest_algorithm=DigestAlgorithm.SHA512,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        made = signer.sign(
            root, key=dui.seal.key, cert=[dui.seal.certificate], reference_uri=root.get("ID"), id_attribute="ID"
        )
        assert accepted(ask(dui, made))
        assert vihf(bench)["problems"] == ["vihf_algorithme"]

    @pytest.mark.parametrize("same_id", [True, False])
    def test_of_something_else_than_the_assertion(self, dui: Dui, same_id: bool) -> None:
        """Signature wrapping: the signed assertion is inside another, which says other things."""
        inner = assertion(dui.seal, dui.ins, dui.structure)
        outer = bare(dui, Identifiant_Structure="1999999999")
        if same_id:
            outer.set("ID", inner.get("ID"))
        signature = copy.deepcopy(inner.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        holder = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
        inner.remove(inner.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
        holder.append(inner)
        outer.insert(1, signature)
        code = ask(dui, outer).fault[3]
        assert code in ("vihf_signature_invalide", "vihf_signature_partielle")


def test_none_at_all(dui: Dui, bench: Bench) -> None:
    assert ask(dui, "").fault == (400, "Sender", INVALID, "vihf_absent")
    reply = dui.post("registry", dui.envelope(QUERY, BODY, security=""))
    assert reply.fault == (400, "Sender", INVALID, "vihf_absent")
    assert "vihf" not in bench.last()["context"]


def test_two(dui: Dui, bench: Bench) -> None:
    assert ask(dui, dui.vihf() + dui.vihf()).fault == (400, "Sender", INVALID, "vihf_double")
    assert vihf(bench)["count"] == 2


@pytest.mark.check("DMP-088")
def test_the_same_again_is_refused_or_noted(dui: Dui, bench: Bench) -> None:
    held = dui.vihf()
    assert accepted(ask(dui, held))
    assert ask(dui, held).fault == (400, "Sender", TOKEN, "vihf_rejoue")
    assert vihf(bench)["replayed"] is True
    bench.set(vihf_rejeu="noter")
    assert accepted(ask(dui, held))
    assert vihf(bench)["replayed"] is True


def test_a_refused_one_has_served_too(dui: Dui) -> None:
    held = etree.tostring(spoilt(dui, _issued(minutes=-6)), encoding="unicode")
    assert ask(dui, held).fault[3] == "vihf_perime"
    assert ask(dui, held).fault[3] == "vihf_rejoue"


@pytest.mark.check("DMP-088")
def test_the_window_is_a_setting(dui: Dui, bench: Bench) -> None:
    bench.set(vihf_duree_s=3600, vihf_avance_s=600)
    for minutes in (-50, 9):
        at = datetime.now(UTC) + timedelta(minutes=minutes)
        assert accepted(ask(dui, assertion(dui.seal, dui.ins, dui.structure, at=at)))


def test_both_clocks_are_good(dui: Dui, bench: Bench) -> None:
    """A product that follows the clock of the tenant and one that does not are both on time."""
    bench("PUT", "horloge", {"mode": "decalee", "secondes": 86_400})
    assert accepted(ask(dui, dui.vihf()))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert accepted(ask(dui, assertion(dui.seal, dui.ins, dui.structure, at=tomorrow)))


def test_a_secret_connection_is_told(dui: Dui, bench: Bench) -> None:
    dui.said = {f"{XSPA}resource:patient:hl7:confidentiality-code": "secrete"}
    assert accepted(ask(dui, dui.vihf()))
    assert vihf(bench)["secret"] is True


def test_the_same_message_again_is_noted(dui: Dui, bench: Bench) -> None:
    first = dui.envelope(QUERY, BODY)
    identifier = re.search(rb"MessageID>([^<]+)<", first)
    assert identifier is not None
    assert accepted(dui.post("registry", first))
    again = re.sub(rb"MessageID>[^<]+<", b"MessageID>" + identifier[1] + b"<", dui.envelope(QUERY, BODY))
    assert accepted(dui.post("registry", again))
    assert bench.notes() == ["message-id-rejoue"]
    assert bench.last()["context"]["soap"]["message_id_seen"] is True


def test_every_problem_of_the_table_is_met_here() -> None:
    met = {problem for _, problem, _ in SPOILT.values()} | {
        problem for _, problem in (*SAID.values(), *REMARKED.values())
    }
    met |= {"absent", "double", "signature_absente", "signature_invalide", "signature_partielle", "rejoue"}
    met |= {"certificat_inconnu", "certificat_expire", "certificat_revoque", "algorithme", "audience", "emetteur"}
    met |= {"instant", "attribut_casse"}
    over_tls = {"structure"}
    assert {f"vihf_{one}" for one in met | over_tls} == set(PROBLEMS)
