# language: fr
@FC @REC-4.1.9
Fonctionnalité: Le portail refuse une connexion FranceConnect qu'il ne peut pas vérifier
  FranceConnect et FranceConnect+, documentation technique des fournisseurs de service ; OpenID Connect Core 1.0.

  Règle: Jeton d'identité et informations sont vérifiés avant d'ouvrir la session
    OpenID Connect Core 1.0, §3.1.3.7 et §5.3.2.

    @officielle
    Plan du scénario: Un jeton d'identité FranceConnect <défaut> n'ouvre aucune session
      Étant donné un usager connu du produit
      Et que FranceConnect remet un jeton d'identité <défaut>
      Quand l'usager se connecte par FranceConnect
      Alors le portail ne lui ouvre aucune session
      Et le portail lui répond par une page lisible

      Exemples:
        | défaut                      |
        | mal signé                   |
        | sans signature              |
        | d'un autre émetteur         |
        | destiné à un autre service  |
        | d'une autre demande         |
        | expiré                      |

    @officielle
    Scénario: Un niveau inférieur à celui demandé à FranceConnect+ n'ouvre aucune session
      Étant donné un usager connu du produit
      Et que FranceConnect+ remet un jeton d'identité de niveau insuffisant
      Quand l'usager se connecte par FranceConnect+
      Alors le portail ne lui ouvre aucune session

    @deduite
    Scénario: Une clé inconnue de FranceConnect n'ouvre aucune session
      Étant donné un usager connu du produit
      Et que FranceConnect remet un jeton d'identité signé d'une clé inconnue
      Quand l'usager se connecte par FranceConnect
      Alors le portail ne lui ouvre aucune session

    @deduite
    Scénario: Une clé renouvelée par FranceConnect n'empêche pas de se connecter
      Étant donné un usager connu du produit
      Et que l'usager s'est déjà connecté par FranceConnect, puis déconnecté
      Et que FranceConnect a renouvelé ses clés
      Quand l'usager se connecte par FranceConnect
      Alors le portail lui ouvre une session avec son identité

    @officielle
    Plan du scénario: Des informations <défaut> n'ouvrent aucune session
      Étant donné un usager connu du produit
      Et que FranceConnect rend des informations <défaut>
      Quand l'usager se connecte par FranceConnect
      Alors le portail ne lui ouvre aucune session

      Exemples:
        | défaut              |
        | d'un autre usager   |
        | mal signées         |

  Règle: Un retour de FranceConnect ne vaut que pour la demande qui l'a ouvert
    RFC 6749, §4.1.2 et §10.12 ; RFC 9207.

    @officielle
    Plan du scénario: Un retour de FranceConnect <défaut> n'ouvre aucune session
      Étant donné un usager connu du produit
      Et que FranceConnect renvoie le navigateur <défaut>
      Quand l'usager se connecte par FranceConnect
      Alors le portail ne lui ouvre aucune session
      Et le portail n'a échangé aucun code avec FranceConnect

      Exemples:
        | défaut                          |
        | avec l'état d'une autre demande |
        | sans état                       |

    @deduite
    Scénario: Un retour de FranceConnect au nom d'un autre émetteur n'ouvre aucune session
      Étant donné un usager connu du produit
      Et que FranceConnect renvoie le navigateur au nom d'un autre émetteur
      Quand l'usager se connecte par FranceConnect
      Alors le portail ne lui ouvre aucune session
      Et le portail n'a échangé aucun code avec FranceConnect

    @officielle
    Scénario: Un code de FranceConnect déjà employé n'ouvre aucune session
      Étant donné un usager connu du produit
      Et que l'usager s'est déjà connecté par FranceConnect, puis déconnecté
      Et que FranceConnect renvoie le navigateur avec un code déjà employé
      Quand l'usager se connecte par FranceConnect
      Alors le portail ne lui ouvre aucune session
      Et le portail lui répond par une page lisible

    @deduite
    Scénario: Un code de FranceConnect présenté trop tard n'ouvre aucune session
      FranceConnect, sessions et durées : le code vaut trente secondes.
      Étant donné un usager connu du produit
      Quand l'usager obtient un retour de connexion FranceConnect sans le suivre
      Et l'usager ouvre ce retour une minute après
      Alors le portail ne lui ouvre aucune session
      Et le portail lui répond par une page lisible

    @officielle
    Scénario: Un retour de FranceConnect rejoué n'est pas échangé une seconde fois
      Étant donné un usager connu du produit
      Quand l'usager se connecte par FranceConnect
      Et le navigateur de l'usager rejoue le retour de FranceConnect
      Alors le portail n'a échangé qu'un code avec FranceConnect

    @officielle
    Scénario: Le retour de FranceConnect obtenu par un autre usager n'ouvre pas sa session dans ce navigateur
      Étant donné un usager connu du produit
      Et un autre usager connu du produit
      Quand l'autre usager obtient un retour de connexion FranceConnect sans le suivre
      Et ce retour de FranceConnect est ouvert dans le navigateur de l'usager
      Alors le portail ne lui ouvre aucune session
      Et le portail n'a échangé aucun code avec FranceConnect

  Règle: Le portail ne conduit personne hors de chez lui
    RFC 6749, §10.15.

    @deduite
    Plan du scénario: Le portail ne suit pas une page d'arrivée étrangère, à l'adresse <forme>
      Étant donné un usager connu du produit
      Quand l'usager se connecte par FranceConnect, vers une page étrangère à l'adresse <forme>
      Alors le navigateur de l'usager n'est pas allé à cette page étrangère

      Exemples:
        | forme           |
        | complète        |
        | sans protocole  |
