# language: fr
@GAP @DE1-AGENDA-CISIS
Fonctionnalité: Un rendez-vous se prend dans l'agenda partagé d'un professionnel
  CI-SIS, Gestion d'agendas partagés 3.0.0, flux 4a à 6b : le produit cherche les créneaux libres d'un professionnel, demande
  ou prend un rendez-vous, et envoie chaque étape de sa vie.

  Contexte:
    Étant donné un usager connu du produit
    Et un médecin dont l'agenda partagé est ouvert dans 10 jours de 09:00 à 11:00

  @officielle
  Scénario: Les créneaux libres d'un professionnel sont montrés
    Étant donné quelqu'un d'autre a pris rendez-vous chez le médecin dans 10 jours à 09:30
    Quand le produit cherche les créneaux du médecin dans 10 jours
    Alors le produit montre les créneaux du médecin dans 10 jours à 09:00, 10:00 et 10:30, et aucun autre

  @officielle
  Scénario: Les créneaux de toutes les pages sont montrés
    Étant donné le gestionnaire d'agendas répond par pages de 2
    Quand le produit cherche les créneaux du médecin dans 10 jours
    Alors le produit montre les créneaux du médecin dans 10 jours à 09:00, 09:30, 10:00 et 10:30, et aucun autre

  @officielle
  Scénario: Un rendez-vous est demandé sur un créneau
    Quand le produit demande pour l'usager le créneau du médecin dans 10 jours à 09:30
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, demandé, dans 10 jours à 09:30
    Et le gestionnaire d'agendas offre le médecin dans 10 jours à 09:00, 10:00 et 10:30, et à aucune autre heure

  @officielle
  Scénario: Un rendez-vous est pris directement, sans créneau
    Quand le produit prend rendez-vous pour l'usager chez le médecin dans 10 jours à 10:00
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, confirmé, dans 10 jours à 10:00
    Et le gestionnaire d'agendas offre le médecin dans 10 jours à 09:00, 09:30 et 10:30, et à aucune autre heure

  @deduite
  Scénario: Le créneau qu'un autre vient de prendre n'est pas montré comme obtenu
    Étant donné le produit a cherché les créneaux du médecin dans 10 jours
    Et quelqu'un d'autre a pris rendez-vous chez le médecin dans 10 jours à 09:30
    Quand le produit demande pour l'usager ce créneau de 09:30
    Alors le produit ne montre pas ce rendez-vous comme obtenu
    Et l'agenda partagé ne montre aucun rendez-vous de l'usager

  @deduite
  Scénario: Quand un créneau vient d'être pris, le produit en propose d'autres
    Étant donné le produit a cherché les créneaux du médecin dans 10 jours
    Et quelqu'un d'autre a pris rendez-vous chez le médecin dans 10 jours à 09:30
    Quand le produit demande pour l'usager ce créneau de 09:30
    Alors le produit propose à la place dans 10 jours à 09:00, 10:00 et 10:30, et rien d'autre

  @officielle
  Scénario: Une demande est confirmée
    Étant donné un rendez-vous de l'usager demandé au médecin dans 10 jours à 09:30
    Quand le produit confirme ce rendez-vous
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, confirmé, dans 10 jours à 09:30

  @officielle
  Scénario: Un rendez-vous reporté libère son créneau
    Étant donné un rendez-vous de l'usager demandé au médecin dans 10 jours à 09:30
    Quand le produit reporte ce rendez-vous dans 10 jours à 10:30
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, demandé, dans 10 jours à 10:30
    Et le gestionnaire d'agendas offre le médecin dans 10 jours à 09:00, 09:30 et 10:00, et à aucune autre heure

  @officielle
  Scénario: Un rendez-vous annulé libère son créneau
    Étant donné un rendez-vous de l'usager demandé au médecin dans 10 jours à 09:30
    Quand le produit annule ce rendez-vous
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, annulé, dans 10 jours à 09:30
    Et le gestionnaire d'agendas offre le médecin dans 10 jours à 09:00, 09:30, 10:00 et 10:30, et à aucune autre heure

  @officielle
  Plan du scénario: L'issue d'un rendez-vous est envoyée
    Étant donné un rendez-vous de l'usager pris chez le médecin dans 10 jours à 09:30
    Quand le professionnel note ce rendez-vous <constat>
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, <constat>, dans 10 jours à 09:30

    Exemples:
      | constat          |
      | honoré           |
      | non honoré       |
      | saisi par erreur |

  @deduite
  Scénario: Une réponse perdue ne double pas le rendez-vous
    Étant donné le gestionnaire d'agendas coupe la connexion après avoir enregistré le rendez-vous
    Quand le produit demande pour l'usager le créneau du médecin dans 10 jours à 09:30
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, demandé, dans 10 jours à 09:30

  @deduite
  Scénario: Un rendez-vous déplacé ailleurs entre-temps est relu avant d'être annulé
    Étant donné un rendez-vous de l'usager demandé au médecin dans 10 jours à 09:30
    Et quelqu'un d'autre l'a déplacé dans 10 jours à 10:30
    Quand le produit annule ce rendez-vous
    Alors l'agenda partagé montre un seul rendez-vous de l'usager, annulé, dans 10 jours à 10:30

  @banc
  Scénario: Le gestionnaire d'agendas qui demande d'attendre est obéi
    Étant donné le gestionnaire d'agendas demande d'attendre une heure
    Quand le produit demande pour l'usager le créneau du médecin dans 10 jours à 09:30, qui ne part pas
    Et le produit reprend ses envois en attente
    Alors l'agenda partagé ne montre aucun rendez-vous de l'usager
