# language: fr
@BSP @PSC @cible @banc
Fonctionnalité: Le professionnel alimente l'agenda de Mon espace santé depuis le DUI
  Cadre d'urbanisation, coordination, §1.2.4 cas 2, §1.2.5 flux B et recommandation 1.1.8 : une API à venir du bouquet de
  services aux professionnels. Son texte n'est pas public : sa forme est ici une convention du banc.

  Contexte:
    Étant donné un professionnel connecté par Pro Santé Connect
    Et un usager connu du produit

  @DE1-AGENDA-FB-ALIM @REC-1.1.8 @DE1-AGENDA-UC2
  Scénario: L'usager voit le rendez-vous que le professionnel a saisi
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et cet événement dit que l'usager y participe

  @DE1-AGENDA-UC2
  Scénario: L'usager voit aussi une réunion à son sujet à laquelle il ne participe pas
    Quand le professionnel connecté saisit une réunion sans l'usager, à son sujet, le 13/11/2024 à 14:00
    Alors l'agenda de Mon espace santé montre un seul événement à cet instant
    Et cet événement dit que l'usager n'y participe pas

  @DE1-AGENDA-FB-ALIM @REC-1.1.8
  Scénario: Un rendez-vous déplacé par le professionnel change d'heure et reste le même
    Étant donné un rendez-vous que le professionnel a saisi pour l'usager le 12/11/2024 à 10:00
    Quand le professionnel connecté déplace ce rendez-vous au 12/11/2024 à 15:30
    Alors Mon espace santé ne montre ce rendez-vous que le 12/11/2024 à 15:30

  @DE1-AGENDA-FB-ALIM @REC-1.1.8
  Scénario: Un rendez-vous annulé par le professionnel est annulé pour l'usager
    Étant donné un rendez-vous que le professionnel a saisi pour l'usager le 12/11/2024 à 10:00
    Quand le professionnel connecté annule ce rendez-vous
    Alors l'usager voit ce rendez-vous annulé, une seule fois

  @DE1-AGENDA-UC2
  Scénario: Chaque rendez-vous va dans l'agenda de son usager
    Étant donné un autre usager connu du produit
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Et le professionnel connecté saisit un rendez-vous pour l'autre usager le 14/11/2024 à 11:00
    Alors l'agenda de Mon espace santé de l'usager ne montre que son rendez-vous
    Et l'agenda de Mon espace santé de l'autre usager ne montre que le sien

  @DE1-AGENDA-FB-ALIM
  Scénario: Rien ne part pour un usager dont l'identité n'est pas qualifiée
    Étant donné un usager sans INS, connu du produit
    Quand le produit récupère l'INS de l'usager par ses traits
    Et le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Alors rien n'est écrit dans l'agenda des professionnels

  @DE1-AGENDA-UC2
  Scénario: Le produit n'insiste pas quand l'usager s'oppose à l'alimentation de son agenda
    Étant donné l'usager s'oppose à ce que les professionnels alimentent son agenda
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Et le professionnel connecté reprend les envois en attente
    Alors l'agenda des professionnels n'a reçu qu'une seule demande d'écriture

  @DE1-AGENDA-FB-ALIM
  Scénario: Un rendez-vous saisi pendant une panne part quand l'agenda répond de nouveau
    Étant donné l'agenda des professionnels est indisponible
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Et l'agenda des professionnels est rétabli
    Et le professionnel connecté reprend les envois en attente
    Alors Mon espace santé ne montre ce rendez-vous que le 12/11/2024 à 10:00

  @DE1-AGENDA-FB-ALIM
  Scénario: Une réponse perdue ne donne pas deux événements
    Étant donné l'agenda des professionnels coupe la connexion après avoir enregistré
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Et le professionnel connecté reprend les envois en attente
    Alors Mon espace santé ne montre ce rendez-vous que le 12/11/2024 à 10:00

  @DE1-AGENDA-FB-ALIM
  Scénario: Un usager apparié au portail ne voit pas deux fois le rendez-vous du professionnel
    Étant donné un usager apparié qui consent à l'alimentation de son agenda
    Quand le professionnel connecté saisit un rendez-vous pour l'usager le 12/11/2024 à 10:00
    Et le produit envoie de nouveau ce rendez-vous
    Alors Mon espace santé ne montre ce rendez-vous que le 12/11/2024 à 10:00
