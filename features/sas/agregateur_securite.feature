# language: fr
@SAS @DOC-SAS-03
Fonctionnalité: Seule la plateforme du SAS accède aux créneaux
  ANS, SAS 1.2.0, sécurité : TLS mutuel, autorité, révocation, CN et OU du client vérifiés. Ces scénarios demandent de
  vraies prises réseau (mode « local » ou « distant »).

  @officielle
  Plan du scénario: Un client <défaut> est refusé
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand un client au certificat « <certificat> » cherche les créneaux du praticien
    Alors le produit refuse ce client

    Exemples:
      | défaut                      | certificat            |
      | sans certificat             | aucun                 |
      | d'un autre nom              | sas-cn-faux           |
      | d'une autre unité           | sas-ou-faux           |
      | au certificat expiré        | sas-expire            |
      | au certificat révoqué       | sas-revoque           |
      | d'une autorité inconnue     | sas-autorite-inconnue |

  @officielle
  Scénario: Une version de TLS trop ancienne est refusée
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS se présente en TLS 1.1
    Alors le produit refuse ce client

  @officielle
  Scénario: La plateforme est reçue en TLS 1.2
    Étant donné un praticien qui ouvre au public un créneau demain à 09:00
    Quand la plateforme du SAS se présente en TLS 1.2
    Alors elle voit les créneaux du praticien, et eux seuls
