# language: fr
@BSP @PSC @cible @banc
Fonctionnalité: Le professionnel lit l'agenda de Mon espace santé si l'usager y consent
  Cadre d'urbanisation, coordination, §1.2.4 cas 2 et §1.2.5 flux B (2). La forme de l'API est une convention du banc.

  Contexte:
    Étant donné un professionnel connecté par Pro Santé Connect
    Et un usager connu du produit
    Et un hôpital a ajouté « Radiographie » à l'agenda de l'usager le 06/11/2024 à 08:30

  @DE1-AGENDA-UC2-LECT @DE1-AGENDA-FB-LECT
  Scénario: Avec le consentement de l'usager, le DUI montre les événements d'ailleurs et d'où ils viennent
    Étant donné l'usager consent à ce que la structure lise son agenda
    Quand le professionnel connecté lit l'agenda de l'usager pour l'année 2024
    Alors le DUI montre « Radiographie » le 06/11/2024 à 08:30
    Et cet événement est montré comme venant de l'hôpital

  @DE1-AGENDA-UC2-LECT
  Scénario: Sans le consentement de l'usager, le DUI ne montre rien d'ailleurs
    Quand le professionnel connecté lit l'agenda de l'usager pour l'année 2024
    Alors le DUI ne montre aucun événement de l'année 2024

  @DE1-AGENDA-UC2-LECT
  Scénario: Le consentement retiré, ce qui avait été lu n'est plus montré
    Étant donné l'usager consent à ce que la structure lise son agenda
    Et le professionnel a lu l'agenda de l'usager pour l'année 2024
    Quand l'usager retire ce consentement
    Et le professionnel connecté lit l'agenda de l'usager pour l'année 2024
    Alors le DUI ne montre aucun événement de l'année 2024

  @DE1-AGENDA-UC2-LECT
  Scénario: Le consentement retiré, un agenda rendu vide efface ce qui avait été lu
    Étant donné sans consentement, l'agenda répond qu'il est vide
    Et l'usager consent à ce que la structure lise son agenda
    Et le professionnel a lu l'agenda de l'usager pour l'année 2024
    Quand l'usager retire ce consentement
    Et le professionnel connecté lit l'agenda de l'usager pour l'année 2024
    Alors le DUI ne montre aucun événement de l'année 2024

  @DE1-AGENDA-FB-LECT
  Scénario: Le consentement rendu, les événements d'ailleurs reparaissent
    Étant donné le professionnel a lu l'agenda de l'usager pour l'année 2024
    Quand l'usager consent de nouveau à ce que la structure lise son agenda
    Et le professionnel connecté lit l'agenda de l'usager pour l'année 2024
    Alors le DUI montre « Radiographie » le 06/11/2024 à 08:30

  @DE1-AGENDA-FB-LECT
  Scénario: Un rendez-vous du produit, relu dans Mon espace santé, n'est ni doublé ni renvoyé
    Étant donné l'usager consent à ce que la structure lise son agenda
    Et un rendez-vous que le professionnel a saisi pour l'usager le 12/11/2024 à 10:00
    Quand le professionnel connecté lit l'agenda de l'usager pour l'année 2024
    Alors le DUI montre 2 événements pour l'année 2024
    Et l'agenda de Mon espace santé montre deux événements

  @DE1-AGENDA-FB-LECT
  Scénario: Un agenda de plusieurs pages est lu en entier
    Étant donné l'agenda de Mon espace santé de l'usager compte 60 événements en 2024
    Et l'usager consent à ce que la structure lise son agenda
    Quand le professionnel connecté lit l'agenda de l'usager pour l'année 2024
    Alors le DUI montre 61 événements pour l'année 2024
