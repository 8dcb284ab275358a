"""The product as a client of a manager of shared agendas (CI-SIS, volet Gestion d'agendas partagés 3.0.0)."""
