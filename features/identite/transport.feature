# language: fr
@INSI @PSC @cible @DE1-TR-06
Fonctionnalité: Le produit s'authentifie par le certificat de sa structure
  ANS, sécurisation des API Pro Santé Connectées, v1.2.0 : TLS mutuel avec un certificat IGC Santé. Ces scénarios
  demandent de vraies prises réseau (mode « local »).

  @officielle
  Scénario: L'appel à l'INSi porte le certificat de la structure, en TLS 1.2 ou 1.3
    Étant donné un usager sans INS, connu du produit
    Et que le produit présente les certificats de sa structure
    Quand le produit récupère l'INS de l'usager par ses traits
    Alors l'INSi a vu le certificat « insi-manu », en TLS 1.2 ou 1.3

  @deduite
  Plan du scénario: Avec un certificat <défaut>, l'appel échoue et le produit le dit
    Étant donné un usager sans INS, connu du produit
    Et que le produit présente le certificat « <certificat> »
    Quand le produit récupère l'INS de l'usager par ses traits
    Alors l'INSi n'a répondu à aucun appel
    Et l'identité de l'usager est provisoire et sans INS
    Et le produit explique le résultat au professionnel

    Exemples:
      | défaut                  | certificat        |
      | expiré                  | expire            |
      | pas encore valable      | pas-encore-valable |
      | révoqué                 | revoque           |
      | d'une autorité inconnue | autorite-inconnue |

  @officielle
  Scénario: Le jeton de l'API est lié au certificat qui l'a obtenu
    Étant donné que le produit présente les certificats de sa structure
    Et un professionnel connecté par Pro Santé Connect
    Quand le professionnel consulte un cahier par une API Pro Santé Connectée
    Alors l'API lui répond
    Et l'échange du jeton et la consultation portent le même certificat

  @deduite
  Plan du scénario: Un serveur au certificat <défaut> est refusé et le produit le dit
    Étant donné un usager sans INS, connu du produit
    Et que l'INSi répond avec le certificat « <certificat> »
    Quand le produit récupère l'INS de l'usager par ses traits
    Alors l'INSi n'a répondu à aucun appel
    Et l'identité de l'usager est provisoire et sans INS
    Et le produit explique le résultat au professionnel

    Exemples:
      | défaut                  | certificat                |
      | expiré                  | serveur-expire            |
      | d'un autre nom          | serveur-autre-nom         |
      | d'une autorité inconnue | serveur-autorite-inconnue |
      | révoqué                 | serveur-revoque           |

  @officielle
  Scénario: Dans l'espace de confiance, le certificat authentifie le produit
    Étant donné que le produit est client de l'espace de confiance de Pro Santé Connect
    Et un professionnel connu du produit
    Quand le professionnel se connecte par Pro Santé Connect
    Alors le produit lui ouvre une session à son nom
