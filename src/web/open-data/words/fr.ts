import type { DataWords } from './speak.ts';

export const FR_DATA: DataWords = {
  dataset: 'Guetteur : disponibilité observée des rendez-vous en préfecture et de l’ANEF',
  tables: {
    days: {
      title: 'Pages regardées, jour par jour',
      meaning:
        'Une ligne par page et par jour (heure de Paris) : comment ses contrôles aléatoires se sont terminés. Rien de plus fin n’est public (règle C13).',
    },
    shares: {
      title: 'Disponibilité par page',
      meaning: 'Une ligne par page de rendez-vous, sur la période demandée.',
    },
    departments: {
      title: 'Disponibilité par département',
      meaning: 'Une ligne par département ou territoire, mesuré ou non, sur la période demandée.',
    },
    outages: {
      title: 'Pannes des services',
      meaning:
        'Une ligne par panne d’une page sans créneaux, comme l’ANEF, avec les bornes entre lesquelles elle a commencé et fini.',
    },
    releases: {
      title: 'Apparitions de créneaux par heure et jour de semaine',
      meaning:
        'Une ligne par heure de la semaine d’une page : apparitions par heure où l’une aurait pu être vue. Seulement ce qui a au moins 30 jours, et à partir de 20 apparitions (règle C13).',
    },
  },
  columns: {
    day: 'Jour local, heure de Paris',
    from: 'Premier jour local de la période',
    to: 'Dernier jour local de la période, compris',
    target: 'Identifiant stable de la page regardée',
    targets: 'Pages de rendez-vous qui y sont ou y furent regardées',
    platform: 'Plateforme de rendez-vous, ou service',
    department: 'Code du département ; vide pour un service national',
    procedure: 'Démarche, d’une liste fermée ; voir la méthode',
    planned: 'Contrôles aléatoires prévus et échus',
    slots: 'Contrôles qui ont vu au moins un créneau',
    no_slots: 'Contrôles qui ont vu qu’il n’y en a pas',
    suspended: 'Réservations fermées, dit la page',
    moved: 'La démarche se fait ailleurs, dit la page',
    operational: 'Une page sans créneaux fonctionne',
    fault: 'Surcharge, maintenance, erreur, pas de réponse à temps ou injoignable',
    gate: 'Captcha, connexion, refus, demande de ralentir ou robots.txt : « nous n’avons pas pu regarder »',
    unmeasured: 'Page inconnue, panne de notre côté, contrôle non fait ou manqué',
    soft_blocked: '« Non » auquel nous ne croyons pas, non compté',
    state: 'share, no_hits, all_hits, insufficient, gate ou not_measured : à lire avant la part',
    share:
      'S1, de 0 à 1 : part des contrôles, à des moments tirés au hasard, où au moins un créneau était proposé ; vide si les données manquent',
    share_low: 'Borne basse de l’intervalle à 95 % ; avec des créneaux à chaque contrôle, la borne par jour',
    share_high: 'Borne haute de l’intervalle à 95 % ; sans aucun créneau, la borne par jour',
    hits: 'Contrôles aléatoires avec créneau',
    checks: 'Contrôles aléatoires au dénominateur : créneau, aucun, réservations fermées',
    days: 'Jours locaux avec un tel contrôle',
    coverage: 'S3, de 0 à 1 : contrôles lus sur contrôles prévus',
    fault_share: 'S4, de 0 à 1 : pannes sur contrôles lus et pannes',
    gate_share: 'S5, de 0 à 1 : portes fermées sur contrôles lus, pannes et portes : « nous n’avons pas pu regarder »',
    last_slots_day: 'Dernier jour de la période où des créneaux ont été vus',
    last_observed_day: 'Dernier jour de la période où la page a pu être lue',
    outcome: 'Ce qui a été vu en premier',
    after: 'Dernier bon contrôle avant (UTC) ; vide s’il n’y en a pas eu',
    first_seen: 'Premier mauvais contrôle (UTC)',
    last_seen: 'Dernier mauvais contrôle (UTC)',
    gone_by: 'Premier bon contrôle après (UTC) ; vide tant que la panne dure, et si sa fin n’a pas été vue',
    lost_at: 'Non vue depuis trop longtemps à partir de là : sa fin n’est pas connue (UTC)',
    texts: 'Mots de la page, chacun une fois, séparés par « | »',
    until: 'Dernier jour dont les apparitions sont comptées',
    zone: 'Fuseau des heures',
    weekday: 'de 1 pour lundi à 7 pour dimanche',
    hour: 'de 0 à 23',
    rate: 'Apparitions par heure d’observation ; vide sans observation',
    exposure_hours: 'Heures où une apparition aurait pu être datée',
    practice: 'true : fait par des copies sur une seule machine, ne dit rien d’un organisme public',
  },
};
