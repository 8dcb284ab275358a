# language: fr
@SAS
Fonctionnalité: Un régulateur du SAS prend rendez-vous pour un patient, et la plateforme en suit chaque étape
  Doctrine du numérique en santé, service d'accès aux soins ; guide ANS SAS 1.2.0, flux INT_R03.

  Contexte:
    Étant donné un régulateur du SAS qui a un compte dans le produit

  @officielle @DOC-SAS-01 @DOC-SAS-08
  Scénario: Le rendez-vous pris par un régulateur est annoncé à la plateforme
    Étant donné un créneau ouvert aux régulateurs en juillet
    Quand le régulateur venu du SAS réserve ce créneau pour un patient
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé
    Et ce rendez-vous nomme le régulateur et le praticien

  @deduite @DOC-SAS-08
  Scénario: Le créneau pris par un régulateur n'est plus libre pour un autre
    Étant donné un autre régulateur du SAS qui a un compte dans le produit
    Et un créneau ouvert aux régulateurs en juillet
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand l'autre régulateur venu du SAS essaie de réserver ce créneau
    Alors le produit refuse la réservation
    Et la plateforme du SAS ne tient qu'un rendez-vous

  @officielle @DOC-SAS-08
  Scénario: Le rendez-vous d'hiver garde l'heure du cabinet
    Étant donné un créneau ouvert aux régulateurs en janvier
    Quand le régulateur venu du SAS réserve ce créneau pour un patient
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé

  @officielle @DOC-SAS-08
  Scénario: Le rendez-vous d'outre-mer garde l'heure du cabinet
    Étant donné un créneau à La Réunion ouvert aux régulateurs en juillet
    Quand le régulateur venu du SAS réserve ce créneau pour un patient
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé

  @officielle @DOC-SAS-08
  Scénario: Un rendez-vous déplacé reste le même pour la plateforme
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand le produit déplace ce rendez-vous du SAS au lendemain
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé

  @officielle @DOC-SAS-08
  Scénario: Un rendez-vous annulé reste connu de la plateforme, avec ses heures
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand le produit annule ce rendez-vous du SAS
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, annulé

  @officielle @DOC-SAS-08
  Scénario: De la réservation à la consultation, la plateforme suit un seul rendez-vous
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand le produit déplace ce rendez-vous du SAS au lendemain
    Et le professionnel note que ce rendez-vous du SAS est honoré
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, honoré
    Et la plateforme du SAS l'a su confirmé puis honoré

  @officielle @DOC-SAS-08
  Plan du scénario: Un rendez-vous <constat> est annoncé tel à la plateforme
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand le professionnel note que ce rendez-vous du SAS est <constat>
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, <constat>

    Exemples:
      | constat    |
      | honoré     |
      | non honoré |

  @deduite @DOC-SAS-08
  Scénario: Un rendez-vous chez SOS Médecins attend l'accord de l'association
    Étant donné un créneau d'un point fixe de SOS Médecins ouvert aux régulateurs
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand l'association accepte ce rendez-vous du SAS
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé
    Et la plateforme du SAS l'a su en attente puis confirmé
    Et ce rendez-vous nomme le régulateur, et aucun praticien

  @officielle @DOC-SAS-08
  Scénario: Un rendez-vous que SOS Médecins ne peut honorer est annulé
    Étant donné un créneau d'un point fixe de SOS Médecins ouvert aux régulateurs
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand le produit annule ce rendez-vous du SAS
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, annulé

  @officielle @DOC-SAS-08 @DOC-SAS-05
  Scénario: Le rendez-vous nomme le régulateur par l'identifiant que la plateforme lui donne ensuite
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et la plateforme donne au régulateur son identifiant national
    Quand le régulateur venu du SAS réserve ce créneau au nom de cet identifiant
    Alors ce rendez-vous nomme le régulateur par son identifiant national

  @deduite @DOC-SAS-08
  Scénario: Rien du patient ne part vers la plateforme
    Étant donné un créneau ouvert aux régulateurs en juillet
    Quand le régulateur venu du SAS réserve ce créneau pour un patient
    Alors rien du patient n'est parti vers la plateforme du SAS

  @banc @DOC-SAS-08
  Scénario: Pendant une panne de la plateforme, les étapes sont gardées puis annoncées dans l'ordre
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et que la plateforme du SAS est indisponible
    Et le régulateur venu du SAS a réservé ce créneau pour un patient
    Quand le produit annule ce rendez-vous du SAS
    Et la plateforme du SAS est rétablie
    Et le produit reprend ses envois en attente vers le SAS
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, annulé
    Et la plateforme du SAS l'a su confirmé puis annulé

  @banc @DOC-SAS-08
  Scénario: Une réponse perdue de la plateforme ne double pas le rendez-vous
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et que la plateforme du SAS coupe la connexion après avoir enregistré
    Quand le régulateur venu du SAS réserve ce créneau pour un patient
    Et le produit reprend ses envois en attente vers le SAS
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé

  @banc @DOC-SAS-08
  Scénario: Un rendez-vous perdu avant d'arriver à la plateforme lui est annoncé de nouveau
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et que la plateforme du SAS coupe la connexion avant d'enregistrer
    Quand le régulateur venu du SAS réserve ce créneau pour un patient
    Et le produit reprend ses envois en attente vers le SAS
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé

  @banc @DOC-SAS-08
  Scénario: Une plateforme qui ne crée rien par mise à jour apprend quand même le rendez-vous perdu
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et que la plateforme du SAS refuse la mise à jour d'un rendez-vous inconnu
    Et que la plateforme du SAS coupe la connexion avant d'enregistrer
    Quand le régulateur venu du SAS réserve ce créneau pour un patient
    Et le produit reprend ses envois en attente vers le SAS
    Alors la plateforme du SAS tient ce rendez-vous une seule fois, confirmé

  @officielle @DOC-SAS-08
  Scénario: Un régulateur dont le droit est retiré ne réserve plus
    Étant donné un créneau ouvert aux régulateurs en juillet
    Et la plateforme a retiré le droit du régulateur
    Quand le régulateur venu du SAS essaie de réserver ce créneau
    Alors le produit refuse la réservation
    Et la plateforme du SAS ne tient aucun rendez-vous

  @banc @DOC-SAS-08
  Scénario: Le droit de régulateur ne sert pas hors d'une arrivée du SAS
    Étant donné un créneau ouvert aux régulateurs en juillet
    Quand le régulateur se connecte au produit sans venir du SAS et essaie de réserver ce créneau
    Alors le produit refuse la réservation
    Et la plateforme du SAS ne tient aucun rendez-vous
