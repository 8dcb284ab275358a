# language: fr
@FC @cible
Fonctionnalité: L'usager passe d'un service à l'autre sans se reconnecter
  Cadre d'urbanisation, domaine d'étude 4, §1.1.2, note 1, et recommandation 4.1.5 : une session ouverte chez
  FranceConnect, ou FranceConnect+, sert à tous les services.

  @officielle @DE4-41-SSO
  Scénario: L'usager déjà connecté à un autre service entre au portail sans s'identifier de nouveau
    Étant donné un usager connu du produit
    Et que l'usager s'est connecté à un autre service par FranceConnect
    Quand l'usager se connecte par FranceConnect
    Alors le portail lui ouvre une session avec son identité
    Et l'usager ne s'est identifié qu'une fois chez FranceConnect

  @deduite @REC-4.1.5
  Scénario: La session FranceConnect+ ouverte dans Mon espace santé sert au portail
    Étant donné un usager connu du produit
    Et que FranceConnect+ partage sa session entre les services
    Et que l'usager s'est connecté à un autre service par FranceConnect+
    Quand l'usager se connecte par FranceConnect+
    Alors le portail lui ouvre une session avec son identité
    Et l'usager ne s'est identifié qu'une fois chez FranceConnect+

  @deduite @DE4-41-SSO
  Scénario: La déconnexion du portail ferme aussi la session de FranceConnect
    Étant donné un usager connu du produit
    Et que l'usager s'est déjà connecté par FranceConnect
    Quand l'usager se déconnecte de FranceConnect
    Et l'usager demande de nouveau à se connecter par FranceConnect
    Alors FranceConnect lui présente sa page de connexion
