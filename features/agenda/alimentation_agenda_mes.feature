# language: fr
@MES @DE1-AGENDA-UC1 @DE4-41-FA
Fonctionnalité: Le portail alimente l'agenda de Mon espace santé
  Cadre d'urbanisation, coordination, §1.2.4 cas d'usage 1 ; domaine d'étude 4, §1.2.4 flux A.
  Le texte de l'API Agenda n'est pas public : ce que le banc en attend est déduit du modèle d'événement que
  montre l'application Mon espace santé et du volet Gestion d'agendas partagés du CI-SIS.

  Règle: Chaque rendez-vous de l'usager est un événement de son agenda

    @deduite
    Scénario: Un rendez-vous pris dans le produit arrive une seule fois dans l'agenda de l'usager
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Quand le produit crée un rendez-vous pour l'usager le 12/11/2024 à 09:00
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et cet événement porte l'identifiant stable du produit

    @banc
    Scénario: Un rendez-vous déplacé reste un seul événement, à sa nouvelle heure
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et un rendez-vous de l'usager le 12/11/2024 à 14:00
      Quand le produit déplace ce rendez-vous au 13/11/2024 à 10:30
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et l'agenda de Mon espace santé ne montre plus rien le 12/11/2024 à 14:00

    @deduite
    Scénario: Un rendez-vous annulé reste visible, marqué annulé
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et un rendez-vous de l'usager le 14/11/2024 à 11:00
      Quand le produit annule ce rendez-vous
      Et le produit tente de confirmer ce rendez-vous
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et cet événement est marqué annulé

    @deduite
    Plan du scénario: L'usager sait ce qu'il est advenu de son rendez-vous
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et un rendez-vous de l'usager le 15/11/2024 à 16:00
      Quand le professionnel note ce rendez-vous <constat>
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et cet événement est marqué <état>

      Exemples:
        | constat          | état             |
        | honoré           | honoré           |
        | non honoré       | non honoré       |
        | saisi par erreur | saisi par erreur |

    @banc
    Scénario: Les accents d'un intitulé arrivent intacts
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Quand le produit crée un rendez-vous « Bilan d'œdème, orthophonie à Noël » pour l'usager le 20/12/2024 à 15:15
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant
      Et cet événement est intitulé « Bilan d'œdème, orthophonie à Noël »

  Règle: Un rendez-vous garde son instant
    Le fait à tenir : l'application convertit à l'heure du téléphone l'instant qu'elle reçoit (HL7 FHIR R4, type instant).

    @deduite
    Plan du scénario: Ni un changement d'heure ni un 29 février ne déplacent un rendez-vous
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Quand le produit crée un rendez-vous pour l'usager le <jour> à <heure>
      Alors l'agenda de Mon espace santé montre un seul événement le <instant> en temps universel

      Exemples:
        | jour       | heure | instant            |
        | 27/10/2024 | 01:30 | 26/10/2024 à 23:30 |
        | 27/10/2024 | 03:30 | 27/10/2024 à 02:30 |
        | 31/03/2024 | 03:30 | 31/03/2024 à 01:30 |
        | 29/02/2024 | 09:00 | 29/02/2024 à 08:00 |

    @deduite
    Plan du scénario: Un rendez-vous pris outre-mer suit l'horloge du lieu
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Quand le produit crée un rendez-vous <lieu> pour l'usager le 10/07/2024 à 08:00
      Alors l'agenda de Mon espace santé montre un seul événement le <instant> en temps universel

      Exemples:
        | lieu          | instant            |
        | à La Réunion  | 10/07/2024 à 04:00 |
        | en Guadeloupe | 10/07/2024 à 12:00 |

  Règle: Chaque rendez-vous va dans l'agenda de la personne concernée

    @deduite
    Scénario: Les rendez-vous de deux usagers ne se mêlent pas
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et un autre usager apparié qui consent à l'alimentation de son agenda
      Quand le produit crée un rendez-vous pour l'usager le 18/11/2024 à 09:00
      Et le produit crée un rendez-vous pour l'autre usager le 18/11/2024 à 09:30
      Alors l'agenda de Mon espace santé de l'usager ne montre que son rendez-vous
      Et l'agenda de Mon espace santé de l'autre usager ne montre que le sien

    @deduite
    Scénario: Le rendez-vous d'un enfant va dans l'agenda de l'enfant, pas dans celui de sa mère
      Étant donné une mère appariée qui consent à l'alimentation de son agenda
      Et son enfant de 8 ans, apparié par elle, avec l'alimentation de son agenda
      Quand le produit crée un rendez-vous pour l'enfant le 19/11/2024 à 17:00
      Alors l'agenda de Mon espace santé de l'enfant ne montre que son rendez-vous
      Et l'agenda de Mon espace santé de la mère reste vide

  Règle: Une panne de Mon espace santé ne fait ni perdre ni doubler un rendez-vous

    @banc
    Plan du scénario: Un rendez-vous refusé par un agenda <panne> part plus tard, une seule fois
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que l'agenda de Mon espace santé est <panne>
      Quand le produit crée un rendez-vous pour l'usager le 21/11/2024 à 10:00
      Et l'agenda de Mon espace santé est rétabli
      Et le produit reprend ses envois en attente
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant

      Exemples:
        | panne        |
        | indisponible |
        | surchargé    |

    @banc
    Scénario: Le produit attend le délai que demande Mon espace santé
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et que l'agenda de Mon espace santé demande d'attendre une heure
      Quand le produit crée un rendez-vous pour l'usager le 21/11/2024 à 11:00
      Et le produit reprend ses envois en attente
      Alors l'agenda de Mon espace santé n'a pas été appelé plus d'une fois

  Règle: Deux postes du même service ne se contredisent pas dans l'agenda

    @banc
    Scénario: Un rendez-vous changé depuis un autre poste est relu avant d'être récrit
      Étant donné un usager apparié qui consent à l'alimentation et à la lecture de son agenda
      Et un rendez-vous de l'usager le 22/11/2024 à 09:00
      Et que le même service a renommé ce rendez-vous depuis un autre poste
      Quand le produit déplace ce rendez-vous au 22/11/2024 à 10:00
      Alors l'agenda de Mon espace santé montre un seul événement à cet instant

    @banc
    Scénario: Un changement que Mon espace santé refuse n'est pas renvoyé tel quel
      Étant donné un usager apparié qui consent à l'alimentation de son agenda
      Et un rendez-vous de l'usager le 22/11/2024 à 14:00
      Et que le même service a annulé ce rendez-vous depuis un autre poste
      Quand le produit déplace ce rendez-vous au 22/11/2024 à 15:00
      Et le produit reprend ses envois en attente
      Alors Mon espace santé n'a refusé ce changement qu'une fois
