# language: fr
@PSC @DOC-RPPS-04
Fonctionnalité: Le professionnel se connecte depuis un client lourd, et accepte sur son téléphone (CIBA)
  OpenID Connect CIBA Core 1.0 en mode d'interrogation ; ANS, documentation CIBA de Pro Santé Connect.

  @deduite @SC.PSC.01
  Plan du scénario: Le professionnel accepte avec <moyen> et entre dans son compte
    Étant donné un professionnel connu du produit
    Quand le professionnel demande à se connecter depuis son poste, avec <moyen>
    Alors Pro Santé Connect lui montre le même code que le produit, sur <moyen>
    Quand le professionnel accepte la demande
    Alors le poste ouvre une session à son nom

    Exemples:
      | moyen         |
      | sa carte      |
      | son téléphone |

  @deduite
  Scénario: Le professionnel refuse sur son téléphone
    Étant donné un professionnel connu du produit
    Quand le professionnel demande à se connecter depuis son poste, avec son téléphone
    Et le professionnel refuse la demande
    Alors le poste montre la demande refusée
    Et le produit n'interroge plus Pro Santé Connect

  @deduite
  Scénario: Une demande laissée sans réponse expire
    Étant donné un professionnel connu du produit
    Quand le professionnel demande à se connecter depuis son poste, avec son téléphone
    Et le professionnel laisse passer le délai
    Alors le poste montre la demande expirée
    Et le produit n'interroge plus Pro Santé Connect

  @deduite
  Scénario: Le produit n'interroge pas plus vite que Pro Santé Connect ne l'admet
    Étant donné un professionnel connu du produit
    Quand le professionnel demande à se connecter depuis son poste, avec son téléphone
    Et le poste demande dix fois de suite où en est la connexion
    Alors Pro Santé Connect n'a jamais demandé de ralentir

  @deduite
  Scénario: Un professionnel que Pro Santé Connect ne connaît pas reçoit une explication
    Étant donné un compte du produit dont Pro Santé Connect ignore l'identifiant
    Quand ce compte demande à se connecter depuis son poste
    Alors le poste explique que la connexion n'est pas possible

  @officielle
  Plan du scénario: Sur le poste non plus, un jeton d'identité <défaut> n'ouvre aucune session
    Étant donné un professionnel connu du produit
    Et que Pro Santé Connect remet un jeton d'identité <défaut>
    Quand le professionnel demande à se connecter depuis son poste, avec son téléphone
    Et le professionnel accepte la demande
    Alors le poste n'ouvre aucune session

    Exemples:
      | défaut                     |
      | mal signé                  |
      | destiné à un autre service |
