# language: fr
@RDV @etude @DE1-AGENDA-UC4
Fonctionnalité: Des professionnels de plusieurs structures se donnent rendez-vous
  Cadre d'urbanisation, coordination, §1.2.4 cas d'usage 4 et §1.2.5 flux D (1) à (3), à l'étude : aucun texte ne spécifie
  le bloc de prise de rendez-vous. Tout ce qui est attendu ici suit les flux de Gestion d'agendas partagés 3.0.0, par
  convention du banc.

  Contexte:
    Étant donné un professionnel de la structure
    Et un médecin d'une autre structure, libre dans 10 jours de 09:00 à 11:00

  @banc @DE1-AGENDA-FD-DISPO @REC-1.1.12
  Scénario: Un professionnel publie ses disponibilités, sans les temps déjà pris
    Étant donné un usager connu du produit
    Et un rendez-vous de l'usager avec ce professionnel dans 10 jours à 10:00
    Quand le professionnel publie ses disponibilités dans 10 jours de 09:00 à 11:00
    Alors le bloc offre le professionnel dans 10 jours à 09:00, 09:30 et 10:30, et à aucune autre heure

  @banc @DE1-AGENDA-FD-DISPO @REC-1.1.12
  Scénario: Un temps pris depuis n'est plus offert à la publication suivante
    Étant donné un usager connu du produit
    Et le professionnel a publié ses disponibilités dans 10 jours de 09:00 à 10:00
    Quand le produit crée un rendez-vous de l'usager avec ce professionnel dans 10 jours à 09:30
    Et le professionnel publie ses disponibilités dans 10 jours de 09:00 à 10:00
    Alors le bloc offre le professionnel dans 10 jours à 09:00, et à aucune autre heure

  @banc @DE1-AGENDA-FD-DISPO
  Scénario: Ce qui est passé n'est pas publié
    Quand le professionnel publie des disponibilités d'hier à demain
    Alors seules les disponibilités à venir sont publiées

  @banc @DE1-AGENDA-FD-LIRE
  Scénario: Un professionnel voit quand un confrère d'une autre structure est libre
    Étant donné une assistante sociale d'une autre structure, libre dans 10 jours de 14:00 à 15:00
    Quand le professionnel cherche quand le médecin est libre dans 10 jours
    Alors le produit montre le médecin libre dans 10 jours à 09:00, 09:30, 10:00 et 10:30, et à aucune autre heure

  @deduite @DE1-AGENDA-FD-CHOIX
  Scénario: Une réunion de synthèse est demandée à un confrère, avec son motif
    Étant donné le professionnel a publié ses disponibilités dans 10 jours de 09:00 à 12:00
    Quand le professionnel demande une réunion de synthèse au médecin dans 10 jours à 09:30
    Alors le bloc a reçu une seule demande, avec son motif, qui invite le médecin
    Et cette demande est pour dans 10 jours à 09:30
    Et le produit montre ce rendez-vous demandé

  @banc @DE1-AGENDA-FD-CHOIX
  Scénario: Une réunion à trois est demandée au premier créneau qui convient à tous
    Étant donné le professionnel a publié ses disponibilités dans 10 jours de 09:30 à 12:00
    Et une assistante sociale d'une autre structure, libre dans 10 jours de 10:00 à 12:00
    Quand le professionnel demande une réunion de synthèse au médecin et à l'assistante sociale dans 10 jours
    Alors le bloc a reçu une seule demande, avec son motif, qui invite le médecin et l'assistante sociale
    Et cette demande est pour dans 10 jours à 10:00

  @banc @DE1-AGENDA-FD-CHOIX
  Scénario: Sans créneau commun, aucune demande ne part
    Étant donné le professionnel a publié ses disponibilités dans 10 jours de 14:00 à 16:00
    Quand le professionnel demande une réunion de synthèse au médecin au premier créneau commun dans 10 jours
    Alors le produit refuse
    Et le bloc n'a reçu aucune demande

  @banc @DE1-AGENDA-FD-CHOIX
  Scénario: Une réponse perdue du bloc ne double pas la demande
    Étant donné le professionnel a publié ses disponibilités dans 10 jours de 09:00 à 12:00
    Et le bloc de rendez-vous coupe la connexion après avoir enregistré la demande
    Quand le professionnel demande une réunion de synthèse au médecin dans 10 jours à 09:30
    Alors le produit dit la demande partie
    Et le bloc a reçu une seule demande, avec son motif, qui invite le médecin
