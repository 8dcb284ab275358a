# language: fr
@cible
Fonctionnalité: L'agenda qu'un professionnel s'est choisi envoie ses événements au produit
  Cadre d'urbanisation, coordination, §1.2.4 cas 3 et §1.2.5 flux C (2) : le DUI reçoit les événements que le professionnel a
  ailleurs, et le tient pour indisponible à ces heures. Échanges du CI-SIS, Gestion d'agendas partagés 3.0.0, flux 6a et 6b.

  Contexte:
    Étant donné un professionnel qui tient son agenda ailleurs
    Et le professionnel reçoit dans 10 jours de 09:00 à 11:00

  @deduite @DE1-AGENDA-FC-PUSH @DE1-AGENDA-UC3
  Scénario: Un événement reçu rend le professionnel indisponible à cette heure
    Quand l'agenda tiers envoie un événement du professionnel dans 10 jours à 09:30
    Alors le produit offre le professionnel dans 10 jours à 09:00, 10:00 et 10:30, et à aucune autre heure

  @deduite @DE1-AGENDA-FC-PUSH
  Scénario: Un événement à cheval sur deux créneaux les prend tous les deux
    Quand l'agenda tiers envoie un événement du professionnel dans 10 jours à 09:15
    Alors le produit offre le professionnel dans 10 jours à 10:00 et 10:30, et à aucune autre heure

  @deduite @DE1-AGENDA-FC-PUSH
  Scénario: Un événement déplacé prend sa nouvelle heure et rend l'ancienne
    Étant donné l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 09:30
    Quand l'agenda tiers déplace l'événement dans 10 jours à 10:30
    Alors le produit offre le professionnel dans 10 jours à 09:00, 09:30 et 10:00, et à aucune autre heure

  @deduite @DE1-AGENDA-FC-PUSH
  Scénario: Un événement annulé rend son heure
    Étant donné l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 09:30
    Quand l'agenda tiers annule l'événement
    Alors le produit offre le professionnel dans 10 jours à 09:00, 09:30, 10:00 et 10:30, et à aucune autre heure

  @banc @DE1-AGENDA-FC-PUSH
  Scénario: Un événement encore à confirmer prend aussi son heure
    Quand l'agenda tiers envoie un événement encore à confirmer du professionnel dans 10 jours à 09:30
    Alors le produit offre le professionnel dans 10 jours à 09:00, 10:00 et 10:30, et à aucune autre heure

  @deduite @DE1-AGENDA-FC-PUSH
  Scénario: L'événement d'un autre professionnel ne prend pas l'heure de celui-ci
    Étant donné un autre professionnel de la structure
    Quand l'agenda tiers envoie un événement de l'autre professionnel dans 10 jours à 09:30
    Alors le produit offre le professionnel dans 10 jours à 09:00, 09:30, 10:00 et 10:30, et à aucune autre heure

  @deduite @DE1-AGENDA-FC-PUSH @DE1-AGENDA-UC3
  Scénario: Le professionnel voit dans le DUI l'événement de son autre agenda
    Quand l'agenda tiers envoie un événement du professionnel dans 10 jours à 09:30
    Alors le professionnel voit l'événement une fois dans le DUI

  @deduite @DE1-AGENDA-FC-PUSH
  Scénario: Le professionnel voit dans le DUI que l'événement est annulé
    Étant donné l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 09:30
    Quand l'agenda tiers annule l'événement
    Alors le professionnel voit l'événement annulé dans le DUI

  @officielle @DE1-AGENDA-FC-PUSH
  Scénario: Un événement envoyé deux fois par son identifiant n'est pas doublé
    Étant donné l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 09:30
    Quand l'agenda tiers envoie une seconde fois le même événement
    Alors le produit n'a gardé qu'un événement
    Et le professionnel voit l'événement une fois dans le DUI

  @officielle @DE1-AGENDA-FC-PUSH
  Scénario: Le même numéro sous un autre système est un autre événement
    Étant donné l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 09:30
    Quand l'agenda tiers envoie un autre événement de même numéro, sous un autre système
    Alors l'agenda tiers lit les deux événements

  @banc @DE1-AGENDA-FC-PUSH
  Scénario: Un événement créé deux fois n'est gardé qu'une fois
    Quand l'agenda tiers crée deux fois le même événement sans condition
    Alors le produit n'a gardé qu'un événement

  @officielle @DE1-AGENDA-FC-PUSH
  Scénario: Le produit ne choisit pas entre deux événements de même identifiant
    Quand l'agenda tiers crée deux fois le même événement sans condition
    Et l'agenda tiers envoie encore cet événement, par son identifiant
    Alors le produit change cet événement, ou refuse de choisir entre plusieurs

  @banc @DE1-AGENDA-FC-PUSH
  Scénario: Une modification qui part d'une version dépassée est refusée
    Étant donné l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 09:30
    Quand l'agenda tiers modifie l'événement à partir d'une version dépassée
    Alors le produit refuse une version dépassée

  @officielle @DE1-AGENDA-FC-PUSH
  Plan du scénario: Un événement <faute> est refusé, et rien n'en est gardé
    Quand l'agenda tiers envoie un événement <faute>
    Alors le produit refuse l'événement en disant pourquoi
    Et le produit n'a gardé aucun événement

    Exemples:
      | faute                                                       |
      | sans statut                                                 |
      | au statut inconnu                                           |
      | sans participant                                            |
      | sans fin                                                    |
      | dont le participant ne répond rien                          |
      | coupé au milieu                                             |
      | dont le début n'a pas de décalage horaire                   |

  @banc @DE1-AGENDA-FC-PUSH
  Scénario: Un événement démesuré est refusé, et rien n'en est gardé
    Quand l'agenda tiers envoie un événement démesuré
    Alors le produit refuse l'événement démesuré sans se briser
    Et le produit n'a gardé aucun événement
