// Réglages du rapport Allure. Ce qui change d'un passage à l'autre vient de l'environnement (reports/html.py).
const history = process.env.BANC_HISTORIQUE;

export default {
  name: process.env.BANC_RAPPORT_NOM ?? "Conformité",
  output: process.env.BANC_RAPPORT_SORTIE ?? "./rapport",
  ...(history ? { historyPath: history, historyLimit: 20, appendHistory: true } : {}),
  variables: JSON.parse(process.env.BANC_RAPPORT_VARIABLES ?? "{}"),
  hideLabels: ["parentSuite", "suite", "subSuite", "host", "thread", "framework", "language", "package"],
  categories: {
    rules: [
      { name: "Écarts de conformité", matchers: { statuses: ["failed"] }, groupByMessage: true },
      { name: "Erreurs du banc ou du produit pendant l'essai", matchers: { statuses: ["broken"] } },
      { name: "À vérifier", matchers: { statuses: ["skipped"], message: /^À vérifier/ } },
      { name: "Non applicables", matchers: { statuses: ["skipped"], message: /Non applicable/i } },
      { name: "Non exécutés", matchers: { statuses: ["skipped"] } },
    ],
  },
  plugins: {
    awesome: {
      options: {
        reportName: process.env.BANC_RAPPORT_NOM ?? "Conformité",
        reportLanguage: "fr",
        singleFile: true,
        groupBy: ["epic", "feature", "story"],
      },
    },
  },
};
