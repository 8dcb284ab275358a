# language: fr
@DMP @MES @etude @DE1-PPA-UC2
Fonctionnalité: Les objectifs du projet validé deviennent des rendez-vous
  Cadre d'urbanisation, DE1 §1.2.6 cas d'usage 2 : l'établissement importe le projet validé sans le modifier, et décline ses objectifs en
  événements des agendas.

  Contexte:
    Étant donné un professionnel du produit, habilité au DMP
    Et un usager apparié qui consent à l'alimentation de son agenda
    Et l'usager accepte l'alimentation et la consultation de son DMP
    Et l'autorisation d'accès de la structure est valide
    Et un projet personnalisé d'une autre structure dans le DMP
    Et le professionnel a déjà ouvert le DMP de l'usager
    Et le professionnel a importé ce document dans le dossier

  @banc
  Scénario: L'objectif planifié se lit dans l'agenda de Mon espace santé
    Quand le professionnel planifie l'objectif « Prendre le bus seul » le 28/10/2027 à 10:30
    Alors l'agenda de Mon espace santé montre l'objectif « Prendre le bus seul » à cet instant
    Et aucun document n'est envoyé au DMP
