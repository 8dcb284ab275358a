# language: fr
@MES @DE1-AGENDA-UC1P
Fonctionnalité: L'usager voit le même agenda sur le portail et dans Mon espace santé
  Cadre d'urbanisation, coordination, §1.2.4 cas d'usage 1' : le DUI alimente l'agenda du portail, qui peut aussi
  reprendre celui de Mon espace santé ; l'usager choisit l'une ou l'autre vue.

  @deduite
  Scénario: Le portail réunit les rendez-vous du DUI et ceux de Mon espace santé, chacun avec son origine
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et l'usager a ajouté « Pédicure » à son Mon espace santé le 03/12/2024 à 10:00
    Quand le professionnel saisit dans le DUI un rendez-vous « Atelier mémoire » pour l'usager le 04/12/2024 à 14:00
    Et le portail reprend l'agenda de Mon espace santé pour l'année 2024
    Alors le portail montre pour l'année 2024 ces événements, et eux seuls :
      | intitulé        | le         | à     | origine |
      | Pédicure        | 03/12/2024 | 10:00 | usager  |
      | Atelier mémoire | 04/12/2024 | 14:00 | produit |
    Et l'agenda de Mon espace santé montre deux événements
