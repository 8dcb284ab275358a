# language: fr
@RDV @etude @DE1-AGENDA-FD-REP
Fonctionnalité: Chacun répond à une demande de rendez-vous et voit la réponse des autres
  Cadre d'urbanisation, coordination, §1.2.5 flux D (4), à l'étude : accepter, reporter, annuler, proposer un autre
  créneau. Le guide Gestion d'agendas partagés n'a pas de réponse à lui : celles-ci suivent la convention du banc.

  Contexte:
    Étant donné un professionnel de la structure
    Et un médecin d'une autre structure, libre dans 10 jours de 09:00 à 12:00
    Et le professionnel a publié ses disponibilités dans 10 jours de 09:00 à 12:00

  @banc
  Plan du scénario: Le produit montre la réponse d'un confrère
    Étant donné le professionnel a demandé une réunion de synthèse au médecin dans 10 jours à 09:30
    Quand le médecin <répond>
    Alors le produit montre la réponse du médecin : <montrée>
    Et le produit montre ce rendez-vous <état>

    Exemples:
      | répond  | montrée  | état    |
      | accepte | acceptée | conclu  |
      | refuse  | refusée  | demandé |

  @banc
  Scénario: Un confrère propose un autre horaire, que le professionnel accepte
    Étant donné le professionnel a demandé une réunion de synthèse au médecin dans 10 jours à 09:30
    Quand le médecin propose dans 10 jours à 11:00
    Alors le produit montre la réponse du médecin : un autre horaire
    Et le produit montre ce rendez-vous dans 10 jours à 11:00
    Quand le professionnel accepte dans le produit
    Alors le bloc tient ce rendez-vous pour conclu

  @banc
  Scénario: Un confrère annule
    Étant donné le professionnel a demandé une réunion de synthèse au médecin dans 10 jours à 09:30
    Quand le médecin annule
    Alors le produit montre ce rendez-vous annulé

  @banc
  Plan du scénario: Un professionnel répond à la demande d'un confrère
    Étant donné le médecin a demandé une réunion de synthèse au professionnel dans 10 jours à 10:00
    Quand le professionnel <répond> dans le produit
    Alors le bloc a la réponse du professionnel : <connue>
    Et le bloc tient ce rendez-vous pour <état>
    Et le produit montre ce rendez-vous <état>

    Exemples:
      | répond  | connue   | état    |
      | accepte | acceptée | conclu  |
      | refuse  | refusée  | demandé |

  @banc
  Scénario: Un professionnel annule la demande d'un confrère
    Étant donné le médecin a demandé une réunion de synthèse au professionnel dans 10 jours à 10:00
    Quand le professionnel annule dans le produit
    Alors le bloc tient ce rendez-vous pour annulé
    Et le produit montre ce rendez-vous annulé

  @banc
  Scénario: Un professionnel propose un autre horaire à un confrère
    Étant donné le médecin a demandé une réunion de synthèse au professionnel dans 10 jours à 10:00
    Quand le professionnel propose dans 10 jours à 11:30 dans le produit
    Alors cette demande est pour dans 10 jours à 11:30
    Et le bloc tient ce rendez-vous pour demandé
    Quand le médecin accepte
    Alors le produit montre ce rendez-vous conclu

  @banc
  Scénario: Une réponse donnée entre-temps par un autre n'est pas effacée
    Étant donné une assistante sociale d'une autre structure, libre dans 10 jours de 09:00 à 12:00
    Et le professionnel a demandé une réunion de synthèse au médecin et à l'assistante sociale dans 10 jours
    Et le médecin a proposé dans 10 jours à 11:00
    Et le professionnel a lu la demande dans le produit
    Et l'assistante sociale accepte
    Quand le professionnel accepte la demande qu'il a lue
    Alors la réponse de l'assistante sociale est gardée
    Et le bloc tient ce rendez-vous pour conclu

  @banc
  Scénario: Une réponse qui arrive après l'annulation est refusée
    Étant donné le médecin a demandé une réunion de synthèse au professionnel dans 10 jours à 10:00
    Et le professionnel a lu la demande dans le produit
    Et le médecin annule
    Quand le professionnel accepte la demande qu'il a lue
    Alors le produit refuse
    Et le produit montre ce rendez-vous annulé

  @banc
  Scénario: Une demande à laquelle personne ne répond à temps est montrée annulée
    Étant donné le bloc laisse 24 heures pour répondre
    Et le professionnel a demandé une réunion de synthèse au médecin dans 10 jours à 09:30
    Quand 25 heures passent
    Alors le produit montre ce rendez-vous annulé
