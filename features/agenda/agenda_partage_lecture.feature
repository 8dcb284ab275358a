# language: fr
@GAP @DE1-AGENDA-CISIS
Fonctionnalité: Un professionnel voit dans le produit ce qui est pris dans son agenda partagé
  CI-SIS, Gestion d'agendas partagés 3.0.0, flux 4b et 5b : le produit lit les rendez-vous du professionnel, d'où qu'ils
  viennent.

  Contexte:
    Étant donné un professionnel qui partage son agenda
    Et le professionnel a déclaré qu'il reçoit dans 10 jours de 09:00 à 10:00, puis de 14:00 à 15:00

  @officielle
  Scénario: Le rendez-vous pris ailleurs est montré au professionnel
    Étant donné quelqu'un d'autre a pris rendez-vous chez le professionnel dans 10 jours à 14:30
    Quand le professionnel ouvre son agenda dans 10 jours
    Alors le produit montre au professionnel ses rendez-vous dans 10 jours à 14:30, et aucun autre

  @officielle
  Scénario: Les rendez-vous de toutes les pages sont montrés au professionnel
    Étant donné le gestionnaire d'agendas répond par pages de 1
    Et quelqu'un d'autre a pris rendez-vous chez le professionnel dans 10 jours à 09:00
    Et quelqu'un d'autre a pris rendez-vous chez le professionnel dans 10 jours à 14:30
    Quand le professionnel ouvre son agenda dans 10 jours
    Alors le produit montre au professionnel ses rendez-vous dans 10 jours à 09:00 et 14:30, et aucun autre

  @deduite
  Scénario: Un code inconnu ne cache pas les rendez-vous du professionnel
    Étant donné quelqu'un d'autre a pris rendez-vous chez le professionnel dans 10 jours à 14:30
    Et l'agenda partagé emploie un code inconnu
    Quand le professionnel ouvre son agenda dans 10 jours
    Alors le produit montre au professionnel ses rendez-vous dans 10 jours à 14:30, et aucun autre
