# language: fr
@MES @DE1-AGENDA-FA @DE4-41-FA
Fonctionnalité: Le flux vers Mon espace santé décrit le rendez-vous
  Cadre d'urbanisation, coordination, §1.2.5 flux A : le flux porte, selon le rendez-vous, des données
  administratives, de santé, d'accompagnement ou de service.

  @deduite
  Scénario: Santé, accompagnement, démarche ou prestation, chaque rendez-vous a sa place dans l'agenda
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Quand le produit crée ces rendez-vous pour l'usager :
      | le         | à     | nature         | intitulé                 |
      | 02/12/2024 | 09:00 | sante          | Kinésithérapie           |
      | 02/12/2024 | 11:00 | accompagnement | Sortie à la médiathèque  |
      | 02/12/2024 | 14:00 | administratif  | Signature de l'avenant   |
      | 02/12/2024 | 16:00 | prestation     | Livraison de matériel    |
    Alors l'agenda de Mon espace santé montre un seul événement pour chacun

  @deduite
  Scénario: Le professionnel du rendez-vous est nommé
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Quand le produit crée un rendez-vous avec Hélène Œuvrard pour l'usager le 05/12/2024 à 10:00
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et cet événement nomme Œuvrard

  @banc
  Scénario: Une demande de rendez-vous ne se dit confirmée qu'une fois confirmée
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Quand le produit crée une demande de rendez-vous pour l'usager le 09/12/2024 à 14:00
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et cet événement est marqué demandé
    Quand le produit confirme ce rendez-vous
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et cet événement est marqué confirmé

  @deduite @DE1-AGENDA-DOM
  Scénario: Une intervention à domicile arrive dans l'agenda avec son adresse
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Quand le produit crée une intervention au domicile de l'usager, 12 rue des Érables à Nantes, le 06/12/2024 à 08:00
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et cet événement indique 12 rue des Érables
