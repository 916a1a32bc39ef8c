import type { ProseWords } from './prose.ts';

export const FR_PROSE: ProseWords = {
  official: {
    title: 'À côté : ce que disent d’autres sources',
    lede: 'Chiffres repris d’autres sources, que nous n’avons pas toutes retrouvées : la dernière colonne dit ce qui a été vérifié. Ils ne mesurent pas la même chose que nous.',
    what: 'Quoi',
    figure: 'Chiffre',
    source: 'Source et année',
    checked: 'Vérifié ?',
    rows: [
      {
        what: 'Réclamations au Défenseur des droits sur le droit des étrangers',
        figure: '6\u00A0540 (2019), 21\u00A0666 (2022)',
        source: 'Défenseur des droits, rapport annuel 2022',
        checked:
          'En partie : la hausse de 231 % est citée à l’Assemblée nationale ; les deux nombres n’ont pas été lus dans le rapport.',
        address: 'https://nosdeputes.fr/16/intervention/285952',
      },
      {
        what: 'Part de ces réclamations dans toutes celles reçues',
        figure: '37 % de 103\u00A0433 (2024)',
        source: 'Défenseur des droits, rapport annuel 2024',
        checked: 'En partie : par la presse qui cite le rapport (mars 2025) ; non relu dans le rapport.',
        address: 'https://www.vie-publique.fr/rapport/297906-defenseur-des-droits-rapport-annuel-dactivite-2024',
      },
      {
        what: 'Délai d’un premier titre de séjour : fixé par la loi, puis annoncé',
        figure: '90 jours, puis 134 jours (2022)',
        source: 'Ministre de l’intérieur devant le Sénat, chiffres de 2022',
        checked:
          'Oui, dans le débat au Sénat. Le ministre y parle de « cibles » présentées : 114 jours en 2020, 134 en 2022.',
        address: 'https://archive.nossenateurs.fr/intervention/2769611',
      },
      {
        what: 'Délai d’un renouvellement : fixé, puis annoncé',
        figure: '30 jours, puis 77 jours (2022)',
        source: 'Ministre de l’intérieur devant le Sénat, chiffres de 2022',
        checked: 'Oui, dans le même débat. « Cibles » présentées : 63 jours en 2020, 77 en 2022.',
        address: 'https://archive.nossenateurs.fr/intervention/2769611',
      },
      {
        what: 'Référés à Paris ; part gagnée',
        figure: '2\u00A0838 (2021) ; 90 %',
        source: 'Chiffres de 2021, source exacte à vérifier (voir le rapport du Sénat n° 626, 2021-2022)',
        checked: 'Non : ces nombres n’ont été retrouvés dans aucune source. Ne les citez pas sans elle.',
        address: null,
      },
    ],
    none: 'Aucune série officielle des créneaux proposés ni de la disponibilité de l’ANEF n’est connue.',
  },
  unseen: [
    {
      failure: 'site hors ligne, « maintenance », pannes à répétition',
      seen: 'yes',
      how: 'page d’accueil et page de connexion, texte et durée de la panne',
    },
    {
      failure: 'erreurs et lenteurs à la connexion',
      seen: 'partly',
      how: 'la page de connexion, oui ; ce qui suit, non',
    },
    { failure: 'page blanche', seen: 'yes', how: 'contenu visible après attente, scripts en échec' },
    {
      failure: 'création de compte impossible',
      seen: 'partly',
      how: 'le formulaire et son bouton sont là ; la vérification qui suit l’envoi est invisible',
    },
    {
      failure: 'le courriel de mot de passe oublié n’arrive jamais',
      seen: 'partly',
      how: 'la page s’ouvre ; le courriel ne se voit pas',
    },
    {
      failure: 'changer de courriel, d’adresse ou de mot de passe est bloqué',
      seen: 'no',
      how: 'derrière la connexion ; indice : les pages d’aide s’ouvrent',
    },
    { failure: 'joindre un document est impossible', seen: 'no', how: 'derrière la connexion' },
    { failure: 'ancien titre « non remis », donc pas de nouvelle demande', seen: 'no', how: 'problème de données' },
    { failure: 'plusieurs démarches à la fois refusées', seen: 'no', how: 'règle derrière la connexion' },
    { failure: 'compléter, corriger ou annuler un dossier est impossible', seen: 'no', how: 'derrière la connexion' },
    { failure: 'attestation absente, en retard ou non renouvelée', seen: 'no', how: 'propre à chaque dossier' },
    { failure: 'rejet à tort, « Vous n’êtes pas reconnu bénéficiaire… »', seen: 'no', how: 'propre à chaque dossier' },
    { failure: 'aucun historique des étapes et des pièces', seen: 'no', how: 'derrière la connexion' },
    {
      failure: 'FranceConnect échoue',
      seen: 'partly',
      how: 'le bouton et le lien sont là ; l’état de FranceConnect est à part',
    },
    {
      failure: 'le centre de contact n’aide pas, longues attentes',
      seen: 'partly',
      how: 'le téléphone, non ; la page et le numéro, oui',
    },
    { failure: 'solution de substitution non proposée', seen: 'yes', how: 'comme contenu des pages des préfectures' },
    {
      failure: 'inutilisable au téléphone, peu de langues',
      seen: 'yes',
      how: 'petite fenêtre ; le choix de langue est encore là',
    },
    { failure: 'accessibilité « partiellement conforme »', seen: 'yes', how: 'la déclaration est là, avec son niveau' },
    { failure: 'paiement du timbre impossible', seen: 'partly', how: 'page d’accueil des timbres' },
    {
      failure: 'un changement de site casse les liens et les guides',
      seen: 'yes',
      how: 'anciens liens : renvoi gardé ou non',
    },
  ],
  method: {
    title: 'Méthode : comment c’est mesuré, et ses limites',
    lede: 'En court : un robot lent et poli regarde des pages publiques, au hasard, et ne dit que ce qu’il a vu.',
    sections: [
      {
        title: 'Ce que fait le robot',
        paragraphs: [
          'Il ouvre, avec un vrai navigateur, les pages publiques où l’on prend rendez-vous, comme le ferait une personne sans compte. Il s’arrête à la page qui montre les créneaux. Il ne réserve rien, ne choisit rien, n’écrit rien.',
        ],
        points: [],
      },
      {
        title: 'Quand il regarde',
        paragraphs: [
          'Le temps est découpé en intervalles égaux. Dans chacun, un seul contrôle, à un instant tiré au hasard. C’est pourquoi la part des contrôles avec créneau est une estimation sans biais de la part du temps, même si des créneaux sont publiés à heure fixe.',
        ],
        points: [],
      },
      {
        title: 'Un « oui » et un « non » ont chacun leur preuve',
        paragraphs: [
          'Un « oui » demande un créneau visible et choisissable. Un « non » demande la phrase du site qui dit qu’il n’y en a pas. Une page qui ne correspond à aucune règle n’est ni un oui, ni un non : elle est « inconnue », et une personne doit la regarder.',
        ],
        points: [],
      },
      {
        title: 'Ce qui est compté',
        paragraphs: [
          'La part = contrôles avec créneau ÷ contrôles où la page a pu être lue (avec créneau, sans créneau, ou réservations fermées). Les contrôles d’une même journée se ressemblent ; l’intervalle à 95 % en tient compte.',
        ],
        points: [
          'Une part n’est montrée qu’avec au moins 30 contrôles lus, 10 jours, 2 semaines et 80 % de couverture. Sinon : « pas assez de données », avec ce qui manque.',
          'Les pannes du site et les « regards impossibles » (captcha, connexion, refus) sont comptés à part. Ils ne sont jamais des « non ».',
          'Quand un site sert à tort des « non » (un témoin connu pour avoir des créneaux dit « non » lui aussi), ces « non » sont retirés.',
        ],
      },
      {
        title: 'Limites',
        paragraphs: [],
        points: [
          'Un créneau ouvert une minute n’est vu par un contrôle horaire qu’une fois sur soixante : le robot mesure l’accès, il n’attrape des créneaux que par chance.',
          '« Ouvert » veut dire que la porte publique s’ouvre, pas que le service marche derrière une connexion.',
          '« Aucun créneau vu » n’est pas « aucun créneau publié ».',
          'Les chiffres valent pour les pages regardées, depuis un seul endroit, pas pour toutes les démarches d’une préfecture.',
        ],
      },
      {
        title: 'Preuves et vie privée',
        paragraphs: [
          'Chaque contrôle garde ce qu’il a vu : texte, page, image, empreinte. Les cookies et identifiants sont effacés avant ; une page qui porte des données personnelles n’est pas gardée.',
          'Ces pages ne posent aucun cookie et ne demandent rien à un tiers.',
        ],
        points: [],
      },
    ],
    conduct: {
      title: 'Ce que le robot ne fait jamais, quel que soit son réglage',
      paragraphs: [],
      points: [
        'Envoyer un formulaire de réservation ou d’identité, choisir ou bloquer un créneau.',
        'Résoudre ou contourner un captcha, se connecter, utiliser FranceConnect.',
        'Se cacher : pas de fausse identité, pas de relais, toujours le même nom avec un contact.',
        'Aller vite : au moins 180 s entre deux contrôles d’une page, 20 s entre deux visites d’un même site.',
        'Ignorer robots.txt, ou insister après un refus : pause de 15 min à 24 h, doublée chaque fois.',
        'Garder des données personnelles, ou faire payer une alerte.',
      ],
    },
    stop: {
      title: 'Vous tenez un de ces sites ?',
      paragraphs: [
        'Écrivez-nous, nous répondons et nous arrêtons un site sur simple demande. Sans nous écrire, trois moyens marchent aussi :',
      ],
      points: [
        'Interdisez « Guetteur » ou le chemin dans robots.txt : lu chaque jour, obéi.',
        'Répondez 429 ou 403 : le robot se met en pause, et respecte Retry-After.',
        'Demandez un captcha : il s’arrête devant.',
      ],
      who: 'Qui regarde',
      contact: 'Contact',
      contactPractice: 'aucun : exercice sur cette machine',
      userAgent: 'Nom donné dans chaque requête',
      hosts: 'Sites regardés et rythme',
      host: 'Site',
      pages: 'Pages regardées',
      rate: 'Rythme au plus',
      rateText:
        'un contrôle de chaque page toutes les 180 s au plus (30 min d’ordinaire), une seule visite à la fois, 20 s entre deux',
    },
  },
};
