from harness.catalogue import load
from reports.labels import OUTSIDE, labels_of, links_of, severity_of, source_links


def test_epic_is_the_chapter_and_story_the_requirement() -> None:
    row = load()["DE1-AGENDA-UC1"]
    labels = labels_of({"MES", "officielle", row.id}, "L'agenda", load())
    assert ("epic", row.chapter) in labels
    assert ("feature", "L'agenda") in labels
    assert ("story", f"{row.id} : {row.title}") in labels
    assert ("exigence", row.id) in labels


def test_a_scenario_outside_of_the_catalogue_keeps_an_epic() -> None:
    assert labels_of({"MES"}, "Essai", load()) == [("epic", OUTSIDE), ("feature", "Essai")]


def test_severity_follows_the_authority_of_the_scenario() -> None:
    seen = [severity_of({tag, "MES"}) for tag in ("officielle", "deduite", "banc", "autre")]
    assert seen == ["critical", "normal", "minor", "normal"]


def test_links_lead_to_the_matrix_and_to_the_public_texts() -> None:
    row = load()["DE1-AGENDA-UC1"]
    assert links_of([row]) == [(f"{row.id}, {row.citation}", f"matrice.html#{row.id}")]
    assert list(source_links(["RFC 9126, 2.1", "HL7 FHIR R4", "RFC 9126"])) == [
        ("RFC 9126", "https://www.rfc-editor.org/rfc/rfc9126"),
        ("HL7 FHIR R4", "https://hl7.org/fhir/R4/"),
    ]
