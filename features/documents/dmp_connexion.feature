# language: fr
@DMP @cible @DE1-TR-06
Fonctionnalité: Le produit ouvre la connexion au DMP avec un certificat, et signe avec un autre
  Guide d'intégration du DMP : TLS mutuel par le certificat client de la structure (ORG_AUTH_CLI), VIHF signé par son cachet
  (ORG_SIGN). Ce scénario demande de vraies prises réseau (mode « local »).

  @deduite
  Scénario: Le certificat de la connexion n'est pas celui qui signe le VIHF
    Étant donné que le produit présente les certificats de sa structure
    Et un professionnel du produit, habilité au DMP
    Et un usager qui accepte l'alimentation et la consultation de son DMP
    Quand le professionnel vérifie le DMP de l'usager
    Alors le DMP a vu le certificat de la structure, et un VIHF signé par un autre
