"""Mon espace santé: to whom a usager may write, what comes back, receipts, and her DMP."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.policy import default
from typing import Any

import httpx
import pytest

from mocks.dmp import DMP
from mocks.mssante import MSSANTE
from mocks.psc import PSC
from mocks.sandbox import Sandbox
from profiles.mail import receipts
from profiles.mail.message import read
from tests.mocks.mssante.conftest import LEA, MDPH, Office, message
from tests.mocks.mssante.documents import letter, sheet


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[PSC, MSSANTE, DMP])
    yield made
    made.close()


@pytest.fixture
def person(office: Office) -> dict[str, Any]:
    made: dict[str, Any] = office.admin("POST", "personnes", age=40)
    return made


def address(person: dict[str, Any]) -> str:
    return f"{person['ins']['matricule']}@patient.mssante.fr"


def messages(office: Office, person: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.admin("GET", f"mssante/usagers/{person['id']}/messages")["messages"]
    return found


def act(office: Office, person: dict[str, Any], **what: Any) -> httpx.Response:
    path = f"https://banc.test/_banc/tenants/{office.product.tenant}/mssante/usagers/{person['id']}/actes"
    return office.product.http.post(path, json=what)


def subject_of(content: bytes) -> str:
    return str(email.message_from_bytes(content, policy=default)["Subject"])


@pytest.mark.check("MSS-090")
def test_a_usager_answers_who_wrote_to_her(office: Office, person: dict[str, Any]) -> None:
    assert act(office, person, acte="ecrire", a=LEA).status_code == 409
    assert office.send(message("Rendez-vous"), address(person)) == {}
    (received,) = messages(office, person)
    assert (received["objet"], received["repondre_a"], received["lu"]) == ("Rendez-vous", LEA, False)
    assert act(office, person, acte="repondre", message=received["id"], texte="Oui, merci.\n").status_code == 201
    assert act(office, person, acte="ecrire", a=LEA, objet="Question").status_code == 201
    assert act(office, person, acte="ecrire", a=MDPH).status_code == 409
    answer, question = office.inbox(LEA)
    mail = read(office.raw(answer["id"]))
    (sender,) = mail.addresses("From")
    assert (sender.name, sender.address) == (
        f"{person['prenoms'][0]} {person['nom']}",
        address(person).lower(),
    )
    assert (mail.text("Subject"), mail.value("In-Reply-To")) == ("Re: Rendez-vous", "<essai-1@ems.test>")
    assert question["objet"] == "Question"
    assert office.journal("mssante.usager.repondre")[0]["person"] == person["id"]


@pytest.mark.check("MSS-090")
@pytest.mark.parametrize(("value", "open_"), [("FIN", False), ("fin", True), ("OUI", True)])
def test_who_wants_no_answer_gets_none(office: Office, person: dict[str, Any], value: str, open_: bool) -> None:
    office.send(message(X_MSS_MES=value), address(person))
    (received,) = messages(office, person)
    assert bool(received["repondre_a"]) is open_
    assert (act(office, person, acte="repondre", message=received["id"]).status_code == 201) is open_


@pytest.mark.check("MSS-090")
def test_a_closing_subject_closes_all_that_came_before(office: Office, person: dict[str, Any]) -> None:
    for number, subject in enumerate(["Un", "[FIN]", "Deux", "[fin]"], 1):
        office.send(message(subject, number), address(person))
    assert [bool(one["repondre_a"]) for one in messages(office, person)] == [False, False, True, True]
    office.send(message("[FIN]", 5), address(person))
    assert act(office, person, acte="ecrire", a=LEA).status_code == 409


@pytest.mark.check("MSS-090")
def test_the_answer_goes_where_the_sender_says(office: Office, person: dict[str, Any]) -> None:
    office.send(message(Reply_To=f"<{MDPH}>"), address(person))
    assert messages(office, person)[0]["repondre_a"] == MDPH
    assert act(office, person, acte="ecrire", a=LEA).status_code == 409
    office.send(message(number=2, Reply_To="<lea@gmail.com>"), address(person))
    assert messages(office, person)[1]["repondre_a"] == LEA


@pytest.mark.check("MSS-091")
@pytest.mark.parametrize("state", ["fermee", "absente"])
def test_a_mailbox_that_takes_nothing_gives_back(office: Office, person: dict[str, Any], state: str) -> None:
    office.admin("PUT", f"mssante/usagers/{person['id']}", etat=state)
    assert office.send(message(), address(person)) == {}
    (back,) = office.inbox(LEA)
    assert subject_of(office.raw(back["id"])) == "Message non distribué"
    assert b"<essai-1@ems.test>" in office.raw(back["id"])
    assert messages(office, person) == []


@pytest.mark.check("MSS-091")
def test_nobody_has_this_number_and_too_much_comes_back(office: Office, person: dict[str, Any]) -> None:
    stranger = f"{person['ins']['matricule'][:-1]}X@patient.mssante.fr"
    office.send(message(), stranger)
    office.set(taille_citoyen=2000)
    office.send(message(number=2, text="x" * 70 + "\r\n" + "y\r\n" * 1000), address(person))
    subjects = [subject_of(office.raw(one["id"])) for one in office.inbox(LEA)]
    assert subjects == ["Message non distribué", "Undelivered Mail Returned to Sender"]
    assert messages(office, person) == []


def test_a_minor_is_written_to_herself(office: Office, person: dict[str, Any]) -> None:
    child = office.admin("POST", "personnes", enfant_de=person["id"], age=9)
    assert office.send(message(), address(child)) == {}
    assert len(messages(office, child)) == 1
    assert messages(office, person) == []
    assert office.admin("GET", f"mssante/usagers/{child['id']}")["representant"] == person["id"]


def test_reading_sends_the_receipt_that_was_asked_for(office: Office, person: dict[str, Any]) -> None:
    office.send(message(Disposition_Notification_To=f"<{LEA}>"), address(person))
    office.send(message(number=2), address(person))
    for one in messages(office, person) * 2:
        assert act(office, person, acte="lire", message=one["id"]).status_code == 201
    (back,) = office.inbox(LEA)  # once, and only for who asked
    raw = office.raw(back["id"])
    told = receipts.receipt(read(raw))
    assert told is not None
    assert (told.disposition, told.original_message_id, told.error_code) == ("displayed", "<essai-1@ems.test>", "")
    assert told.final_recipient == address(person).lower()
    assert raw.startswith(b"Return-Path: <>\r\n")
    assert [one["lu"] for one in messages(office, person)] == [True, True]
    sent = office.admin("GET", f"mssante/messages?boite={address(person)}")["messages"]
    assert [one["destinataires"][0]["etat"] for one in sent if one["origine"] == "envoi"] == ["lu", "lu"]


@pytest.mark.check("MSS-097")
def test_a_document_enters_the_dmp_by_the_usager_alone(office: Office, person: dict[str, Any]) -> None:
    document = sheet(person)
    office.send(letter(document, to=address(person)), address(person))
    dmp = f"dmp/personnes/{person['id']}/documents"
    assert office.admin("GET", dmp)["documents"] == []
    (received,) = messages(office, person)
    done = act(office, person, acte="ranger_dmp", message=received["id"])
    assert done.status_code == 201, done.text
    assert (done.json()["document"], done.json()["message_id"]) == (document.unique_id, "<fiche-1@ems.test>")
    (held,) = office.admin("GET", dmp)["documents"]
    assert (held["unique_id"], held["origine"]) == (document.unique_id, "messagerie")
    assert act(office, person, acte="ranger_dmp", message=received["id"]).status_code == 409  # it is there
    assert act(office, person, acte="ranger_dmp", message=received["id"], document="AUTRE.XML").status_code == 409


@pytest.mark.parametrize(("form", "said"), [("nouvelle", "ancienne"), ("ancienne", "nouvelle")])
def test_a_correspondent_acknowledges(office: Office, form: str, said: str) -> None:
    office.send(message("XDM/1.0/DDM+Fiche", Disposition_Notification_To=LEA), MDPH)
    (received,) = office.inbox(MDPH)
    body = {"message": received["id"], "code": "903", "libelle": "INS absente", "forme": form}
    office.admin("POST", f"mssante/boites/{MDPH}/accuses", **body)
    (back,) = office.inbox(LEA)
    mail = read(office.raw(back["id"]))
    told = receipts.receipt(mail)
    assert told is not None
    assert (told.error_code, told.error_label, told.form, told.modifier) == ("903", "INS absente", form, "error")
    assert told.form != said
    assert mail.text("Subject") == "[KO Intégration système !][903] XDM/1.0/DDM+Fiche"
    assert receipts.code_in_subject(mail.text("Subject") or "") == "903"
    attached = mail.parts[-1]
    assert (attached.type, told.parts) == ("message/rfc822", 3)
    assert message("XDM/1.0/DDM+Fiche", Disposition_Notification_To=LEA) in office.raw(back["id"])


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ({"acte": "lire", "message": 10**9}, 404),
        ({"acte": "lire"}, 404),
        ({"acte": "voler"}, 400),
        ({"acte": "ecrire", "a": "pas une adresse"}, 400),
        ({"acte": "ecrire"}, 409),
    ],
)
def test_acts_that_make_no_sense(office: Office, person: dict[str, Any], what: dict[str, Any], status: int) -> None:
    assert act(office, person, **what).status_code == status
