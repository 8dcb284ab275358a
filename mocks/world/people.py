"""Fictitious people, made from a number: the same number gives the same person."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from mocks.world import places
from profiles.keys import TEST_INS_OID, luhn_key, nir_key

# Names with what breaks software: accents, cedilla, ligature, hyphen, apostrophe, space, one letter.
FAMILIES = (
    "Lefèvre", "d'Ormesson-Fictif", "Le Guénédal", "Çelik", "Nuñez", "Œuvrard", "Müller", "Ba",
    "Saint-Cyr Delaunay", "Ÿvetot", "Dupont-Exemple", "N'Diaye", "Ô", "Brûlé", "Maïssa", "Zoé-Labeille",
    "Châtaignier", "de la Fiction", "L'Hénoret", "Béranger-Essai", "Pérec", "Nguyễn", "Van Den Brücke", "Özdemir",
    "Gonçalves", "Hœchst", "Quéméneur", "Étienne", "d'Août", "Léïn", "Saint-Ïsle", "Boût",
)  # fmt: skip
GIVEN_F = (
    "Zoé", "Anaïs", "Solène", "Cœline", "Ève", "Noëlle", "Aïcha", "Françoise",
    "Hélène", "Éloïse", "Inès", "Maëlys", "Agnès", "Zélie", "Bérénice", "Thaïs",
)  # fmt: skip
GIVEN_M = (
    "Gaël", "Loïc", "Benoît", "Noé", "Théo", "Aurèle", "Mickaël", "Désiré",
    "Jérôme", "Éloi", "Raphaël", "Côme", "Timothée", "Gaëtan", "Hervé", "Anselme",
)  # fmt: skip
# As many as above, and no word of them: composed names are no homonyms either.
COMPOSED_F = (
    "Anne-Sophie", "Rose-Aimée", "Marie-Léa", "Anne-Cécile", "Marie-Joëlle", "Lise-Andréa", "Claire-Élise",
    "Lou-Océane", "Jeanne-Irénée", "Maud-Irène", "Lina-Chloé", "Léa-Gaëlle", "Sarah-Maïa", "Iris-Chloé", "Emma-Noémie",
    "Nell-Andrée",
)  # fmt: skip
COMPOSED_M = (
    "Pierre-Élie", "Charles-Édouard", "Jean-Noël", "Paul-André", "Marc-Aimé", "Louis-Rémi", "Yves-Rémi", "Luc-Aimé",
    "Guy-Médéric", "Max-Émile", "Abel-Léon", "Hugo-Amédée", "Loup-Elzéar", "Tom-Gédéon", "Jean-Cléry", "Ali-Séraphin",
)  # fmt: skip
# Nobody's first name is another's second: a portal rightly asks a human whether two such files are one person's.
SECOND_F = ("Émilie", "Joséphine", "Clotilde", "Églantine", "Félicité", "Odélia", "Sidonie", "Mélodie")
SECOND_M = ("Frédéric", "Grégoire", "Léopold", "Clément", "Honoré", "Médard", "Valère", "Ambroise")
ADULT = 18
FRANCE_CONNECT = "fc-"  # before login and password in Mon espace santé, to make those of FranceConnect
# Two persons of one tenant with the same name and sex would be homonyms that nobody asked for (INSi answers 02 to those
# of one day, a portal asks a human): 1024 persons take each a name of their own, and the next ones a longer one.
NAMES = 2 * len(FAMILIES) * len(GIVEN_F)
LONGER = ("", "ot", "ard", "in", "eau", "el", "ier", "ette")
_ORDER = random.Random("banc names").sample(range(NAMES), NAMES)


@dataclass(frozen=True, slots=True)
class Birth:
    """What is particular about a birth.

    abroad: outside France. corsica: department, `2A` or `2B`. day_unknown: the day is not known to the register (the
    date says the first of the month). composed: first names with a hyphen.
    """

    abroad: bool = False
    corsica: str | None = None
    day_unknown: bool = False
    composed: bool = False

    def place(self, thousand: int = 0) -> str:
        """INSEE code of the place of birth (five characters); none exists.

        thousand: of the person's number, since a matricule numbers a thousand births of a month in one commune.
        """
        if self.abroad:
            return places.COUNTRY
        if self.corsica is not None:
            return places.IN_CORSICA[self.corsica]
        return places.COMMUNES[thousand % len(places.COMMUNES)]


ORDINARY = Birth()


@dataclass(frozen=True, slots=True)
class Person:
    """A fictitious usager, with an account in Mon espace santé and one that opens FranceConnect and FranceConnect+.

    profile: OD (own account) or AD (child attached to the account of `representative`). birth_place: INSEE code of a
    commune, or of a country (99…) for who was born abroad. birth_country: INSEE code. day_unknown: the register does
    not know the day of birth, `birth_date` says the first of the month.
    """

    id: str
    family: str
    given: tuple[str, ...]
    sex: str
    birth_date: date
    birth_place: str
    ins: str
    email: str
    phone: str
    login: str
    password: str
    profile: str
    representative: str | None = None
    birth_country: str = places.FRANCE
    day_unknown: bool = False

    @property
    def france_connect_login(self) -> str:
        """Identifier of the FranceConnect account."""
        return FRANCE_CONNECT + self.login

    @property
    def france_connect_password(self) -> str:
        """Password of the FranceConnect account: not that of Mon espace santé."""
        return FRANCE_CONNECT + self.password

    def as_json(self) -> dict[str, Any]:
        """The person as the admin API shows it (architecture §4)."""
        return {
            "id": self.id,
            "nom": self.family,
            "prenoms": list(self.given),
            "sexe": self.sex,
            "date_naissance": self.birth_date.isoformat(),
            "commune_naissance": self.birth_place,
            "pays_naissance": self.birth_country,
            "jour_naissance_inconnu": self.day_unknown,
            "ins": {"matricule": self.ins, "oid": TEST_INS_OID},
            "courriel": self.email,
            "telephone": self.phone,
            "mes": {"identifiant": self.login, "mot_de_passe": self.password, "profil": self.profile},
            "franceconnect": {"identifiant": self.france_connect_login, "mot_de_passe": self.france_connect_password},
            "representant": self.representative,
        }

    def stored(self) -> dict[str, Any]:
        """The person as kept in the store."""
        return {**asdict(self), "birth_date": self.birth_date.isoformat()}

    @classmethod
    def restored(cls, data: Mapping[str, Any]) -> Person:
        """The person read back from the store."""
        return cls(**{**data, "given": tuple(data["given"]), "birth_date": date.fromisoformat(data["birth_date"])})


def make(number: int, birth_date: date, representative: str | None = None, birth: Birth = ORDINARY) -> Person:
    """The fictitious person of that number.

    birth_date: as wanted. representative: id of the legal representative of a child. birth: what is particular.
    """
    dice = random.Random(f"banc person {number}")
    rank = _ORDER[number % NAMES]
    sex, family = "FM"[rank % 2], FAMILIES[rank // 2 % len(FAMILIES)] + LONGER[number // NAMES % len(LONGER)]
    firsts: tuple[str, ...] = GIVEN_F if sex == "F" else GIVEN_M
    seconds: tuple[str, ...] = SECOND_F if sex == "F" else SECOND_M
    if birth.composed:
        firsts = COMPOSED_F if sex == "F" else COMPOSED_M
        seconds = firsts
    first = firsts[rank // 2 // len(FAMILIES) % len(firsts)]
    others = [name for name in seconds if name != first]
    given = (first, *dice.sample(others, k=1 if birth.composed else dice.choice((0, 1, 2))))
    place = birth.place(number // 1000)
    body = f"{2 if sex == 'F' else 1}{birth_date:%y%m}{place}{number % 1000:03d}"
    return Person(
        id=f"p{number}",
        family=family,
        given=given,
        sex=sex,
        birth_date=birth_date.replace(day=1) if birth.day_unknown else birth_date,
        birth_place=place,
        ins=body + nir_key(body),
        email=f"usager{number}@exemple.test",
        phone=f"+33639980{number % 1000:03d}",  # range kept for fiction by the ARCEP (06 39 98)
        login=f"usager{number}",
        password=f"Fictif-{dice.randrange(10**8):08d}",
        profile="OD" if representative is None else "AD",
        representative=representative,
        birth_country=places.COUNTRY if birth.abroad else places.FRANCE,
        day_unknown=birth.day_unknown,
    )


def birth_date_at(age: int, today: date, number: int = 0) -> date:
    """A date of birth that gives this age (years) on that day and for five months yet.

    number: of the person; those with one name are not born on the same day.
    """
    month, year = (today.month - 6, today.year) if today.month > 6 else (today.month + 6, today.year - 1)
    return date(year - age, month, 1 + (14 + number // NAMES) % 28)


def professional(number: int) -> dict[str, str]:
    """A fictitious professional: RPPS with its Luhn key, in the range 8 9999 (never allotted)."""
    dice = random.Random(f"banc professional {number}")
    body = f"89999{number % 100_000:05d}"
    given = dice.choice(GIVEN_F + GIVEN_M)
    return {
        "nom": dice.choice(FAMILIES),
        "prenom": given,
        "rpps": body + luhn_key(body),
        "mssante": f"pro{number}@exemple.mssante.test",
    }


def structure(number: int) -> dict[str, str]:
    """A fictitious structure: FINESS in the department 00 (does not exist), SIRET of a SIREN that begins with 0000."""
    body = f"009{number % 100_000:05d}"
    siren = f"0000{number % 10_000:04d}"
    place = f"{siren}{luhn_key(siren)}0001"
    return {
        "nom": f"ESMS fictif n° {number}",
        "finess": body + luhn_key(body),
        "siret": place + luhn_key(place),
        "mssante": f"esms{number}@exemple.mssante.test",
    }
