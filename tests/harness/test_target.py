"""`cible.toml`: what is read, and how each fault is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import SetUpError, TargetError
from harness.target import parse_target
from harness.target_sections import FINALITIES
from harness.toml_lines import line_of

GOOD = """\
[produit]
nom = "Portail Démo"
version = "2.1"
editeur = "Éditeur fictif"
type = "dui+portail"

[pilote]
type = "http"
url = "http://127.0.0.1:9000/pilote"

[bac_a_sable]
mode = "local"

[revendications]
blocs = ["mes-agenda", "portail"]
cibles = ["DE1-AGENDA-FAP"]

[mes]
oid = "1.2.250.1.999.10.1"
redirect_uri = "/mes/retour"

[attentes]
delai_s = 2.5

[actions]
absentes = ["lire_mesures"]
"""
FILE = Path("cible.toml")


def test_a_good_file_is_read_whole() -> None:
    target = parse_target(GOOD, FILE)
    assert target.product.name == "Portail Démo"
    assert (target.driver.kind, target.driver.url) == ("http", "http://127.0.0.1:9000/pilote")
    assert (target.sandbox.mode, target.sandbox.tenant) == ("local", "defaut")
    assert target.claims.blocks == {"mes-agenda", "portail"}
    assert target.claims.rows == {"DE1-AGENDA-FAP"}
    assert target.mes is not None
    assert target.mes.finalities == FINALITIES
    assert target.mes.with_exchange
    assert target.wait_s == 2.5
    assert target.absent_actions == {"lire_mesures"}


def test_all_target_rows_can_be_claimed_at_once() -> None:
    assert parse_target(GOOD.replace('["DE1-AGENDA-FAP"]', '"toutes"'), FILE).claims.rows is None


WITHOUT_MES = GOOD.replace(GOOD[GOOD.index("[mes]") : GOOD.index("[attentes]")], "")


def test_a_product_need_not_be_a_client_of_mon_espace_sante() -> None:
    assert parse_target(WITHOUT_MES, FILE).mes is None


def test_the_sas_needs_the_oid_that_mon_espace_sante_would_have_said() -> None:
    with pytest.raises(TargetError, match=r"clé « sas\.oid » : clé obligatoire sans la section \[mes\]") as caught:
        parse_target(WITHOUT_MES + "\n[sas]\n", FILE)
    assert caught.value.line == WITHOUT_MES.count("\n") + 2
    named = parse_target(WITHOUT_MES + '\n[sas]\noid = "1.2.250.1.999.7"\n', FILE)
    assert named.sas is not None
    assert named.sas.oid == "1.2.250.1.999.7"


PSC = '\n[psc]\nclient_id = "c"\nredirect_uri = "/r"\npost_logout_redirect_uri = "/s"\n'


def test_the_agenda_of_professionals_needs_an_oid_and_their_login() -> None:
    with pytest.raises(TargetError, match=r"clé « bsp\.oid » : clé obligatoire sans la section \[mes\]"):
        parse_target(WITHOUT_MES + PSC + "\n[bsp]\n", FILE)
    with pytest.raises(TargetError, match=r"ajoutez la section \[psc\]"):
        parse_target(GOOD + "\n[bsp]\n", FILE)
    usual, named = (
        parse_target(text, FILE).bsp
        for text in (GOOD + PSC + "\n[bsp]\n", WITHOUT_MES + PSC + '\n[bsp]\noid = "1.2.250.1.999.7"\n')
    )
    assert usual is not None
    assert named is not None
    assert (usual.oid, named.oid) == ("1.2.250.1.999.10.1", "1.2.250.1.999.7")
    assert usual.scopes == ("agenda.write", "agenda.read")


def test_the_mode_of_the_command_line_wins() -> None:
    text = GOOD.replace('mode = "local"', 'mode = "local"\nurl = "https://bac.test"')
    assert parse_target(text, FILE, mode="distant").sandbox.mode == "distant"


FAULTS = [
    ("nom =", "nonm =", "produit.nonm", 2, "la plus proche connue est « nom »"),
    ("[pilote]", "[pilotte]", "pilotte", 7, "la plus proche connue est « pilote »"),
    ('version = "2.1"', "version = 2.1", "produit.version", 3, "attendu un texte, vu 2.1"),
    ('"dui+portail"', '"logiciel"', "produit.type", 5, "« dui », « portail », « dui+portail », vu « logiciel »"),
    ('url = "http', 'classe = "http', "pilote.classe", 9, "attendu un texte de la forme"),
    ('url = "http://127.0.0.1:9000/pilote"', "", "pilote.url", 7, "obligatoire quand pilote.type vaut « http »"),
    ('mode = "local"', 'mode = "distant"', "bac_a_sable.url", 11, "obligatoire en mode « distant »"),
    ('mode = "local"', 'mode = "embarque"', "bac_a_sable.mode", 12, "piloté en Python"),
    ('blocs = ["mes-agenda", "portail"]', "blocs = []", "revendications.blocs", 15, "au moins 1"),
    ('cibles = ["DE1-AGENDA-FAP"]', 'cibles = "tout"', "revendications.cibles", 16, "attendu « toutes »"),
    ("1.2.250.1.999.10.1", "1.02.250", "mes.oid", 19, "vu « 1.02.250 »"),
    ('redirect_uri = "/mes/retour"', "", "mes.redirect_uri", 18, "clé obligatoire absente"),
    ("delai_s = 2.5", "delai_s = 0", "attentes.delai_s", 23, "attendu plus de 0"),
    ('"portail"]', '"portial"]', "revendications.blocs", 15, "bloc inconnu « portial » ; la plus proche"),
    ("DE1-AGENDA-FAP", "DE1-AGENDA-FPA", "revendications.cibles", 16, "ligne inconnue du catalogue"),
    ("lire_mesures", "lire_mesure", "actions.absentes", 26, "action inconnue « lire_mesure » ; la plus proche"),
]


@pytest.mark.parametrize(("old", "new", "key", "line", "said"), FAULTS)
def test_a_fault_names_its_key_its_line_and_what_was_expected(
    old: str, new: str, key: str, line: int, said: str
) -> None:
    assert old in GOOD
    with pytest.raises(TargetError) as caught:
        parse_target(GOOD.replace(old, new, 1), FILE)
    assert (caught.value.key, caught.value.line) == (key, line)
    assert f"cible.toml, ligne {line}, clé « {key} »" in str(caught.value)
    assert said in str(caught.value)


def test_a_missing_table_has_no_line() -> None:
    with pytest.raises(TargetError, match="clé « revendications » : clé obligatoire absente") as caught:
        parse_target(GOOD.replace("[revendications]", "[actions2]").split("[actions2]")[0], FILE)
    assert caught.value.line == 0


def test_invalid_toml_names_its_line() -> None:
    with pytest.raises(TargetError, match="ligne 3") as caught:
        parse_target('[produit]\nnom = "A"\nversion =\n', FILE)
    assert caught.value.line == 3


def test_two_secrets_are_one_too_many() -> None:
    text = GOOD.replace("[attentes]", 'client_secret = "a"\nclient_secret_env = "B"\n\n[attentes]')
    with pytest.raises(TargetError, match="pas les deux"):
        parse_target(text, FILE)


def test_a_secret_of_the_environment_is_read_when_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    mes = parse_target(GOOD.replace("[attentes]", 'client_secret_env = "SECRET_MES"\n\n[attentes]'), FILE).mes
    monkeypatch.setenv("SECRET_MES", "s3cret")
    assert mes.secret == "s3cret"
    monkeypatch.delenv("SECRET_MES")
    with pytest.raises(SetUpError, match="SECRET_MES"):
        _ = mes.secret


@pytest.mark.parametrize(("path", "line"), [("a", 1), ("a.b", 2), ("a.zzz", 1), ("c.d.e", 5), ("f", 0), ("a.k1", 3)])
def test_lines_of_keys(path: str, line: int) -> None:
    assert line_of('[a]\nb = 1\n"k1" = 2\n[c.d]  # fin\ne = [1,\n 2]\n', path) == line


def test_the_dmp_is_told_who_the_product_is(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = parse_target(GOOD + "[dmp]\n", FILE).dmp
    assert usual is not None
    assert (usual.sector, usual.structure, usual.authorities, usual.liaison_sheet) == ("SA16", "", "", {})
    assert usual.homologation.endswith("FICTIF")
    told = 'homologation_env = "NUMERO"\nsecteur = "SA17"\ntype_fiche_liaison = {code = "X", systeme = "1.2"}\n'
    own = parse_target(f"{GOOD}[dmp]\n{told}", FILE).dmp
    assert own is not None
    assert (own.sector, own.liaison_sheet) == ("SA17", {"code": "X", "systeme": "1.2"})
    monkeypatch.delenv("NUMERO", raising=False)
    with pytest.raises(SetUpError, match=r"NUMERO.*dmp\.homologation_env"):
        _ = own.homologation
    monkeypatch.setenv("NUMERO", "1234")
    assert own.homologation == "1234"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('homologation = "1"\nhomologation_env = "N"', "dmp.homologation_env"),
        ('secteur = "EHPAD"', "dmp.secteur"),
        ('type_fiche_liaison = {code = "X"}', "dmp.type_fiche_liaison.systeme"),
    ],
)
def test_what_the_dmp_is_told_is_checked(line: str, key: str) -> None:
    with pytest.raises(TargetError) as caught:
        parse_target(f"{GOOD}[dmp]\n{line}\n", FILE)
    assert caught.value.key == key
