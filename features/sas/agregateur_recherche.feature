# language: fr
@SAS @DOC-SAS-03
Fonctionnalité: La plateforme du SAS cherche, et le produit répond
  ANS, SAS 1.2.0, recherche de créneaux, FAQ et annexes : nombre de praticiens, fenêtre, réponse vide, délai de réponse.

  @officielle
  Scénario: Vingt-quatre inconnus n'ôtent rien au praticien connu
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche le praticien, puis le praticien et 24 inconnus
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle
  Scénario: Vingt-cinq praticiens cherchés ensemble sont tous rendus
    Étant donné 25 praticiens qui ouvrent chacun au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche ensemble les créneaux de ces praticiens
    Alors elle voit les créneaux de ces praticiens, et eux seuls

  @officielle
  Scénario: Une recherche de praticiens tous inconnus rend une réponse vide
    Quand la plateforme du SAS cherche 25 praticiens inconnus
    Alors elle ne voit aucun créneau

  @officielle
  Scénario: Une recherche hors des créneaux ouverts rend une réponse vide
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche le lendemain de ce créneau
    Alors elle ne voit aucun créneau

  @officielle
  Plan du scénario: La fenêtre écrite <forme> est la même fenêtre
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche ce créneau, à la minute près, ses bornes écrites <forme>
    Alors elle voit les créneaux du praticien, et eux seuls

    Exemples:
      | forme               |
      | en temps universel  |
      | sans millisecondes  |

  @banc
  Scénario: Un « + » non encodé ne décale pas la fenêtre
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche ce créneau, à la minute près, ses bornes écrites avec un « + » non encodé
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle
  Scénario: Un créneau qui commence à la borne est dans la fenêtre
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche ce créneau, ses deux bornes à l'instant où il commence
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle @DOC-SAS-07
  Scénario: Neuf heures reste neuf heures quand l'heure change
    Étant donné un praticien qui ouvre des créneaux au SAS
    Et un créneau du praticien à 09:00 la veille, le jour et le lendemain du prochain changement d'heure
    Quand la plateforme du SAS cherche autour de ces trois créneaux
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle
  Scénario: L'heure d'un cabinet d'outre-mer est celle de son île
    Étant donné un praticien à La Réunion, qui ouvre un créneau après-demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle voit les créneaux du praticien, et eux seuls

  @deduite
  Scénario: Le nombre de réponses voulu n'empêche pas la recherche
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien, mille au plus
    Alors elle voit les créneaux du praticien, et eux seuls

  @deduite
  Scénario: Une borne illisible est refusée, et le produit dit pourquoi
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien, avec une borne illisible
    Alors la recherche est refusée et le produit dit pourquoi

  @officielle
  Scénario: Le type de média que le guide imprime est accepté
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien sous le type de média de son guide
    Alors elle voit les créneaux du praticien, et eux seuls

  @banc
  Scénario: Des recherches simultanées ont toutes la même réponse
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche 8 fois en même temps les créneaux du praticien
    Alors chaque réponse montre les créneaux du praticien, et eux seuls

  @deduite @DOC-SAS-06
  Scénario: Le produit dit ce qu'il offre à la plateforme
    Quand la plateforme du SAS lit les capacités du produit
    Alors le produit se décrit comme un serveur FHIR qui offre la recherche de créneaux
