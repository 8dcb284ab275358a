"""Practitioners who open slots to the SAS (service d'accès aux soins), and what its platform is told of them."""
