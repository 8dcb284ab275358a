# language: fr
@RDV @MES @etude @DE1-AGENDA-UC4P
Fonctionnalité: L'usager prend part à un rendez-vous entre professionnels
  Cadre d'urbanisation, coordination, §1.2.4 cas d'usage 4' et §1.2.5 flux D', à l'étude : le bloc tient compte de l'agenda
  de Mon espace santé de l'usager, avec son accord, et y écrit lui-même le rendez-vous que tous ont accepté.

  Contexte:
    Étant donné un professionnel de la structure
    Et un médecin d'une autre structure, libre dans 10 jours de 09:00 à 12:00
    Et le professionnel a publié ses disponibilités dans 10 jours de 09:00 à 12:00

  @banc
  Scénario: Le créneau proposé tient compte des événements de l'usager
    Étant donné un usager connu du produit
    Et l'usager a déjà « Kinésithérapeute » dans son Mon espace santé dans 10 jours à 09:00
    Et l'usager accepte que le bloc de rendez-vous lise et alimente son agenda
    Quand le professionnel demande une réunion avec l'usager et le médecin au premier créneau commun dans 10 jours
    Alors cette demande est pour dans 10 jours à 09:30

  @banc
  Scénario: Sans l'accord de l'usager, son agenda reste fermé
    Étant donné un usager connu du produit
    Et l'usager refuse que le bloc de rendez-vous lise son agenda
    Quand le professionnel demande une réunion avec l'usager et le médecin au premier créneau commun dans 10 jours
    Alors le produit refuse
    Et le bloc n'a reçu aucune demande
    Et aucun échange n'a eu lieu avec Mon espace santé

  @deduite @DE1-AGENDA-FDP
  Scénario: L'agenda de l'usager montre une seule fois le rendez-vous conclu
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et l'usager accepte que le bloc de rendez-vous lise et alimente son agenda
    Et le professionnel a demandé une réunion avec l'usager au médecin dans 10 jours à 09:30
    Quand le médecin accepte
    Et le bloc écrit le rendez-vous dans les agendas
    Alors l'agenda de Mon espace santé de l'usager montre un seul événement dans 10 jours à 09:30
    Et rien n'a été écrit dans l'agenda de Mon espace santé

  @deduite @DE1-AGENDA-FDP
  Scénario: Rien n'est écrit dans l'agenda de l'usager avant que tous aient accepté
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et l'usager accepte que le bloc de rendez-vous lise et alimente son agenda
    Et le professionnel a demandé une réunion avec l'usager au médecin dans 10 jours à 09:30
    Quand le médecin refuse
    Alors l'agenda de Mon espace santé de l'usager est vide dans 10 jours à 09:30

  @deduite @DE1-AGENDA-FDP
  Scénario: Une réunion sans l'usager n'entre pas dans son agenda
    Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
    Et l'usager accepte que le bloc de rendez-vous lise et alimente son agenda
    Et le professionnel a demandé une réunion au sujet de l'usager, sans lui, au médecin dans 10 jours à 09:30
    Quand le médecin accepte
    Alors l'agenda de Mon espace santé de l'usager est vide dans 10 jours à 09:30
