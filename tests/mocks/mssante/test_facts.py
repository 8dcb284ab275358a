"""What the journal says of a message: header, parts, archive, documents; whom it concerns; what is refused."""

from __future__ import annotations

import base64
import hashlib
import io
import random
import zipfile

import pytest

from mocks import real_people
from mocks.mssante import facts
from tests.mocks.dmp.documents import PDF
from tests.mocks.mssante.conftest import MDPH, Office
from tests.mocks.mssante.documents import FILES, archive, letter, sheet

REAL = "269054958815780"


@pytest.fixture
def person(office: Office) -> dict[str, object]:
    made: dict[str, object] = office.admin("POST", "personnes", age=15)
    return made


def test_a_letter_with_its_archive(office: Office, person: dict[str, object]) -> None:
    document = sheet(person)
    assert office.send(letter(document), MDPH) == {}
    seen = office.last("smtp.data")
    assert seen["person"] == person["id"]
    said = seen["context"]["content"]
    assert said["subject"].startswith("XDM/1.0/DDM+Fiche de liaison")
    assert said["fields"]["x-mss-nil"] == ["TEST000001"]
    assert said["addresses"]["from"] == [{"name": "Léa Essai", "address": "lea.essai@ems.test.mssante.fr"}]
    assert [one["type"] for one in said["parts"]] == ["text/plain", "application/zip", "application/pdf"]
    assert said["parts"][2]["sha256"] == hashlib.sha256(PDF).hexdigest()
    (read,) = said["xdm"]
    assert (read["index"], read["readme"]) == (True, True)
    assert [one["name"] for one in read["files"]] == list(FILES)
    (one,) = read["sets"]
    assert one["metadata"] == "lu"
    (entry,) = one["entries"]
    (held,) = one["documents"]
    assert (entry["uri"], entry["file"]) == ("DOC0001.XML", held["name"])
    assert (entry["hash"], entry["size"]) == (held["sha1"], str(held["size"]))
    assert entry["unique_id"] == held["cda"]["id"] == document.unique_id
    assert entry["patient_id"] == document.patient_id
    assert held["cda"]["patient"]["ids"][0]["extension"] == person["ins"]["matricule"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("files", "code"), [({"../../x": b"x"}, "chemin"), ({"BOMBE.XML": bytes(60_000_000)}, "bombe")]
)
def test_an_archive_that_could_harm_is_told_and_the_message_kept(
    office: Office, person: dict[str, object], files: dict[str, bytes], code: str
) -> None:
    document = sheet(person)
    assert office.send(letter(document, archive(document, **files)), MDPH) == {}
    (read,) = office.last("smtp.data")["context"]["content"]["xdm"]
    assert read["refused"] == code
    assert len(office.inbox(MDPH)) == 1


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (b"pas du XML", "banc_xml"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "banc_dtd"),
        (b"<a>" * 220 + b"</a>" * 220, "banc_profondeur"),
        (b"<a/>", "autre-racine"),
    ],
)
def test_metadata_of_strangers(metadata: bytes, told: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        written.writestr("IHE_XDM/SUBSET01/METADATA.XML", metadata)
        written.writestr("IHE_XDM/SUBSET01/DOC0001.XML", metadata)
    document = sheet(
        {"nom": "X", "prenoms": ["Y"], "sexe": "F", "date_naissance": "2011-03-07", "ins": {"matricule": "1"}}
    )
    said = facts.message(letter(document, made.getvalue()))
    assert said["xdm"][0]["sets"][0]["metadata"] == told
    assert list(facts.patients(said)) == []


def test_a_real_person_inside_an_archive_is_refused_and_not_kept(office: Office, person: dict[str, object]) -> None:
    document = sheet(person)
    text = f"<p>INS {REAL} de 1.2.250.1.213.1.4.8</p>".encode()
    with pytest.raises(Exception, match="real person"):
        office.send(letter(document, archive(document, **{"NOTE.XML": text})), MDPH)
    assert office.inbox(MDPH) == []
    (seen,) = office.journal("mssante.personne_reelle")
    assert (seen["request"]["body"], seen["context"].get("content")) == ("", None)


def test_nor_is_it_filed_or_deposited(office: Office, person: dict[str, object]) -> None:
    text = f"<p>INS {REAL} de 1.2.250.1.213.1.4.8</p>".encode()
    content = letter(sheet(person), archive(sheet(person), **{"NOTE.XML": text}))
    with office.opened_imap() as server:
        assert server.append("INBOX", "", "", content)[0] == "NO"
    body = {"de": MDPH, "a": [MDPH], "contenu_base64": base64.b64encode(content).decode()}
    path = f"https://banc.test/_banc/tenants/{office.product.tenant}/mssante/messages"
    assert office.product.http.post(path, json=body).status_code == real_people.STATUS
    assert office.inbox(MDPH) == []


def test_mutated_letters_never_make_the_reader_fall(office: Office, person: dict[str, object]) -> None:
    dice, good = random.Random("lettre"), letter(sheet(person))
    outcomes = {"lu": 0, "illisible": 0}
    for _ in range(1_000):
        content = bytearray(good)
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(content))
            if dice.random() < 0.3:
                del content[at : at + dice.randint(1, 60)]
            else:
                content[at] = dice.randrange(256)
        try:
            said = facts.message(bytes(content))
            list(facts.patients(said))
            outcomes["illisible" if "unreadable" in said else "lu"] += 1
        except real_people.RealPersonError:
            pass
    assert outcomes["lu"] > 500
