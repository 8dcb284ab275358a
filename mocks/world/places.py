"""Places of birth that do not exist: no real person can bear a matricule made with them.

INSEE codes of five characters; the same five stand in the matricule.
"""

# No commune of Lozère has so high a number.
COMMUNES = ("99999", *(f"489{rank:02d}" for rank in range(1, 8)))
IN_CORSICA = {"2A": "2A999", "2B": "2B999"}
COUNTRY = "99998"  # of who was born abroad
NOWHERE = (*COMMUNES, *IN_CORSICA.values(), COUNTRY)
FRANCE = "99100"  # INSEE code of a country, as FranceConnect gives it
