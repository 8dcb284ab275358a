"""The product as a server: the FHIR APIs that it exposes to other systems (third-party agendas, SAS platform)."""
