# language: fr
@SAS @cible @DOC-SAS-09
Fonctionnalité: La plateforme du SAS voit les créneaux des structures
  ANS, SAS 1.2.0, flux INT_R04 (CPTS) et recherche SOS Médecins : créneaux d'une communauté, créneaux de centres sans
  praticien nommé.

  @officielle
  Scénario: Un créneau partagé par deux CPTS renvoie aux deux
    Étant donné un praticien qui ouvre à 2 CPTS un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien et de ses CPTS
    Alors elle voit les créneaux du praticien et de ses CPTS, et eux seuls
    Et la réponse donne 2 services de CPTS et 2 structures
    Et la réponse suit les profils du SAS

  @officielle
  Scénario: Deux créneaux de deux CPTS renvoient chacun à la sienne
    Étant donné un praticien qui ouvre à 1 CPTS un créneau demain à 09:00
    Et un créneau du praticien demain à 10:00, ouvert à une autre CPTS
    Quand la plateforme du SAS cherche les créneaux du praticien et de ses CPTS
    Alors chaque créneau renvoie à toutes ses CPTS

  @officielle
  Scénario: Un créneau qu'aucune CPTS n'ouvre n'en nomme aucune
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien et de ses CPTS
    Alors elle voit les créneaux du praticien et de ses CPTS, et eux seuls
    Et la réponse ne donne aucune CPTS

  @deduite
  Scénario: Un créneau ouvert aux seules CPTS reste hors de la recherche ordinaire
    Étant donné un praticien qui ouvre à 1 CPTS un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle ne voit aucun créneau

  @officielle
  Scénario: Une recherche sans résultat auprès des CPTS rend une réponse vide
    Quand la plateforme du SAS cherche 3 praticiens inconnus et leurs CPTS
    Alors elle ne voit aucun créneau

  @officielle
  Scénario: Les centres d'une association SOS Médecins sont rendus sans praticien
    Étant donné une association SOS Médecins dont 2 centres ouvrent un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux de l'association
    Alors elle voit les créneaux de l'association, et eux seuls
    Et la réponse donne un agenda et un lieu pour chacun des 2 centres, et leur association
    Et la réponse suit les profils du SAS

  @deduite
  Scénario: Seuls les créneaux libres de la fenêtre sont rendus
    Étant donné une association SOS Médecins dont 2 centres ouvrent un créneau demain à 09:00
    Et un créneau de son premier centre dans dix jours
    Et un patient a pris le premier créneau de l'association
    Quand la plateforme du SAS cherche les créneaux de l'association
    Alors elle voit les créneaux de l'association, et eux seuls

  @officielle
  Scénario: Une association inconnue donne une réponse vide
    Quand la plateforme du SAS cherche les créneaux d'une association inconnue
    Alors elle ne voit aucun créneau
