# language: fr
@cible
Fonctionnalité: L'agenda qu'un professionnel s'est choisi trouve dans le produit quand il est libre
  Cadre d'urbanisation, coordination, §1.2.4 cas 3 : les disponibilités du professionnel se tiennent d'accord dans toutes ses
  structures. Échanges du CI-SIS, Gestion d'agendas partagés 3.0.0, flux 2c, 4a, 5a et 6a.

  Contexte:
    Étant donné un professionnel qui tient son agenda ailleurs

  @officielle @DE1-AGENDA-UC3
  Scénario: Les créneaux libres de la fenêtre cherchée sont rendus, et eux seuls
    Étant donné le professionnel reçoit dans 10 jours de 09:00 à 11:30
    Quand l'agenda tiers cherche les créneaux libres dans 10 jours de 09:30 à 10:00
    Alors il lit les créneaux dans 10 jours à 09:30 et 10:00, et aucun autre

  @officielle @DE1-AGENDA-UC3
  Scénario: Les créneaux d'un autre professionnel ne sont pas rendus
    Étant donné un autre professionnel de la structure
    Et l'autre professionnel reçoit dans 10 jours de 10:00 à 11:00
    Et le professionnel reçoit dans 10 jours de 09:00 à 10:00
    Quand l'agenda tiers cherche les créneaux libres dans 10 jours de 08:00 à 12:00
    Alors il lit les créneaux dans 10 jours à 09:00 et 09:30, et aucun autre

  @officielle @DE1-AGENDA-UC3
  Scénario: Les créneaux viennent avec l'agenda dont ils sont
    Étant donné le professionnel reçoit dans 10 jours de 09:00 à 10:00
    Quand l'agenda tiers cherche les créneaux libres dans 10 jours de 09:00 à 10:00
    Alors les créneaux viennent avec l'agenda et le professionnel, une fois chacun

  @officielle @DE1-AGENDA-UC3
  Scénario: Une fenêtre en temps universel trouve les mêmes créneaux
    Étant donné le professionnel reçoit dans 10 jours de 07:00 à 12:00
    Quand l'agenda tiers cherche les mêmes créneaux dans 10 jours, puis en temps universel
    Alors les deux recherches rendent les mêmes créneaux

  @banc @DE1-AGENDA-UC3
  Scénario: Une fenêtre dont le « + » n'est pas encodé n'est pas décalée
    Étant donné le professionnel reçoit dans 10 jours de 07:00 à 12:00
    Quand l'agenda tiers cherche les mêmes créneaux dans 10 jours, puis avec un « + » non encodé
    Alors la seconde recherche est refusée, ou rend les mêmes créneaux

  @deduite @DE1-AGENDA-UC3
  Scénario: Un rendez-vous pris dans le produit n'est plus un créneau libre
    Étant donné un usager connu du produit
    Et le professionnel reçoit dans 10 jours de 09:00 à 10:30
    Et un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:30
    Quand l'agenda tiers cherche les créneaux libres dans 10 jours de 09:00 à 10:00
    Alors il lit les créneaux dans 10 jours à 09:00 et 10:00, et aucun autre

  @banc @DE1-AGENDA-UC3
  Scénario: Un créneau réservé n'est plus libre, et l'est de nouveau une fois la réservation annulée
    Étant donné le professionnel reçoit dans 10 jours de 09:00 à 10:30
    Quand l'agenda tiers réserve le créneau dans 10 jours à 09:30
    Alors le produit offre le professionnel dans 10 jours à 09:00 et 10:00, et à aucune autre heure
    Quand l'agenda tiers annule l'événement
    Alors le produit offre le professionnel dans 10 jours à 09:00, 09:30 et 10:00, et à aucune autre heure

  @banc @DE1-AGENDA-UC3
  Scénario: De deux réservations simultanées d'un créneau, une seule est faite
    Étant donné le professionnel reçoit dans 10 jours de 09:00 à 10:00
    Quand deux agendas tiers réservent ensemble le créneau dans 10 jours à 09:00
    Alors une seule réservation est faite

  @deduite @DE1-AGENDA-UC3
  Scénario: Un agenda supprimé n'offre plus de créneaux
    Étant donné le professionnel reçoit dans 10 jours de 09:00 à 10:00
    Quand l'agenda tiers supprime l'agenda du professionnel, ouvert dans 10 jours
    Alors le produit n'offre pas le professionnel dans 10 jours

  @banc @DE1-AGENDA-UC3
  Scénario: Un professionnel absent n'est pas offert
    Étant donné le professionnel reçoit tous les jours de 09:00 à 10:00, mais s'absente dans 10 jours
    Alors le produit n'offre pas le professionnel dans 10 jours
    Et le produit offre le professionnel dans 11 jours à 09:00 et 09:30, et à aucune autre heure

  @banc @DE1-AGENDA-UC3
  Scénario: Neuf heures reste neuf heures quand l'heure change
    Étant donné le professionnel reçoit tous les jours de 09:00 à 10:00
    Alors l'heure des créneaux est la même la veille et le lendemain du prochain changement d'heure

  @banc @DE1-AGENDA-UC3
  Scénario: L'heure qui revient une nuit d'automne ne donne pas deux fois les mêmes créneaux
    Étant donné le professionnel reçoit tous les jours de 01:00 à 04:00
    Alors la nuit d'automne où l'heure change donne chaque créneau une fois
