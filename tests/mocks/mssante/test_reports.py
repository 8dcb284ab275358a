"""Reports on delivery (RFC 3461 to 3464): who gets one, and what is in it."""

from __future__ import annotations

import email
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

import pytest

from tests.mocks.mssante.conftest import LEA, MDPH, Office, message

ELSEWHERE = "personne@mdph.test.mssante.fr"


def report(office: Office, address: str = LEA) -> Message:
    (found,) = office.inbox(address)
    return email.message_from_bytes(office.raw(found["id"]))


def statuses(made: Message) -> list[dict[str, str]]:
    text, status, _returned = made.get_payload()  # type: ignore[misc]
    assert text.get_content_type() == "text/plain"  # type: ignore[union-attr]
    return [dict(part.items()) for part in status.get_payload()]  # type: ignore[union-attr]


def send(office: Office, *to: str, options: tuple[str, ...] = (), rcpt: tuple[str, ...] = (), **headers: str) -> None:
    with office.entered() as server:
        assert server.mail(LEA, list(options))[0] == 250
        for address in to:
            assert server.rcpt(address, list(rcpt))[0] == 250
        assert server.data(message(**headers))[0] == 250


@pytest.mark.check("MSS-091")
def test_what_could_not_be_delivered_comes_back(office: Office) -> None:
    office.set(boite_inconnue="rebond")
    send(office, ELSEWHERE, MDPH, options=("ENVID=abc+2B1", "RET=HDRS"), rcpt=("ORCPT=rfc822;x+40y",))
    made = report(office)
    assert str(make_header(decode_header(made["Subject"]))) == "Message non distribué"
    assert (made.get_content_type(), made.get_param("report-type")) == ("multipart/report", "delivery-status")
    whole, one = statuses(made)
    assert whole["Original-Envelope-Id"] == "abc+2B1"
    assert (one["Action"], one["Status"]) == ("failed", "5.1.1")
    assert one["Final-Recipient"] == f"rfc822; {ELSEWHERE}"
    assert one["Original-Recipient"] == "rfc822;x+40y"
    assert made["In-Reply-To"] == "<essai-1@ems.test>"
    assert b"Message-ID: <essai-1@ems.test>" in bytes(made.get_payload()[2])  # type: ignore[index,arg-type]
    assert len(office.inbox(MDPH)) == 1
    assert office.last("smtp.data")["context"]["deliveries"][0]["reason"] == "boite-inconnue"


@pytest.mark.parametrize(
    ("rcpt", "headers", "told"),
    [
        ((), {}, 0),
        (("NOTIFY=SUCCESS",), {}, 1),
        (("NOTIFY=FAILURE,DELAY",), {}, 0),
        ((), {"Return_Receipt_To": LEA}, 1),
        (("NOTIFY=NEVER",), {"Return_Receipt_To": LEA}, 0),
    ],
)
def test_success_is_told_to_who_asks(office: Office, rcpt: Any, headers: dict[str, str], told: int) -> None:
    send(office, MDPH, rcpt=rcpt, **headers)
    assert len(office.inbox(LEA)) == told
    if told:
        assert statuses(report(office))[1]["Action"] == "delivered"


def test_nobody_is_told_who_wants_nothing_or_has_no_address(office: Office) -> None:
    office.set(boite_inconnue="rebond")
    send(office, ELSEWHERE, rcpt=("NOTIFY=NEVER",))
    with office.entered() as server:
        assert server.docmd("MAIL", "FROM:<>")[0] == 250
        assert server.rcpt(ELSEWHERE)[0] == 250
        assert server.data(message(number=2))[0] == 250
    assert office.inbox(LEA) == []
    assert office.last("smtp.data")["context"]["envelope"]["from"] == ""
    assert office.admin("GET", "mssante/bilan")["rebonds"] == 2


def test_the_whole_message_comes_back_when_asked(office: Office) -> None:
    office.set(hors_liste="rebond")
    send(office, "qui@ailleurs.test", options=("RET=FULL",))
    returned = report(office).get_payload()[2]  # type: ignore[index]
    assert returned.get_content_type() == "message/rfc822"  # type: ignore[union-attr]
    assert message().strip() in report(office).as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    ("command", "argument"),
    [
        ("MAIL", f"FROM:<{LEA}> RET=TOUT"),
        ("MAIL", f"FROM:<{LEA}> ENVID=a=b"),
        ("MAIL", f"FROM:<{LEA}> RET=FULL RET=FULL"),
        ("MAIL", f"FROM:<{LEA}> NOTIFY=NEVER"),
        ("RCPT", f"TO:<{MDPH}> NOTIFY=NEVER,SUCCESS"),
        ("RCPT", f"TO:<{MDPH}> NOTIFY=JAMAIS"),
        ("RCPT", f"TO:<{MDPH}> ORCPT=x"),
    ],
)
def test_parameters_that_rfc_3461_does_not_know(office: Office, command: str, argument: str) -> None:
    with office.entered() as server:
        if command == "RCPT":
            server.mail(LEA)
        assert server.docmd(command, argument)[0] == 501


def test_a_bounce_that_the_bench_was_asked_for(office: Office) -> None:
    office.fault("smtp.data", "rebond")
    send(office, MDPH)
    assert office.inbox(MDPH) == []
    assert statuses(report(office))[1]["Status"] == "5.0.0"
    assert office.last("smtp.data")["fault"] == "rebond"
