"""A tiny scripted INSi, for the tests of the product alone: a register, and what was seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import httpx
from lxml import etree

URL = "https://insi.test/insi/lps"
SETTINGS = {"url": URL, "idam": "CN-ESSAI-0001", "mode": "certificat"}
TEST_OID = "1.2.250.1.213.1.4.10"
SOAP = "http://www.w3.org/2003/05/soap-envelope"
Reply = httpx.Response | Exception


@dataclass(frozen=True)
class Known:
    """Somebody of the register. former: matricules of before."""

    matricule: str = "255069999999934"
    family: str = "TESTINE"
    given: str = "MARIE ANNE"
    sex: str = "F"
    born: str = "1955-06-09"
    place: str = "99999"
    oid: str = TEST_OID
    former: tuple[str, ...] = ()


MARIE = Known()


@dataclass
class FakeInsi:
    """Finds whoever bears these traits; `script` answers first, once each."""

    register: list[Known] = field(default_factory=lambda: [MARIE])
    script: list[Reply] = field(default_factory=list)
    seen: list[tuple[httpx.Request, etree._Element]] = field(default_factory=list)

    def only(self, **changes: object) -> None:
        """The register holds Marie, and nobody else, with these changes."""
        self.register = [replace(MARIE, **changes)]  # type: ignore[arg-type]

    def sent(self, name: str, call: int = -1) -> list[str]:
        """Texts of the elements of that name in one call."""
        return [element.text or "" for element in self.seen[call][1].iter(f"{{*}}{name}")]

    @property
    def actions(self) -> list[str]:
        return [self.sent("Action", i)[0].rpartition(":")[2] for i in range(len(self.seen))]

    def handle(self, request: httpx.Request) -> httpx.Response:
        root = etree.fromstring(request.content)
        self.seen.append((request, root))
        if self.script:
            reply = self.script.pop(0)
            if isinstance(reply, Exception):
                raise reply
            return reply
        if self.sent("VERIFICATION"):
            return answer(f"<CR><CodeCR>{'OK' if self._verified() else 'KO'}</CodeCR></CR>")
        return found(self._found())

    def _found(self) -> list[Known]:
        if self.sent("RECVITALE"):
            return [one for one in self.register if one.matricule[:13] in self.sent("NumIdentifiant")]
        names, places = " ".join(self.sent("Prenom")), self.sent("LieuNaissance")
        traits = (self.sent("NomNaissance"), self.sent("Sexe"), self.sent("DateNaissance"))
        return [
            one
            for one in self.register
            if ([one.family], [one.sex], [one.born]) == traits
            and re.match(rf"{re.escape(names)}\b", one.given)
            and places in ([], [one.place])
        ]

    def _verified(self) -> bool:
        number = (self.sent("NumIdentifiant")[0] + self.sent("Cle")[0], self.sent("OID")[0])
        traits = (self.sent("NomNaissance")[0], self.sent("Sexe")[0], self.sent("DateNaissance")[0])
        return any(
            ((one.matricule, one.oid), (one.family, one.sex, one.born)) == (number, traits) for one in self.register
        )


def found(people: list[Known]) -> httpx.Response:
    """The answer of a search that found these people."""
    code = "00" if len(people) == 1 else "02" if people else "01"
    return answer(f"<CR><CodeCR>{code}</CodeCR></CR>{_told(people[0]) if code == '00' else ''}")


def fault(subcode: str = "siram_40", who: str = "Receiver", status: int = 500) -> httpx.Response:
    """A SOAP fault."""
    return _envelope(
        f"<S:Fault><S:Code><S:Value>S:{who}</S:Value><S:Subcode><S:Value>S:{subcode}</S:Value></S:Subcode></S:Code>"
        "<S:Reason><S:Text>Refus pour l'essai.</S:Text></S:Reason></S:Fault>",
        status,
    )


def answer(content: str) -> httpx.Response:
    """An answer whose RESULTAT holds this."""
    return _envelope(f'<RESULTAT xmlns="http://www.cnamts.fr/INSiResultat">{content}</RESULTAT>')


def _envelope(body: str, status: int = 200) -> httpx.Response:
    text = f'<S:Envelope xmlns:S="{SOAP}"><S:Body>{body}</S:Body></S:Envelope>'
    return httpx.Response(status, text=text, headers={"Content-Type": "application/soap+xml; charset=utf-8"})


def _told(one: Known) -> str:
    former = "".join(f"<INSHISTO>{_number(old, one.oid)}</INSHISTO>" for old in one.former)
    traits = (
        f"<NomNaissance>{one.family}</NomNaissance><ListePrenom>{one.given}</ListePrenom><Sexe>{one.sex}</Sexe>"
        f"<DateNaissance>{one.born}</DateNaissance><LieuNaissance>{one.place}</LieuNaissance>"
    )
    active = f"<INSACTIF>{_number(one.matricule, one.oid)}</INSACTIF>"
    return f"<INDIVIDU>{active}{former}<TIQ>{traits}</TIQ></INDIVIDU>"


def _number(matricule: str, oid: str) -> str:
    number, key = matricule[:13], matricule[13:]
    return f"<IdIndividu><NumIdentifiant>{number}</NumIdentifiant><Cle>{key}</Cle></IdIndividu><OID>{oid}</OID>"
