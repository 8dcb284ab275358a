# language: fr
@GAP @DE1-AGENDA-CISIS
Fonctionnalité: Un professionnel publie son agenda dans l'agenda partagé
  CI-SIS, Gestion d'agendas partagés 3.0.0, flux 1a, 2a à 2c et 3a à 3c : le produit déclare le professionnel, son agenda,
  puis ses disponibilités ; le gestionnaire d'agendas en tire les créneaux offerts à tous.

  Contexte:
    Étant donné un professionnel qui partage son agenda

  @officielle
  Scénario: Les disponibilités d'un professionnel deviennent des créneaux
    Quand le professionnel déclare qu'il reçoit dans 10 jours de 09:00 à 11:00
    Alors le gestionnaire d'agendas offre le professionnel dans 10 jours à 09:00, 09:30, 10:00 et 10:30, et à aucune autre heure

  @officielle
  Scénario: Pendant une absence, aucun créneau n'est offert
    Quand le professionnel déclare qu'il reçoit dans 10 jours de 09:00 à 11:00 mais s'absente de 09:30 à 10:30
    Alors le gestionnaire d'agendas offre le professionnel dans 10 jours à 09:00 et 10:30, et à aucune autre heure

  @officielle
  Scénario: Une disponibilité change, et elle seule
    Étant donné le professionnel a déclaré qu'il reçoit dans 10 jours de 09:00 à 10:00, puis de 14:00 à 15:00
    Quand le professionnel reçoit plutôt, pour la première, dans 10 jours de 10:00 à 11:00
    Alors le gestionnaire d'agendas offre le professionnel dans 10 jours à 10:00, 10:30, 14:00 et 14:30, et à aucune autre heure

  @officielle
  Scénario: Une disponibilité est retirée, et elle seule
    Étant donné le professionnel a déclaré qu'il reçoit dans 10 jours de 09:00 à 10:00, puis de 14:00 à 15:00
    Quand le professionnel retire la seconde de ses disponibilités
    Alors le gestionnaire d'agendas offre le professionnel dans 10 jours à 09:00 et 09:30, et à aucune autre heure

  @banc
  Scénario: Un changement passe aussi là où l'agenda s'envoie en entier
    Étant donné le gestionnaire d'agendas n'admet pas qu'un agenda change en partie
    Et le professionnel a déclaré qu'il reçoit dans 10 jours de 09:00 à 10:00, puis de 14:00 à 15:00
    Quand le professionnel retire la seconde de ses disponibilités
    Alors le gestionnaire d'agendas offre le professionnel dans 10 jours à 09:00 et 09:30, et à aucune autre heure

  @deduite
  Scénario: Une disponibilité hebdomadaire garde son heure d'une saison à l'autre
    Quand le professionnel déclare qu'il reçoit chaque lundi à 09:00, de part et d'autre du prochain changement d'heure
    Alors le gestionnaire d'agendas offre ces deux lundis à 09:00 et 09:30, et rien d'autre

  @deduite
  Scénario: Une réponse perdue ne double pas l'agenda
    Étant donné le gestionnaire d'agendas coupe la connexion après avoir enregistré l'agenda
    Quand le professionnel déclare qu'il reçoit dans 10 jours de 09:00 à 10:00
    Alors le gestionnaire d'agendas offre le professionnel dans 10 jours à 09:00 et 09:30, et à aucune autre heure

  @officielle
  Scénario: Un agenda fermé n'offre plus de créneau
    Étant donné le professionnel a déclaré qu'il reçoit dans 10 jours de 09:00 à 10:00, puis de 14:00 à 15:00
    Quand le professionnel ferme son agenda
    Alors le gestionnaire d'agendas n'offre plus aucun créneau du professionnel
