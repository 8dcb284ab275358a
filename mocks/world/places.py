"""Places of birth that do not exist: no real person can bear a matricule made with them.

INSEE codes of five characters; the same five stand in the matricule.
"""

COMMUNE = "99999"
IN_CORSICA = {"2A": "2A999", "2B": "2B999"}
COUNTRY = "99998"  # of who was born abroad
NOWHERE = (COMMUNE, *IN_CORSICA.values(), COUNTRY)
FRANCE = "99100"  # INSEE code of a country, as FranceConnect gives it
