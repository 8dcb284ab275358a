"""Defects of documents and of the DMP, seen by the scenarios: what is deposited, found, opened, changed."""

from __future__ import annotations

from reference.defects import dmp_changes as change
from reference.defects.kind import Defect
from reference.spoil import REMOVE, switch, written

DEPOSITS = (
    Defect(
        "dmp-autre-type",
        ("DMP-034", "DMP-069"),
        "Le projet personnalisé est déposé sous le type d'une synthèse.",
        change.deposit().xml("Classification[@nodeRepresentation='80788-3']/@nodeRepresentation", "SYNTH"),
    ),
    Defect(
        "dmp-empreinte-en-base64",
        ("DMP-038",),
        "L'empreinte SHA-1 d'une synthèse est envoyée en base64, et non en hexadécimal.",
        change.deposit().xml(change.slot("hash"), change.in_base64).only_if(change.of_type("SYNTH")),
    ),
    Defect(
        "dmp-structure-prefixe-3",
        ("DMP-045",),
        "La structure auteur porte le préfixe 3 devant son FINESS, celui des identifiants de personnes.",
        change.deposit().xml(change.slot("authorInstitution"), change.prefix_of_persons),
    ),
    Defect(
        "dmp-heure-locale",
        ("DMP-036", "DMP-037"),
        "L'heure de l'acte est envoyée à l'heure de Paris, et non en temps universel.",
        change.deposit().xml(change.slot("serviceStartTime"), change.local_time),
    ),
    Defect(
        "dmp-document-cache-par-defaut",
        (),
        "Les documents autres que les projets sont cachés à l'usager sans que personne l'ait choisi.",
        switch("document_cache_par_defaut"),
    ),
    Defect(
        "dmp-visibilite-oubliee",
        ("DMP-043",),
        "Le document que son auteur cache à l'usager est déposé sans cette restriction.",
        change.deposit().xml("Classification[@nodeRepresentation='INVISIBLE_PATIENT']", REMOVE),
    ),
    Defect(
        "dmp-nouvelle-version-sans-remplacement",
        ("DMP-052",),
        "La nouvelle version d'un document est déposée à côté de la précédente, sans la remplacer.",
        switch("nouvelle_version_sans_remplacement"),
    ),
    Defect(
        "dmp-brouillon-depose",
        ("DMP-070",),
        "Un projet qui n'est pas validé part au DMP.",
        switch("document_non_valide_depose"),
    ),
    Defect(
        "dmp-opposition-ignoree",
        ("DMP-013",),
        "L'opposition de l'usager à l'alimentation de son DMP n'empêche pas le dépôt.",
        switch("dmp_opposition_ignoree"),
    ),
    Defect(
        "dmp-etat-ignore",
        ("DMP-010",),
        "L'état du DMP, fermé, absent ou interdit au professionnel, n'empêche pas d'y écrire ni d'y chercher.",
        switch("dmp_ferme_ignore"),
        {"DMP-014": "le professionnel bloqué consulte quand même"},
    ),
    Defect(
        "dmp-redepot-inchange",
        ("DMP-050",),
        "Un document déjà déposé est envoyé de nouveau sans avoir changé.",
        switch("redepose_sans_changement"),
    ),
    Defect(
        "dmp-reprise-nouvel-identifiant",
        ("DMP-051",),
        "Après une réponse perdue, le document est envoyé de nouveau sous un autre identifiant.",
        switch("redepot_nouvel_identifiant"),
    ),
    Defect(
        "dmp-occupe-abandonne",
        (),
        "Le document que le DMP occupé n'a pas pris n'est jamais renvoyé.",
        switch("depot_occupe_abandonne"),
    ),
    Defect(
        "dmp-echec-pris-pour-succes",
        ("DMP-068",),
        "Toute réponse du DMP à un dépôt est prise pour un succès.",
        switch("echec_pris_pour_succes"),
    ),
)

PIECES = (
    Defect(
        "dmp-lot-non-signe",
        ("DMP-032",),
        "Le lot déposé au DMP ne porte pas de signature.",
        switch("lot_non_signe"),
    ),
    Defect(
        "dmp-document-dans-le-message",
        ("DMP-029",),
        "Le document est écrit en base64 dans le message au lieu d'y être joint.",
        switch("document_en_base64"),
    ),
    Defect(
        "dmp-identite-non-qualifiee",
        ("INS-16", "DMP-007"),
        "L'INS d'une identité qui n'est pas qualifiée part au DMP.",
        switch("dmp_identite_non_qualifiee"),
    ),
)

FEEDING = (
    Defect(
        "dmp-alimentation-jamais-automatique",
        (),
        "Les documents validés des types choisis par la structure attendent un geste de plus.",
        switch("alimentation_jamais_automatique"),
    ),
    Defect(
        "dmp-alimentation-de-tout-type",
        (),
        "Tout document validé part au DMP, même d'un type que la structure n'a pas choisi.",
        switch("alimentation_de_tout_type"),
    ),
    Defect(
        "dmp-retenue-ignoree",
        (),
        "Le document que le professionnel retient part quand même au DMP.",
        switch("retenue_ignoree"),
    ),
    Defect(
        "dmp-retenue-memorisee",
        (),
        "Un document retenu fait retenir les suivants.",
        switch("retenue_memorisee"),
    ),
)

FAILURES = (
    Defect(
        "dmp-depot-perdu-abandonne",
        (),
        "Le document dont l'envoi n'a pas reçu de réponse n'est jamais renvoyé.",
        switch("depot_perdu_abandonne"),
    ),
    Defect(
        "dmp-refus-de-message-tu",
        (),
        "Le DMP refuse une demande de dépôt, et rien n'en est dit au professionnel.",
        switch("refus_de_message_tu"),
    ),
    Defect(
        "dmp-silence-pris-pour-vide",
        (),
        "Une recherche restée sans réponse est montrée comme une recherche sans résultat.",
        switch("silence_pris_pour_vide"),
    ),
    Defect(
        "dmp-document-absent-ouvert-vide",
        ("DMP-068",),
        "Un document que le DMP ne rend pas s'ouvre vide, sans rien dire.",
        switch("document_absent_ouvert_vide"),
    ),
    Defect(
        "dmp-identifiant-local-au-depot",
        ("DMP-047",),
        "Le dépôt au DMP se fait sous l'identifiant du professionnel dans le produit.",
        written("VIHF", "TD2.1").xml("NameID", "pro00001"),
    ),
)

READING = (
    Defect(
        "dmp-document-ouvert-brut",
        (),
        "Le document du DMP s'ouvre tel qu'il est reçu, sans que le professionnel voie son PDF.",
        switch("document_ouvert_brut"),
        {"DMP-059": "le document brut s'ouvre sans avertissement"},
    ),
    Defect(
        "dmp-filtre-de-type-perdu",
        (),
        "La recherche d'un type de document rend tous les documents.",
        change.registry().xml("Slot[@name='$XDSDocumentEntryTypeCode']", REMOVE),
    ),
    Defect(
        "dmp-recherche-sans-limite",
        ("DMP-054",),
        "La première recherche automatique remonte au-delà de deux ans.",
        change.registry().xml("Slot[@name='$XDSDocumentEntryServiceStartTimeFrom']", REMOVE),
    ),
    Defect(
        "dmp-recherche-toujours-premiere",
        (),
        "Chaque visite refait la première recherche, et manque les documents anciens ajoutés depuis.",
        switch("recherche_toujours_premiere"),
    ),
    Defect(
        "dmp-archives-jamais-cherchees",
        (),
        "Les documents archivés ne sont pas cherchés, même demandés.",
        change.registry().xml(change.slot("$XDSDocumentEntryStatus"), change.approved_only),
    ),
    Defect(
        "dmp-archives-toujours-cherchees",
        ("DMP-054",),
        "Les documents archivés sont montrés à qui ne les demande pas.",
        change.registry().xml(change.slot("$XDSDocumentEntryStatus"), change.with_archived),
    ),
    Defect(
        "dmp-etats-non-montres",
        ("DMP-058",),
        "La liste des documents ne montre pas ceux qui sont masqués, invisibles ou archivés.",
        switch("etats_non_montres"),
    ),
    Defect(
        "dmp-invisible-sans-alerte",
        ("DMP-059",),
        "Un document invisible par l'usager s'ouvre sans avertissement.",
        switch("document_cache_sans_alerte"),
    ),
    Defect(
        "dmp-autorisation-non-demandee",
        ("DMP-014", "DMP-015"),
        "L'autorisation d'accès qui manque n'est pas demandée avant de chercher.",
        switch("dmp_autorisation_non_demandee"),
    ),
    Defect(
        "dmp-lu-sans-accord",
        ("DMP-014",),
        "Le DMP est consulté malgré le refus de l'usager.",
        switch("dmp_lu_sans_accord"),
    ),
    Defect(
        "dmp-bris-de-glace-sans-bandeau",
        ("DMP-065",),
        "L'accès en bris de glace n'est pas affiché.",
        switch("bris_de_glace_sans_bandeau"),
    ),
    Defect(
        "dmp-echec-pris-pour-vide",
        (),
        "Une recherche que le DMP refuse est montrée comme une recherche sans résultat.",
        switch("echec_pris_pour_vide"),
    ),
    Defect(
        "dmp-succes-partiel-muet",
        ("DMP-068",),
        "Une liste que le DMP dit incomplète est montrée comme complète.",
        switch("succes_partiel_muet"),
    ),
)

CHANGES = (
    Defect(
        "dmp-masquage-perdu",
        (),
        "Le document que le professionnel masque est renvoyé au DMP sans être masqué.",
        change.registry().xml("Classification[@nodeRepresentation='MASQUE_PS']", REMOVE),
    ),
    Defect(
        "dmp-version-figee",
        (),
        "Le changement d'un document annonce toujours sa première version.",
        switch("version_precedente_figee"),
    ),
    Defect(
        "dmp-visible-sans-confirmation",
        ("DMP-063",),
        "Un document devient visible aux représentants légaux sans confirmation.",
        switch("visible_sans_confirmation"),
    ),
    Defect(
        "dmp-archivage-sans-effet",
        (),
        "L'archivage d'un document demande au DMP l'état qu'il a déjà.",
        change.registry().xml(change.slot("NewStatus"), change.not_archived),
    ),
    Defect(
        "dmp-suppression-sans-confirmation",
        ("DMP-062",),
        "Un document est supprimé du DMP sans confirmation.",
        switch("suppression_sans_confirmation"),
    ),
    Defect(
        "dmp-suppression-par-un-autre",
        ("DMP-062",),
        "Le produit demande au DMP de supprimer un document d'une autre structure.",
        switch("suppression_par_un_autre"),
    ),
    Defect(
        "dmp-changement-refuse-tu",
        (),
        "Un changement que le DMP n'a pas fait est montré comme fait.",
        switch("echec_de_changement_tu"),
    ),
)

FILE = (
    Defect(
        "projet-objectif-sans-nom",
        (),
        "Le rendez-vous qui vient d'un objectif ne porte pas son nom.",
        switch("objectif_sans_nom"),
    ),
    Defect(
        "projet-avenant-dans-le-projet",
        (),
        "L'avenant est ajouté au texte du projet validé.",
        switch("avenant_dans_le_projet"),
    ),
    Defect(
        "projet-valide-modifiable",
        (),
        "Un projet validé se modifie.",
        switch("document_valide_modifiable"),
    ),
    Defect(
        "projet-versions-oubliees",
        (),
        "Le dossier ne garde que la dernière version d'un projet.",
        switch("versions_oubliees"),
    ),
    Defect(
        "projet-importe-modifiable",
        ("DMP-071",),
        "Un projet importé du DMP se modifie.",
        switch("document_importe_modifiable"),
    ),
    Defect(
        "projet-importe-deux-fois",
        ("DMP-060",),
        "Un document déjà importé entre une seconde fois dans le dossier.",
        switch("document_importe_deux_fois"),
    ),
    Defect(
        "projet-revision-oubliee",
        (),
        "Un projet de plus d'un an n'est pas signalé.",
        switch("revision_annuelle_oubliee"),
    ),
    Defect(
        "projet-toujours-a-revoir",
        (),
        "Tout projet est signalé à revoir, même récent.",
        switch("revision_toujours_due"),
    ),
)

DEFECTS = (*DEPOSITS, *PIECES, *FEEDING, *FAILURES, *READING, *CHANGES, *FILE)
