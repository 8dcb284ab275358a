"""Reading mail: header, parts, receipts of both forms, and that nothing makes the reader fall."""

from __future__ import annotations

import random

import pytest

from profiles.mail import receipts
from profiles.mail.message import MAX_DEPTH, Address, UnreadableMessageError, decoded, has_encoded_words, read

MAIL = b"""From: =?utf-8?q?L=C3=A9a_Essai?= <lea@ems.test>\r
To: <a@ems.test>, "B, C" <b@ems.test>\r
Subject: =?utf-8?B?WERNLzEuMC9ERE0rRmljaGUgWm/DqQ==?=\r
X-MSS-NIL: TEST1\r
x-mss-nil: TEST2\r
References: <a@x>\r
 <b@x>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=aa\r
\r
--aa\r
Content-Type: multipart/alternative; boundary=bb\r
\r
--bb\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
Bonjour Zo=C3=A9\r
--bb--\r
--aa\r
Content-Type: application/pdf\r
Content-Disposition: attachment; filename*=utf-8''Zo%C3%A9.pdf\r
Content-Transfer-Encoding: base64\r
\r
JVBERi0xLjQK\r
--aa\r
Content-Type: application/zip\r
Content-Disposition: attachment; filename="IHE_XDM.zip"\r
Content-Transfer-Encoding: base64\r
\r
UEsFBg==\r
--aa--\r
"""
MDN = """From: a@ems.test\r
Subject: [KO Intégration système !][903] XDM/1.0/DDM+Fiche\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=disposition-notification; boundary=aa\r
\r
--aa\r
Content-Type: text/plain; charset=utf-8\r
\r
KO\r
--aa\r
Content-Type: message/disposition-notification\r
\r
Final-Recipient: rfc822; a@ems.test\r
Original-Recipient: rfc822; b@ems.test\r
Original-Message-ID: <essai-1@ems.test>\r
{}\r
\r
--aa\r
Content-Type: message/rfc822\r
\r
Subject: origine\r
\r
x\r
--aa--\r
"""


def test_a_mail_is_read() -> None:
    mail = read(MAIL)
    assert mail.text("subject") == "XDM/1.0/DDM+Fiche Zoé"
    assert has_encoded_words(mail.value("Subject") or "")
    assert mail.values("X-MSS-NIL") == ["TEST1", "TEST2"]
    assert mail.value("References") == "<a@x> <b@x>"
    assert mail.addresses("From") == [Address("Léa Essai", "lea@ems.test")]
    assert [one.address for one in mail.addresses("To")] == ["a@ems.test", "b@ems.test"]
    text, pdf, archive = mail.parts
    assert (text.type, text.within, text.content) == ("text/plain", "multipart/alternative", "Bonjour Zoé".encode())
    assert (pdf.filename, pdf.extended, pdf.content) == ("Zoé.pdf", True, b"%PDF-1.4\n")
    assert (archive.filename, archive.extended, archive.content) == ("IHE_XDM.zip", False, b"PK\x05\x06")
    assert mail.ascii_header
    assert receipts.receipt(mail) is None


@pytest.mark.parametrize(
    ("lines", "form", "modifier"),
    [
        (
            "Disposition: automatic-action/MDN-sent-automatically; processed/error\r\nError: 903^INS absente",
            "nouvelle",
            "error",
        ),
        ("Disposition: automatic-action/MDN-sent-automatically; processed/Error: 903^INS absente", "ancienne", "error"),
    ],
)
def test_a_receipt_of_either_form(lines: str, form: str, modifier: str) -> None:
    told = receipts.receipt(read(MDN.format(lines).encode()))
    assert told is not None
    assert (told.error_code, told.error_label, told.form, told.modifier) == ("903", "INS absente", form, modifier)
    assert (told.disposition, told.original_message_id, told.parts) == ("processed", "<essai-1@ems.test>", 3)
    assert (told.final_recipient, told.original_recipient) == ("a@ems.test", "b@ems.test")


def test_a_receipt_without_error() -> None:
    told = receipts.receipt(read(MDN.format("Disposition: manual-action/MDN-sent-manually; displayed").encode()))
    assert told is not None
    assert (told.action, told.sending, told.disposition, told.form) == (
        "manual-action",
        "MDN-sent-manually",
        "displayed",
        "",
    )


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("[KO Intégration système !][903] XDM", "903"),
        ("[Erreur d’intégration !][902] XDM", "902"),
        ("XDM/1.0/DDM+[KO Intégration système !][903]", ""),
    ],
)
def test_the_code_in_a_subject(subject: str, code: str) -> None:
    assert receipts.code_in_subject(subject) == code


@pytest.mark.parametrize("value", ["=?x-inconnu?q?a?=", "=?utf-8?b?!!!?=", "=?utf-8?q?=ZZ?=", "sans rien"])
def test_what_cannot_be_decoded_stays(value: str) -> None:
    assert isinstance(decoded(value), str)


def test_a_mail_that_is_too_deep_or_too_large() -> None:
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(MAX_DEPTH + 3))
    with pytest.raises(UnreadableMessageError, match="niveaux"):
        _ = read(deep.encode()).parts
    with pytest.raises(UnreadableMessageError, match="en-tête"):
        read(b"Subject: " + b"x" * 300_000 + b"\r\n\r\n")
    with pytest.raises(UnreadableMessageError, match="parties"):
        _ = read(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"\r\n--a\r\n\r\nx" * 3000).parts
    with pytest.raises(UnreadableMessageError, match="parties"):
        read(b"Subject: a\r\n\r\n" + b"\r\n--" * 21_000)
    with pytest.raises(UnreadableMessageError, match="paramètres"):
        read(b"Subject: a\r\n\r\n--a\r\nContent-Type: text/plain" + b";\r\n a=b" * 5_000)
    assert read(b"From: " + b"(" * 60_000 + b"\r\n\r\n").addresses("From") == []


@pytest.mark.parametrize("start", [MAIL, MDN.format("Disposition: a/b; processed/error\r\nError: 903^x").encode()])
def test_mutated_mails_are_read_or_refused(start: bytes) -> None:
    dice = random.Random("mail")
    words = [
        b"\r\n",
        b"--aa",
        b"--aa--",
        b"=?utf-8?b?",
        b"?=",
        b";",
        b'"',
        b"\xff\xfe",
        b"\0",
        b"Content-Type:",
        b":",
        b"(",
        b"<",
    ]
    read_ones = 0
    for _ in range(5_000):
        content = bytearray(start)
        for _ in range(dice.randint(1, 10)):
            at = dice.randrange(len(content))
            if dice.random() < 0.3:
                del content[at : at + dice.randint(1, 30)]
            else:
                content[at:at] = dice.choice(words)
        try:
            mail = read(bytes(content))
            assert isinstance([one.sha256 for one in mail.parts], list)
            receipts.receipt(mail)
            for name in ("From", "Subject", "To"):
                mail.addresses(name)
                mail.text(name)
            read_ones += 1
        except UnreadableMessageError:
            pass
    assert read_ones > 3_000
