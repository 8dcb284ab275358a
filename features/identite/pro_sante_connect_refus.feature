# language: fr
@PSC @DOC-RPPS-04 @DOC-VT-02
Fonctionnalité: Le produit refuse une connexion Pro Santé Connect qu'il ne peut pas vérifier
  Pro Santé Connect applique OpenID Connect Core 1.0 et OAuth 2.0 (ANS, documentation technique) : le produit vérifie ce
  qu'il reçoit, et n'ouvre aucune session sur la foi d'une réponse douteuse.

  Règle: Le jeton d'identité est vérifié avant d'ouvrir la session
    OpenID Connect Core 1.0, §3.1.3.7.

    @officielle
    Plan du scénario: Un jeton d'identité <défaut> n'ouvre aucune session
      Étant donné un professionnel connu du produit
      Et que Pro Santé Connect remet un jeton d'identité <défaut>
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit ne lui ouvre aucune session
      Et le produit lui répond par une page lisible

      Exemples:
        | défaut                      |
        | mal signé                   |
        | sans signature              |
        | d'un autre émetteur         |
        | destiné à un autre service  |
        | d'une autre demande         |
        | expiré                      |
        | de niveau insuffisant       |

    @deduite
    Scénario: Une clé inconnue fait relire les clés, une fois, puis refuser
      Étant donné un professionnel connu du produit
      Et que Pro Santé Connect remet un jeton d'identité signé d'une clé inconnue
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit ne lui ouvre aucune session
      Et le produit n'a pas relu sans fin les clés de Pro Santé Connect

    @deduite
    Scénario: Une clé renouvelée n'empêche pas de se connecter
      Étant donné un professionnel connu du produit
      Et que le professionnel s'est déjà connecté par Pro Santé Connect, puis déconnecté
      Et que Pro Santé Connect renouvelle ses clés avant de signer
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit lui ouvre une session à son nom

    @officielle
    Scénario: Les informations d'une autre personne n'ouvrent aucune session
      OpenID Connect Core 1.0, §5.3.2 : le sujet des informations est celui du jeton d'identité.
      Étant donné un professionnel connu du produit
      Et que Pro Santé Connect rend les informations d'une autre personne
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit ne lui ouvre aucune session

  Règle: Un retour de Pro Santé Connect ne vaut que pour la demande qui l'a ouvert
    RFC 6749, §4.1.2 et §10.12 ; RFC 9207.

    @officielle
    Plan du scénario: Un retour <défaut> n'ouvre aucune session
      Étant donné un professionnel connu du produit
      Et que Pro Santé Connect renvoie le navigateur <défaut>
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit ne lui ouvre aucune session
      Et le produit n'a échangé aucun code avec Pro Santé Connect

      Exemples:
        | défaut                          |
        | avec l'état d'une autre demande |
        | sans état                       |

    @deduite
    Scénario: Un retour au nom d'un autre émetteur n'ouvre aucune session
      Étant donné un professionnel connu du produit
      Et que Pro Santé Connect renvoie le navigateur au nom d'un autre émetteur
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit ne lui ouvre aucune session
      Et le produit n'a échangé aucun code avec Pro Santé Connect

    @officielle
    Scénario: Un code déjà employé n'ouvre aucune session
      Étant donné un professionnel connu du produit
      Et que le professionnel s'est déjà connecté par Pro Santé Connect, puis déconnecté
      Et que Pro Santé Connect renvoie le navigateur avec un code déjà employé
      Quand le professionnel se connecte par Pro Santé Connect
      Alors le produit ne lui ouvre aucune session
      Et le produit lui répond par une page lisible

    @officielle
    Scénario: Un retour rejoué n'est pas échangé une seconde fois
      Étant donné un professionnel connu du produit
      Quand le professionnel se connecte par Pro Santé Connect
      Et le navigateur du professionnel rejoue le retour vers le produit
      Alors le produit n'a échangé qu'un code avec Pro Santé Connect

    @officielle
    Scénario: Le retour obtenu par un autre professionnel n'ouvre pas sa session dans ce navigateur
      Étant donné un professionnel connu du produit
      Et un autre professionnel connu du produit
      Quand l'autre professionnel obtient un retour de connexion sans le suivre
      Et ce retour est ouvert dans le navigateur du professionnel
      Alors le produit ne lui ouvre aucune session
      Et le produit n'a échangé aucun code avec Pro Santé Connect

    @deduite
    Scénario: Le professionnel qui renonce revient au produit, sans session
      Étant donné un professionnel connu du produit
      Quand le professionnel renonce à se connecter sur la page de Pro Santé Connect
      Alors le produit ne lui ouvre aucune session
      Et le produit lui répond par une page lisible

  Règle: Le produit ne conduit personne hors de chez lui
    RFC 6749, §10.15.

    @deduite
    Plan du scénario: Une page d'arrivée étrangère, à l'adresse <forme>, n'est pas suivie
      Étant donné un professionnel connu du produit
      Quand le professionnel se connecte par Pro Santé Connect, vers une page étrangère à l'adresse <forme>
      Alors le navigateur n'est pas allé à cette page étrangère

      Exemples:
        | forme           |
        | complète        |
        | sans protocole  |
