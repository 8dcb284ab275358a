# language: fr
@cible
Fonctionnalité: L'agenda qu'un professionnel s'est choisi lit ses rendez-vous dans le produit
  Cadre d'urbanisation, coordination, §1.2.4 cas 3 et §1.2.5 flux C (1) : qui travaille dans plusieurs structures tient un
  seul agenda, celui de son choix ; cet agenda lit dans le DUI les événements du professionnel, et eux seuls. Échanges du
  CI-SIS, Gestion d'agendas partagés 3.0.0, flux 4b et 5b.

  Contexte:
    Étant donné un professionnel qui tient son agenda ailleurs
    Et un usager connu du produit

  @deduite @DE1-AGENDA-FC-PULL @DE1-AGENDA-UC3
  Scénario: Un rendez-vous pris dans le produit est lu par l'agenda du professionnel
    Étant donné un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Quand l'agenda tiers lit les événements du professionnel
    Alors il lit ce rendez-vous, et lui seul

  @deduite @DE1-AGENDA-FC-PULL
  Scénario: Un rendez-vous annulé dans le produit est lu annulé
    Étant donné un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Et le produit a annulé ce rendez-vous du professionnel
    Quand l'agenda tiers lit les événements du professionnel
    Alors il lit ce rendez-vous, annulé

  @deduite @DE1-AGENDA-FC-PULL
  Scénario: Un rendez-vous déplacé dans le produit est lu à sa nouvelle heure
    Étant donné un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Et le produit a déplacé ce rendez-vous du professionnel dans 11 jours à 14:00
    Quand l'agenda tiers lit les événements du professionnel
    Alors il lit ce rendez-vous, et lui seul

  @officielle @DE1-AGENDA-FC-PULL
  Scénario: Les rendez-vous d'un autre professionnel ne sont pas rendus
    Étant donné un autre professionnel de la structure
    Et un rendez-vous de l'usager avec l'autre professionnel dans 10 jours à 11:00
    Et un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Quand l'agenda tiers lit les événements du professionnel
    Alors il lit ce rendez-vous, et lui seul

  @officielle @DE1-AGENDA-FC-PULL
  Scénario: Les rendez-vous d'un jour sont lus sans ceux des autres jours
    Étant donné l'agenda tiers a envoyé un autre événement du professionnel dans 11 jours à 09:00
    Et un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Quand l'agenda tiers lit les événements du professionnel dans 10 jours
    Alors il lit ce rendez-vous, et lui seul

  @officielle @DE1-AGENDA-FC-PULL
  Scénario: Les rendez-vous confirmés sont lus sans ceux qui sont annulés
    Étant donné un rendez-vous de l'usager avec le professionnel, annulé, dans 10 jours à 11:00
    Et un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Quand l'agenda tiers lit les événements confirmés du professionnel
    Alors il lit ce rendez-vous, et lui seul

  @officielle @DE1-AGENDA-FC-PULL
  Scénario: Les rendez-vous d'un usager sont trouvés par son INS
    Étant donné un autre usager connu du produit
    Et un rendez-vous d'un autre usager avec le professionnel dans 10 jours à 11:00
    Et un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Quand l'agenda tiers cherche les événements de l'usager par son INS
    Alors il lit ce rendez-vous, et lui seul

  @officielle @DE1-AGENDA-FC-PULL
  Scénario: Un événement est retrouvé par son identifiant
    Étant donné un rendez-vous de l'usager avec le professionnel dans 10 jours à 11:00
    Et l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 09:00
    Quand l'agenda tiers cherche l'événement par son identifiant
    Alors il lit cet événement, et lui seul

  @banc @DE1-AGENDA-FC-PULL
  Scénario: Un événement qui arrive pendant la lecture des pages n'en fait perdre ni répéter aucun
    Étant donné l'agenda tiers a envoyé un autre événement du professionnel dans 10 jours à 10:00
    Et l'agenda tiers a envoyé un autre événement du professionnel dans 10 jours à 11:00
    Et l'agenda tiers a envoyé un événement du professionnel dans 10 jours à 12:00
    Quand l'agenda tiers lit les événements deux par deux, un autre arrivant dans 10 jours à 08:00
    Alors ses pages contiennent cet événement, et chacun une fois

  @deduite @DE1-AGENDA-FC-PULL
  Scénario: Le produit dit ce qu'il offre à un agenda tiers
    Quand l'agenda tiers demande ce que le produit sait faire
    Alors le produit se décrit en FHIR R4

  @banc @DE1-AGENDA-FC-PULL
  Scénario: Qui ne montre pas de jeton ne lit pas l'agenda d'un professionnel
    Étant donné un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Quand un système qui ne montre aucun jeton lit les événements du professionnel
    Alors le produit ne lui répond rien du professionnel

  @banc @DE1-AGENDA-FC-PULL
  Scénario: Qui montre un jeton inconnu ne lit pas l'agenda d'un professionnel
    Étant donné un rendez-vous de l'usager avec le professionnel dans 10 jours à 09:00
    Quand un système qui montre un jeton inconnu lit les événements du professionnel
    Alors le produit ne lui répond rien du professionnel
