"""The product as a client of the FHIR face of the DMP (CI-SIS PDSm 3.1.1)."""
