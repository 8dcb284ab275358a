"""What the DMP offers outside of SOAP: the parameter file of software, and the Web-PS page (TD0.9)."""

from __future__ import annotations

from flask import Response, redirect, render_template_string, request
from lxml import etree
from werkzeug.wrappers import Response as AnyResponse

from mocks import world
from mocks.call import current_call
from mocks.dmp import model_records

PATH = "parametres/param-lps.xml"
_PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Web-PS DMP (banc d'essai)</title></head>
<body><h1>Web-PS DMP du banc d'essai</h1>
<p>{% if name %}Dossier de {{ name }}.{% else %}Aucun dossier : l'adresse ne porte pas l'INS d'une personne du
banc.{% endif %}</p></body></html>"""


def moved() -> AnyResponse:
    """The address that software knows: the file is elsewhere (EX_GEN-1222)."""
    return redirect(f"{current_call().base_url}/{PATH}", 302)


def parameters() -> Response:
    """The parameter file; its form is not published (banc)."""
    call = current_call()
    values = {
        "fonctions-gestion-mineurs": call.setting("gestion_mineurs"),
        "age-majorite": call.setting("age_majorite"),
        "cumul-invisible_patient-masque_ps": call.setting("cumul_invisible_patient_masque_ps"),
    }
    root = etree.Element("parametres")
    for name, value in values.items():
        etree.SubElement(root, "parametre", {"nom": name, "valeur": str(value).lower()})
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return Response(text, content_type="text/xml; charset=utf-8")


def web_ps(rest: str) -> str:
    """The page of a patient, if the call names one: any parameter may be the INS (its name is not published)."""
    call = current_call()
    said = [*request.values.values(), *rest.split("/")]
    found = None
    for text in said:
        found = found or _person(text.partition("^")[0])
    call.context |= {"transaction": "TD0.9", "web_ps": {"person": None if found is None else found.id}}
    if found is not None:
        call.identify(found.id)
    name = None if found is None else f"{found.given[0]} {found.family}"
    return render_template_string(_PAGE, name=name)


def _person(text: str) -> world.Person | None:
    call = current_call()
    return model_records.person_of(call.session, call.tenant.name, text) if len(text) == 15 else None
