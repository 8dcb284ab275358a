"""DMP-016 to DMP-022: the assertion (VIHF) of each call, its signature, and the certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from cryptography import x509

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import CALLS, HOMO, TRANS, WITH_VIHF, code, listed, mapping, texts, vihf
from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.oidc import OVER_TLS, certificate
from rules.reading import dig, shown, text
from rules.selectors import SPOILED, On

_XSPA = "urn:oasis:names:tc:xspa:1.0:subject:"
_REQUIRED = (
    "VIHF_Version",
    "Authentification_Mode",
    "Identifiant_Structure",
    "Secteur_Activite",
    f"{_XSPA}subject-id",
    "urn:oasis:names:tc:xacml:2.0:resource:resource-id",
    "Ressource_URN",
    "LPS_Nom",
    "LPS_Version",
    "LPS_ID_HOMOLOGATION_DMP",
)
_PARTS = {
    "name_id": "Subject/NameID",
    "issuer": "Issuer",
    "authn_instant": "AuthnStatement/@AuthnInstant",
    "class_ref": "AuthnContextClassRef",
}
_ALGORITHMS = {
    "algorithm": ("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"),
    "digest": ("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha256"),
    "c14n": ("CanonicalizationMethod", "http://www.w3.org/2001/10/xml-exc-c14n#"),
}
_TRUST = {"inconnue": "d'une autorité inconnue", "expiree": "expiré", "revoquee": "révoqué"}
_X509_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"
_PROFESSIONS = "1.2.250.1.71.1.2.7"
_BY_ROLE = ("99", "1.2.250.1.213.1.6.1.140")
_SECOND = {("10", _PROFESSIONS): "médecin", ("21", _PROFESSIONS): "pharmacien", _BY_ROLE: "acteur désigné par son rôle"}
# JDV_J65-SubjectRole-DMP (29/07/2022): its code systems; the codes themselves grow with the nomenclatures.
_ROLE_SYSTEMS = frozenset(
    (
        _PROFESSIONS,
        "1.2.250.1.213.1.6.1.4",
        "1.2.250.1.213.1.6.1.107",
        "1.2.250.1.213.1.6.1.109",
        _BY_ROLE[1],
        "1.2.250.1.213.1.1.4.6",
    )
)
_AGE, _AHEAD = timedelta(minutes=5), timedelta(minutes=1)
_SIGNED = WITH_VIHF & On(lambda e: bool(dig(e.context, "vihf", "signature", "state")))
# A call whose envelope could be read: a message that is no SOAP is DMP-029's.
_READ = CALLS & On(lambda e: bool(dig(e.context, "soap", "action")))


@rule(
    "DMP-016",
    Level.SHALL,
    Authority.OFFICIELLE,
    TRANS,
    title="Chaque requête porte un VIHF, et un seul, avec tous ses attributs obligatoires.",
    on=_READ,
)
def complete_vihf(exchange: Exchange) -> Iterator[Finding]:
    """A fault before the assertion was looked at says nothing of it."""
    said = vihf(exchange)
    if not said:
        if dig(exchange.context, "soap", "fault") in ("vihf_absent", "vihf_double"):
            yield Finding("en-tête wsse:Security", "une assertion SAML 2.0 (VIHF)", "aucune, ou plusieurs")
        return
    if said.get("count") not in (1, None):
        yield Finding("en-tête wsse:Security", "une seule assertion SAML 2.0", shown(said.get("count")))
    attributes = mapping(said.get("attributes"))
    for name in _REQUIRED:
        if not any(texts(attributes.get(name))):
            yield Finding(f"VIHF, attribut {name}", "une valeur", shown(_other_case(name, attributes)))
    if not any(code(one)[0] for one in listed(said.get("roles"))):
        yield Finding("VIHF, attribut urn:oasis:names:tc:xacml:2.0:subject:role", "un élément Role", "rien")
    if not code(said.get("purpose"))[0]:
        yield Finding(f"VIHF, attribut {_XSPA}purposeofuse", "un élément PurposeOfUse", "rien")
    for key, part in _PARTS.items():
        if not said.get(key):
            yield Finding(f"VIHF, {part}", "une valeur", "rien")
    target = texts(attributes.get("Ressource_URN"))
    if any(target) and target != ["urn:dmp"]:
        yield Finding("VIHF, attribut Ressource_URN", "urn:dmp", shown(target[0]))


def _other_case(name: str, attributes: object) -> str:
    """The same name in another case, which is another attribute."""
    return next((f"l'attribut {one}" for one in mapping(attributes) if str(one).lower() == name.lower() != one), "")


@rule(
    "DMP-017",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TRANS} ; {HOMO} (EX_GEN-1450)",
    title="Le VIHF est signé (RSA-SHA256, SHA-256, canonisation exclusive), en entier, par le certificat de cachet.",
    on=_SIGNED,
)
def signed_whole(exchange: Exchange) -> Iterator[Finding]:
    """Which certificate signs in indirect mode is known from vendors only: that point is inferred."""
    said = mapping(vihf(exchange).get("signature"))
    if said.get("state") != "valide":
        seen = {"absente": "aucune", "invalide": "une signature qui ne se vérifie pas"}
        yield Finding("VIHF, Signature", "une signature valide", seen.get(text(said.get("state")), "une autre"))
        return
    if said.get("whole") is False:
        yield Finding("VIHF, Signature/SignedInfo/Reference/@URI", "# et l'ID de l'assertion", "une autre référence")
    for key, (element, expected) in _ALGORITHMS.items():
        if said.get(key) != expected:
            yield Finding(f"VIHF, Signature/SignedInfo, {element}", expected, shown(said.get(key)))
    if said.get("trust") in _TRUST and not SPOILED(exchange):
        seen_as = f"un certificat {_TRUST[text(said.get('trust'))]}"
        yield Finding("VIHF, X509Data", "un certificat ORG_SIGN valide", seen_as, authority=Authority.DEDUITE)
    if vihf(exchange).get("mode") == "INDIRECTE" and dig(said, "certificate", "client_auth") is True:
        expected = "le certificat de cachet (ORG_SIGN)"
        yield Finding("VIHF, X509Data", expected, "un certificat client (TLS)", authority=Authority.DEDUITE)


@rule(
    "DMP-018",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_GEN-1450, EX_AIR-080)",
    title="La connexion TLS est mutuelle, avec un certificat client autre que celui qui signe le VIHF.",
    on=WITH_VIHF & OVER_TLS,
)
def two_certificates(exchange: Exchange) -> Iterator[Finding]:
    if certificate(exchange) is None:
        yield Finding("certificat client", "le certificat ORG_AUTH_CLI de la structure", "aucun")
    elif vihf(exchange).get("tls_same_certificate") is True:
        yield Finding("certificat client", "un certificat ORG_AUTH_CLI", "le certificat qui signe le VIHF")


@rule(
    "DMP-019",
    Level.SHALL,
    Authority.OFFICIELLE,
    TRANS,
    title="L'émetteur du VIHF est le sujet du certificat de signature, au format X509SubjectName.",
    on=_SIGNED & On(lambda e: bool(dig(e.context, "vihf", "signature", "certificate", "subject"))),
)
def issuer_is_the_signer(exchange: Exchange) -> Iterator[Finding]:
    """The order in which the parts of the name are written is left to the product, and so are names we cannot read."""
    said = vihf(exchange)
    if said.get("issuer_format") != _X509_NAME:
        yield Finding("VIHF, Issuer/@Format", _X509_NAME, shown(said.get("issuer_format")))
    subject = text(dig(said, "signature", "certificate", "subject"))
    issuer = _name(text(said.get("issuer")))
    if issuer != _name(subject):
        unread = isinstance(issuer, str) and "=" in issuer
        weight = Authority.DEDUITE if unread else None
        yield Finding("VIHF, Issuer", subject, shown(said.get("issuer")), authority=weight)


def _name(written: str) -> list[tuple[str, str]] | str:
    """The parts of a distinguished name, in no order; the text itself when it is none."""
    pieces = (piece.strip() for piece in re.split(r"(?<!\\),", written))
    try:
        read = x509.Name.from_rfc4514_string(",".join(pieces))
    except ValueError:
        return written
    return sorted((part.oid.dotted_string, str(part.value)) for part in read)


@rule(
    "DMP-020",
    Level.SHOULD,
    Authority.BANC,
    "Convention du banc : la durée de validité du VIHF n'est pas publiée",
    title="Chaque requête a une assertion neuve, émise à l'instant, en temps universel.",
    on=WITH_VIHF,
    over="scenario",
)
def fresh_assertion(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    seen: set[str] = set()
    for e in exchanges:
        identifier, written = text(vihf(e).get("id")), text(vihf(e).get("issue_instant"))
        age = vihf(e).get("age_s")
        if identifier in seen:
            yield Finding("VIHF, @ID", "un identifiant neuf", "celui d'une requête précédente", exchange=e.id)
        elif not written.endswith("Z") or parse_instant(written) is None:
            yield Finding("VIHF, @IssueInstant", "un instant en temps universel (Z)", shown(written), exchange=e.id)
        elif isinstance(age, int | float) and not -_AHEAD.total_seconds() <= age <= _AGE.total_seconds():
            yield Finding("VIHF, @IssueInstant", "l'instant de l'appel", f"{-age:+.0f} s", exchange=e.id)
        else:
            yield Examined(e.id)
        seen |= {identifier} - {""}


@rule(
    "DMP-021",
    Level.SHALL,
    Authority.OFFICIELLE,
    TRANS,
    title="Le VIHF ne porte pas de restriction d'audience.",
    on=WITH_VIHF & On(lambda e: isinstance(dig(e.context, "vihf", "audience"), bool)),
)
def no_audience(exchange: Exchange) -> Iterator[Finding]:
    if vihf(exchange)["audience"]:
        yield Finding("VIHF, Conditions/AudienceRestriction", "absent", "présent")


@rule(
    "DMP-022",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TRANS} ; JDV_J65-SubjectRole-DMP",
    title="Le premier rôle est la profession ; seuls médecins, pharmaciens et acteurs par rôle en ont un second.",
    on=WITH_VIHF & On(lambda e: any(code(one)[0] for one in listed(dig(e.context, "vihf", "roles")))),
)
def roles_of_the_profession(exchange: Exchange) -> Iterator[Finding]:
    """The value set may have grown since our copy (2022): a system that is not in it is inferred to be wrong."""
    roles = [code(one) for one in listed(vihf(exchange).get("roles")) if code(one)[0]]
    at = "VIHF, attribut urn:oasis:names:tc:xacml:2.0:subject:role"
    if roles[0][1] not in _ROLE_SYSTEMS:
        expected = "un code de JDV_J65-SubjectRole-DMP"
        yield Finding(f"{at}[1]", expected, shown("^".join(roles[0])), authority=Authority.DEDUITE)
    elif roles[0] in _SECOND and len(roles) != 2:
        expected = f"deux valeurs ({_SECOND[roles[0]]})"
        yield Finding(at, expected, str(len(roles)))
    elif roles[0] not in _SECOND and len(roles) > 1:
        yield Finding(f"{at}[2]", "aucune seconde valeur", shown("^".join(roles[1])))
