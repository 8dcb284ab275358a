"""Defects of identities: calls to INSi, what is made of its answers, statuses, reception, search, rights."""

from __future__ import annotations

from reference.defects import changes
from reference.defects.kind import Defect
from reference.spoil import REMOVE, Spoil, outgoing, switch

_AS_SENT = "l'identité rendue n'est pas celle du dossier"
_STATUS = "le statut n'est pas celui du guide"


def _insi() -> Spoil:
    return outgoing("POST", "/lps")


CALLS = (
    Defect(
        "contexte-bam-ancien",
        ("INS-01",),
        "Le contexte BAM envoyé à l'INSi est d'une version ancienne.",
        _insi().xml("ContexteBAM/@Version", "01_01"),
    ),
    Defect(
        "idam-sans-role",
        ("INS-01",),
        "Le numéro d'autorisation (IDAM) est envoyé sans son rôle R.",
        _insi().xml("LPS/IDAM/@R", REMOVE),
    ),
    Defect(
        "message-insi-constant",
        ("INS-02",),
        "Tous les appels à l'INSi portent le même MessageID.",
        _insi().xml("MessageID", "uuid:00000000-0000-4000-8000-000000000001"),
    ),
    Defect(
        "contexte-lps-constant",
        ("INS-02",),
        "Tous les appels à l'INSi portent le même identifiant de contexte LPS.",
        _insi().xml("ContexteLPS/Id", "00000000-0000-4000-8000-000000000002"),
    ),
    Defect(
        "heure-insi-sans-fuseau",
        ("INS-02",),
        "L'heure des contextes envoyés à l'INSi n'a pas de fuseau.",
        _insi().xml("Temps", changes.drop_offset),
    ),
    Defect(
        "traits-avec-accents",
        ("INS-03",),
        "Les noms de naissance sont envoyés à l'INSi avec leurs accents, quand l'usager a aussi un nom utilisé.",
        switch("traits_accentues"),
    ),
    Defect(
        "traits-inventes",
        ("INS-05",),
        "Quand l'INSi ne trouve personne, le produit réessaie avec l'autre sexe.",
        switch("traits_inventes"),
    ),
    Defect(
        "identite-douteuse-envoyee",
        ("INS-13",),
        "Une identité notée douteuse est quand même cherchée auprès de l'INSi.",
        switch("douteuse_appelle_l_insi"),
    ),
    Defect(
        "identite-fictive-envoyee",
        ("INS-13",),
        "Une identité notée fictive est quand même cherchée auprès de l'INSi.",
        switch("fictive_appelle_l_insi"),
    ),
    Defect(
        "ins-recuperee-envoyee",
        ("INS-16",),
        "Avant de vérifier une INS, même non qualifiée, le produit l'envoie dans une recherche par carte.",
        switch("verifie_par_une_recherche"),
    ),
    Defect(
        "insi-sans-droit",
        ("INS-28",),
        "Un professionnel sans droit sur l'INS peut appeler l'INSi.",
        switch("insi_sans_droit"),
    ),
    Defect(
        "appels-insi-sans-trace",
        ("INS-21",),
        "Les appels à l'INSi ne sont pas tracés.",
        switch("appels_insi_sans_trace"),
        {"INS-27": "l'appel en panne n'est pas tracé non plus"},
    ),
    Defect(
        "historique-ins-non-trace",
        ("INS-21",),
        "La trace d'un appel ne garde pas les anciennes INS que rend l'INSi.",
        switch("historique_ins_non_trace"),
    ),
)

ANSWERS = (
    Defect(
        "plusieurs-sans-invitation",
        ("INS-06",),
        "Quand l'INSi trouve plusieurs personnes, rien n'invite à préciser les traits.",
        switch("plusieurs_sans_invitation"),
    ),
    Defect(
        "personne-sans-explication",
        (),
        "Quand l'INSi ne trouve personne, le professionnel n'en est pas averti.",
        switch("personne_sans_explication"),
    ),
    Defect(
        "accepte-sans-comparer",
        ("INS-07",),
        "L'identité que rend l'INSi remplace celle du dossier sans être comparée.",
        switch("accepte_sans_comparer"),
    ),
    Defect(
        "jour-nul-accepte",
        ("INS-08",),
        "Une identité dont le jour de naissance est 00 est enregistrée.",
        switch("jour_nul_accepte"),
        {"INS-07": _AS_SENT},
    ),
    Defect(
        "trait-vide-accepte",
        ("INS-09",),
        "Une identité sans nom de naissance est enregistrée.",
        switch("trait_vide_accepte"),
        {"INS-07": _AS_SENT},
    ),
    Defect(
        "oid-constant",
        ("INS-10",),
        "L'OID enregistré est toujours celui du NIR, quel que soit celui que rend l'INSi.",
        switch("oid_constant"),
        {"DMP-003": "l'OID enregistré part au DMP"},
    ),
    Defect(
        "ancienne-ins-prise",
        ("INS-29",),
        "Une ancienne INS est enregistrée comme l'INS courante.",
        switch("ancienne_ins_prise"),
    ),
    Defect(
        "panne-insi-muette",
        ("INS-27",),
        "Une panne de l'INSi n'est pas dite au professionnel.",
        switch("panne_insi_muette"),
    ),
    Defect(
        "panne-insi-vaut-ko",
        (),
        "Une vérification que l'INSi n'a pas pu faire est prise pour une réponse négative.",
        switch("panne_vaut_ko"),
    ),
)

STATUSES = (
    Defect(
        "creee-montree-validee",
        ("INS-11",),
        "Une identité créée est montrée validée tant que l'INSi n'a pas été appelé.",
        switch("creee_montree_validee"),
        {"INS-22": "l'historique, lui, dit l'identité provisoire"},
    ),
    Defect(
        "justificatif-avant-insi-ignore",
        ("INS-11",),
        "Un justificatif enregistré avant la récupération de l'INS ne valide pas l'identité.",
        switch("justificatif_avant_insi_ignore"),
    ),
    Defect(
        "justificatif-apres-insi-ignore",
        ("INS-11",),
        "Un justificatif enregistré après la récupération de l'INS ne qualifie pas l'identité.",
        switch("justificatif_apres_insi_ignore"),
    ),
    Defect(
        "qualifiee-sans-justificatif",
        ("INS-12",),
        "L'identité que rend l'INSi est qualifiée sans justificatif.",
        switch("qualifiee_sans_justificatif"),
        {"INS-11": _STATUS},
    ),
    Defect(
        "verification-qualifie",
        ("INS-12",),
        "Une vérification positive qualifie l'identité sans justificatif.",
        switch("verification_qualifie"),
        {"INS-11": _STATUS},
    ),
    Defect(
        "tout-papier-qualifie",
        (),
        "Un papier sans valeur de preuve compte comme un justificatif.",
        switch("tout_papier_qualifie"),
    ),
    Defect(
        "traits-stricts-modifiables",
        ("INS-14",),
        "Les traits stricts d'une identité qualifiée ne sont pas verrouillés.",
        switch("traits_stricts_modifiables"),
        {"INS-15": "un trait réécrit à l'identique ne retire pas l'INS"},
    ),
    Defect(
        "nom-utilise-verrouille",
        ("INS-14",),
        "Le nom et le prénom utilisés sont verrouillés avec les traits stricts.",
        switch("nom_utilise_verrouille"),
    ),
    Defect(
        "correction-garde-l-ins",
        ("INS-15",),
        "Une identité dont un trait strict est corrigé garde son INS.",
        switch("correction_garde_l_ins"),
    ),
    Defect(
        "verification-ko-sans-effet",
        ("INS-17",),
        "Une vérification négative ne change rien à l'identité.",
        switch("verification_ko_sans_effet"),
        {"INS-11": _STATUS},
    ),
    Defect(
        "verification-ko-hors-liste",
        ("INS-17",),
        "Une identité que l'INSi ne confirme plus n'entre pas sur la liste de travail.",
        switch("verification_ko_hors_liste"),
    ),
    Defect(
        "historique-sans-auteur",
        ("INS-22",),
        "L'historique des statuts ne dit pas qui les a changés.",
        switch("historique_sans_auteur"),
    ),
    Defect(
        "historique-ecrase",
        ("INS-22",),
        "Seul le dernier changement de statut est conservé.",
        switch("historique_ecrase"),
    ),
)

FILES = (
    Defect(
        "recue-qualifiee-telle-quelle",
        ("INS-18",),
        "Une identité reçue comme qualifiée est tenue pour telle sans vérification.",
        switch("recue_qualifiee_telle_quelle"),
        {"INS-11": _STATUS, "INS-12": "aucun justificatif n'a été présenté ici"},
    ),
    Defect(
        "recue-ko-avec-ins",
        ("INS-19",),
        "Une identité inconnue que l'INSi ne confirme pas est créée avec l'INS reçue.",
        switch("recue_ko_avec_ins"),
    ),
    Defect(
        "recue-ko-modifie",
        (),
        "Une identité connue est modifiée d'après une identité reçue que l'INSi ne confirme pas.",
        switch("recue_ko_modifie"),
    ),
    Defect(
        "recue-provisoire-avec-ins",
        (),
        "L'INS d'une identité reçue qui n'est pas validée est enregistrée.",
        switch("recue_provisoire_avec_ins"),
    ),
    Defect(
        "document-ko-classe",
        ("INS-20",),
        "Le document d'une identité que l'INSi ne confirme pas est classé d'office.",
        switch("document_ko_classe"),
    ),
    Defect(
        "recherche-matricule-tronque",
        ("INS-23",),
        "Un matricule tronqué, ou à la clé fausse, retrouve un dossier.",
        switch("recherche_matricule_tronque"),
    ),
    Defect(
        "cle-corse-fausse",
        ("INS-23",),
        "La clé d'un matricule corse est mal calculée : sa recherche est refusée.",
        switch("cle_corse_fausse"),
    ),
    Defect(
        "matricule-lu-comme-un-nombre",
        (),
        "Un matricule sans lettre est lu comme un nombre : sa recherche ne retrouve rien.",
        switch("matricule_lu_comme_un_nombre"),
    ),
    Defect(
        "recherche-sensible-a-la-casse",
        ("INS-24",),
        "Un nom tapé en minuscules ne retrouve aucun dossier.",
        switch("recherche_sensible_a_la_casse"),
    ),
    Defect(
        "saisie-accentuee-non-lue",
        ("INS-24",),
        "Un nom tapé avec ses accents ne retrouve aucun dossier.",
        switch("saisie_accentuee_non_lue"),
    ),
    Defect(
        "recherche-avec-accents",
        ("INS-24",),
        "La recherche par nom tient compte des accents.",
        switch("recherche_avec_accents"),
    ),
    Defect(
        "recherche-sans-nom-utilise",
        ("INS-24",),
        "La recherche par nom ne lit pas le nom utilisé.",
        switch("recherche_sans_nom_utilise"),
    ),
    Defect(
        "creation-sans-trait",
        ("INS-25",),
        "Un dossier se crée sans un des cinq traits stricts.",
        switch("creation_sans_trait"),
    ),
    Defect(
        "lieu-inconnu-refuse",
        ("INS-25",),
        "Un dossier où un prénom utilisé est donné ne se crée pas quand le lieu de naissance est inconnu.",
        switch("lieu_inconnu_refuse"),
    ),
    Defect(
        "traces-ins-sans-nom",
        ("PSC-23",),
        "Les traces des appels à l'INSi ne nomment pas le professionnel.",
        switch("traces_ins_sans_nom"),
    ),
    Defect(
        "ins-visible-sans-droit",
        ("INS-28",),
        "Un professionnel sans droit sur l'INS la voit.",
        switch("ins_visible_sans_droit"),
    ),
)

DEFECTS = CALLS + ANSWERS + STATUSES + FILES
