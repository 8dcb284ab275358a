"""What the service offers under `/fhir`."""

from __future__ import annotations

from mocks.fhir import FhirServer
from mocks.mes.agenda import AGENDA
from mocks.mes.documents import CONTENTS, DOCUMENTS
from mocks.mes.measures import DEVICES, MEASURES

FHIR = FhirServer("mes", (AGENDA, MEASURES, DEVICES, DOCUMENTS, CONTENTS), title="Mon espace santé (banc)", version="1")
