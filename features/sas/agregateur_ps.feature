# language: fr
@SAS @DOC-SAS-03
Fonctionnalité: La plateforme du SAS voit les créneaux des praticiens
  ANS, SAS 1.2.0, flux INT_R01 : la plateforme cherche dans le produit les créneaux libres d'un à vingt-cinq praticiens.

  @officielle @DOC-SAS-06
  Scénario: Un créneau ouvert au public est montré avec son praticien et son lieu
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle voit les créneaux du praticien, et eux seuls
    Et la réponse suit les profils du SAS

  @officielle
  Scénario: Un praticien qui exerce en deux lieux a un agenda dans chacun
    Étant donné un praticien qui exerce en deux lieux et ouvre dans chacun un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors la réponse donne un praticien, deux lieux et un agenda pour chacun

  @officielle
  Scénario: Deux praticiens cherchés ensemble sont rendus ensemble
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Et un autre praticien qui ouvre au public un créneau après-demain à 14:30
    Quand la plateforme du SAS cherche les créneaux des deux praticiens
    Alors elle voit les créneaux des deux praticiens, et eux seuls

  @officielle @DOC-SAS-01 @DOC-SAS-05
  Plan du scénario: Le praticien enregistré <forme> est trouvé et rendu avec son préfixe
    Étant donné un praticien enregistré <forme>, qui ouvre un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle voit les créneaux du praticien, et eux seuls
    Et elle lit le praticien sous son identifiant national, avec le préfixe

    Exemples:
      | forme                       |
      | sous son RPPS avec préfixe  |
      | sous son RPPS sans préfixe  |
      | sous son ADELI avec préfixe |
      | sous son ADELI sans préfixe |

  @banc @DOC-SAS-05
  Scénario: Un praticien cherché sans préfixe est trouvé
    Étant donné un praticien enregistré sous son RPPS avec préfixe, qui ouvre un créneau demain à 09:00
    Quand la plateforme du SAS cherche le praticien sous son numéro sans préfixe
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle @DOC-SAS-01 @DOC-SAS-05
  Plan du scénario: Le cabinet est rendu sous l'identifiant de sa structure : <identifiant>
    Étant donné un praticien dont le cabinet porte <identifiant>, qui ouvre un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle lit le cabinet sous l'identifiant de sa structure, avec le préfixe

    Exemples:
      | identifiant         |
      | son FINESS          |
      | son SIRET           |
      | le rang du praticien |

  @officielle
  Plan du scénario: Un créneau <offre> dit tous ses publics
    Étant donné un praticien qui ouvre des créneaux au SAS
    Et un créneau du praticien demain à 09:00, <offre>
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors le créneau dit tous ses publics

    Exemples:
      | offre                                |
      | ouvert au public et aux régulateurs |
      | ouvert aux professionnels            |
      | ouvert aux régulateurs               |

  @officielle
  Plan du scénario: Un créneau <offre> dit où se tient la consultation
    Étant donné un praticien qui ouvre des créneaux au SAS
    Et un créneau du praticien demain à 09:00, <offre>
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors le créneau dit où se tient la consultation

    Exemples:
      | offre                             |
      | à domicile                        |
      | au cabinet ou en téléconsultation |

  @officielle
  Scénario: Une consultation sans rendez-vous est dite telle
    Étant donné un praticien qui ouvre des créneaux au SAS
    Et un créneau du praticien demain à 09:00, sans rendez-vous
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors le créneau est dit sans rendez-vous

  @officielle
  Scénario: Un créneau réservé à la patientèle n'est pas montré
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Et un créneau du praticien demain à 10:00, réservé à sa patientèle
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle @DOC-SAS-07
  Scénario: Un créneau pris dans le produit n'est plus montré
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Et un créneau du praticien demain à 10:00, ouvert au public
    Quand la plateforme du SAS cherche les créneaux du praticien et voit le premier
    Et un patient du cabinet prend le premier créneau
    Et la plateforme du SAS cherche les créneaux du praticien
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle @DOC-SAS-07
  Scénario: Un créneau déjà commencé n'est pas montré
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Et un créneau du praticien commencé il y a une demi-heure
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle voit les créneaux du praticien, et eux seuls

  @officielle
  Plan du scénario: Le téléphone « <saisi> » est rendu avec l'indicatif du pays
    Étant donné un praticien au téléphone saisi « <saisi> », qui ouvre un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors le téléphone rendu est « <rendu> »

    Exemples:
      | saisi          | rendu         |
      | 01 99 00 12 34 | +33199001234  |
      | 0262 99 12 34  | +262262991234 |

  @officielle
  Scénario: Un téléphone qui n'en est pas un n'est pas rendu
    Étant donné un praticien au téléphone saisi « poste 12 », qui ouvre un créneau demain à 09:00
    Quand la plateforme du SAS cherche les créneaux du praticien
    Alors elle voit les créneaux du praticien, et eux seuls
    Et aucun téléphone n'est rendu

  @officielle
  Scénario: L'adresse du créneau s'ouvre à un régulateur venu du SAS
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand un régulateur venu du SAS ouvre l'adresse du créneau
    Alors une page s'ouvre
