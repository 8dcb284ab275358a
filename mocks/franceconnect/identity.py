"""The pivot identity of a person, and who she is for one client (fact sheet identity-security, §3.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from mocks.world import Person
from mocks.world.places import FRANCE

PIVOT = ("given_name", "family_name", "birthdate", "gender", "birthplace", "birthcountry")
OTHERS = ("preferred_username", "email")
RNIPP = tuple(f"rnipp_{name}" for name in PIVOT)
GROUPS: Mapping[str, Sequence[str]] = {
    "identite_pivot": PIVOT,
    "rnipp_identite_pivot": RNIPP,
    "profile": ("given_name", "family_name", "birthdate", "gender", "preferred_username"),
    "rnipp_profile": ("rnipp_given_name", "rnipp_family_name", "rnipp_birthdate", "rnipp_gender"),
    "birth": ("birthplace", "birthcountry"),
    "rnipp_birth": ("rnipp_birthplace", "rnipp_birthcountry"),
}
SCOPES = ("openid", *PIVOT, *OTHERS, *RNIPP, *GROUPS)


def subject(tenant: str, client_id: str, person_id: str) -> str:
    """The `sub`: 64 hexadecimal digits and `v1`, always the same for a person and a client, another for another client.

    Source: FranceConnect+ documentation, technique-scope-fc (66 characters, hexadecimal plus the letter v).
    """
    whole = "\0".join(("banc franceconnect", tenant, client_id, person_id))
    return f"{hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()}v1"


def traits(person: Person) -> dict[str, str]:
    """All that FranceConnect knows of a person but `sub`; what it does not know is absent (preferred_username)."""
    pivot = {
        "given_name": " ".join(person.given),
        "family_name": person.family.upper(),  # capitals, that keep their accents
        "birthdate": person.birth_date.isoformat(),  # a day that nobody knows is the first: the world says so already
        "gender": "female" if person.sex == "F" else "male",
        "birthplace": person.birth_place if person.birth_country == FRANCE else "",
        "birthcountry": person.birth_country,
    }
    return {**pivot, "email": person.email, **{f"rnipp_{name}": value for name, value in pivot.items()}}


def allowed(scopes: Sequence[str]) -> frozenset[str]:
    """The claims that these scopes open."""
    return frozenset(name for scope in scopes for name in GROUPS.get(scope, (scope,)))
