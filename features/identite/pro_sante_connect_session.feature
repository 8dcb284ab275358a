# language: fr
@PSC @DOC-RPPS-04
Fonctionnalité: La session ouverte par Pro Santé Connect se renouvelle sans bruit et finit avec lui
  ANS, sécurisation des API Pro Santé Connectées, v1.2.0, cas d'erreur 1a et 1b : le jeton d'accès vaut deux minutes,
  le jeton de renouvellement trente.

  @officielle
  Scénario: Un jeton expiré est renouvelé sans redemander la connexion
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que son jeton d'accès a expiré
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond
    Et le professionnel n'est passé qu'une fois par Pro Santé Connect

  @officielle
  Scénario: Chaque renouvellement emploie le dernier jeton reçu
    RFC 6749, §6.
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que son jeton d'accès a expiré
    Et que le professionnel a consulté un cahier par une API Pro Santé Connectée
    Et que l'API ne reconnaît plus le jeton qu'elle a remis
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond
    Et aucun jeton de renouvellement n'a servi deux fois

  @officielle
  Plan du scénario: Quand <cause>, le produit redemande la connexion
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que <cause>
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors le produit demande au professionnel de se reconnecter, sans insister auprès de Pro Santé Connect

    Exemples:
      | cause                                               |
      | une demi-heure a passé sans activité                |
      | Pro Santé Connect a fermé la session                |
      | Pro Santé Connect refuse de renouveler le jeton     |

  @deduite
  Scénario: Une nouvelle connexion rouvre l'API
    Étant donné un professionnel connecté par Pro Santé Connect
    Et que Pro Santé Connect a fermé la session
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Et le professionnel se connecte par Pro Santé Connect
    Et le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond

  @deduite @SC.PSC.01
  Scénario: Après la déconnexion, Pro Santé Connect redemande de s'identifier
    Étant donné un professionnel connecté par Pro Santé Connect
    Quand le professionnel se déconnecte
    Et le professionnel demande de nouveau à se connecter
    Alors Pro Santé Connect lui présente sa page de connexion

  @deduite @SC.SSI/IE.38
  Scénario: La session d'avant la déconnexion n'ouvre plus rien
    Étant donné un professionnel connecté par Pro Santé Connect
    Quand le professionnel se déconnecte
    Alors sa session d'avant n'est plus ouverte

  @officielle
  Scénario: Aucun jeton de Pro Santé Connect ne paraît dans les pages ni dans le journal technique
    RFC 6750, §5.3.
    Étant donné un professionnel connecté par Pro Santé Connect
    Quand le professionnel se déconnecte
    Alors aucun jeton ne paraît dans les pages du produit
    Et aucun jeton ne paraît dans le journal technique du produit

  @deduite
  Scénario: Pro Santé Connect indisponible, le produit le dit et le compte local reste ouvert
    Étant donné un professionnel connu du produit
    Et que Pro Santé Connect ne remet plus de jeton
    Quand le professionnel se connecte par Pro Santé Connect
    Alors le produit ne lui ouvre aucune session
    Et le produit explique au professionnel que Pro Santé Connect ne répond pas
    Quand le professionnel se connecte par son compte local
    Alors le compte local ouvre une session à son nom
