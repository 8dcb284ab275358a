"""The FHIR face of the DMP: the same registry and repository as the SOAP face, seen through PDSm 3.1.1 (sheet DMP §9).

Nothing is kept here: documents are read from the registry and shown as DocumentReference, lots as List; what is
deposited becomes ebRIM and goes the way of ITI-41.
"""
