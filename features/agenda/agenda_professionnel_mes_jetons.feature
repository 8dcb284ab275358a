# language: fr
@BSP @PSC @cible @banc @DE1-AGENDA-FB-ALIM
Fonctionnalité: Le DUI parle à l'agenda de Mon espace santé au nom de son professionnel
  ANS, sécurisation des API Pro Santé Connectées, v1.2.0 : le jeton de Pro Santé Connect s'échange contre celui de l'API.
  Que l'agenda des professionnels soit une telle API est ici une convention du banc.

  Contexte:
    Étant donné un professionnel connecté par Pro Santé Connect
    Et un usager connu du produit

  Scénario: Deux rendez-vous rapprochés n'échangent qu'un jeton
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Et le professionnel connecté déplace ce rendez-vous au 12/11/2024 à 15:30
    Alors Mon espace santé ne montre ce rendez-vous que le 12/11/2024 à 15:30
    Et le produit n'a échangé qu'un jeton avec l'API

  Scénario: Un jeton que l'agenda refuse est renouvelé une fois et le rendez-vous arrive
    Étant donné l'agenda des professionnels refuse une fois le jeton présenté
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Alors Mon espace santé ne montre ce rendez-vous que le 12/11/2024 à 10:00
    Et l'agenda des professionnels n'a été appelé que deux fois

  Scénario: Un jeton que l'agenda refuse toujours n'est pas redemandé sans fin
    Étant donné l'agenda des professionnels refuse tout jeton présenté
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Alors l'agenda des professionnels n'a été appelé que deux fois

  Scénario: Deux professionnels n'emploient jamais le jeton l'un de l'autre
    Étant donné un autre professionnel connecté par Pro Santé Connect
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Et l'autre professionnel connecté saisit un rendez-vous pour l'usager le 14/11/2024 à 11:00
    Alors l'agenda des professionnels a reçu de chacun un jeton différent
