import type { Language } from '../../core/subscription.ts';
import type { PROCEDURES } from '../../core/target.ts';
import { AR } from '../words/ar.ts';
import { EN } from '../words/en.ts';
import { FR } from '../words/fr.ts';
import type { Words } from '../words/words.ts';

export type Procedure = (typeof PROCEDURES)[number];

export const MESSAGE_WORDS: Readonly<Record<Language, Words>> = { fr: FR, en: EN, ar: AR };

/** What the bot answers, in one language. */
export interface BotWords {
  /** One word for each procedure, as it is typed behind a department. */
  readonly procedures: Readonly<Record<Procedure, string>>;
  /** Typed for every department, and for outages of services. */
  readonly all: string;
  readonly services: string;
  readonly start: readonly string[];
  readonly help: readonly string[];
  readonly list: string;
  readonly none: string;
  readonly allPlaces: string;
  readonly allProcedures: string;
  readonly outages: string;
  readonly stopped: string;
  readonly nothingToStop: string;
  readonly unknown: (words: string) => string;
  readonly departments: string;
  readonly procedureList: string;
  readonly language: string;
  readonly languages: string;
  readonly tooMany: string;
  readonly broken: string;
}

const fr: BotWords = {
  procedures: {
    first_application: 'premiere',
    renewal: 'renouvellement',
    collection: 'remise',
    aes: 'aes',
    naturalisation_decree: 'decret',
    naturalisation_declaration: 'declaration',
    travel_document: 'voyage',
    duplicate: 'duplicata',
    recepisse: 'recepisse',
    student: 'etudiant',
    service: 'pannes',
    other: 'autre',
  },
  all: 'tout',
  services: 'pannes',
  start: [
    'Guetteur regarde les pages publiques de rendez-vous des préfectures et vous écrit quand des créneaux y sont vus.',
    'C’est gratuit. Le rendez-vous aussi est gratuit et personnel : n’achetez jamais un rendez-vous.',
  ],
  help: [
    '/subscribe 93 : tout le département 93',
    '/subscribe 93 renouvellement : une démarche du 93',
    '/subscribe tout : tous les départements',
    '/subscribe pannes : pannes des services en ligne',
    '/list : vos alertes',
    '/stop : tout arrêter ; /stop 93 : arrêter le 93',
    '/language fr, /language en, /language ar',
  ],
  list: 'Vos alertes :',
  none: 'Vous n’avez pas d’alertes. Pour commencer : /subscribe 93',
  allPlaces: 'tous les départements',
  allProcedures: 'toutes les démarches',
  outages: 'pannes des services en ligne',
  stopped: 'C’est arrêté et effacé.',
  nothingToStop: 'Il n’y a rien à arrêter.',
  unknown: (words) => `Je ne connais pas : ${words}`,
  departments: 'Départements suivis : ',
  procedureList: 'Démarches : ',
  language: 'Je vous écris maintenant en français.',
  languages: 'Choisissez : /language fr, /language en, /language ar',
  tooMany: 'Trop de messages à la fois : réessayez dans une minute.',
  broken: 'Une panne de notre côté : réessayez dans quelques minutes.',
};

const en: BotWords = {
  procedures: {
    first_application: 'first',
    renewal: 'renewal',
    collection: 'collection',
    aes: 'aes',
    naturalisation_decree: 'decree',
    naturalisation_declaration: 'declaration',
    travel_document: 'travel',
    duplicate: 'duplicate',
    recepisse: 'receipt',
    student: 'student',
    service: 'outages',
    other: 'other',
  },
  all: 'all',
  services: 'outages',
  start: [
    'Guetteur looks at the public appointment pages of French prefectures and writes to you when slots are seen there.',
    'It is free. The appointment is free and personal too: never buy an appointment.',
  ],
  help: [
    '/subscribe 93: all of department 93',
    '/subscribe 93 renewal: one procedure of 93',
    '/subscribe all: all departments',
    '/subscribe outages: outages of online services',
    '/list: your alerts',
    '/stop: stop everything; /stop 93: stop 93',
    '/language fr, /language en, /language ar',
  ],
  list: 'Your alerts:',
  none: 'You have no alerts. To begin: /subscribe 93',
  allPlaces: 'all departments',
  allProcedures: 'all procedures',
  outages: 'outages of online services',
  stopped: 'Stopped and deleted.',
  nothingToStop: 'There is nothing to stop.',
  unknown: (words) => `I do not know: ${words}`,
  departments: 'Departments watched: ',
  procedureList: 'Procedures: ',
  language: 'I write to you in English now.',
  languages: 'Choose: /language fr, /language en, /language ar',
  tooMany: 'Too many messages at once: try again in a minute.',
  broken: 'A fault on our side: try again in a few minutes.',
};

/** First strong isolate and its end (UAX #9): a command keeps its own direction within Arabic. */
function command(words: string): string {
  return `\u2066${words}\u2069`;
}

const ar: BotWords = {
  procedures: {
    first_application: 'أول',
    renewal: 'تجديد',
    collection: 'استلام',
    aes: 'استثنائي',
    naturalisation_decree: 'مرسوم',
    naturalisation_declaration: 'تصريح',
    travel_document: 'سفر',
    duplicate: 'نسخة',
    recepisse: 'وصل',
    student: 'طالب',
    service: 'أعطال',
    other: 'آخر',
  },
  all: 'الكل',
  services: 'أعطال',
  start: [
    'يراقب هذا البرنامج الصفحات العامة لحجز المواعيد في المحافظات الفرنسية ويكتب إليك عندما تظهر مواعيد متاحة.',
    'الخدمة مجانية. وحجز الموعد أيضًا مجاني وشخصي: لا تشترِ موعدًا أبدًا.',
  ],
  help: [
    `كل الإقليم 93: ${command('/subscribe 93')}`,
    `إجراء واحد في 93: ${command('/subscribe 93 renewal')}`,
    `كل الأقاليم: ${command('/subscribe all')}`,
    `أعطال الخدمات على الإنترنت: ${command('/subscribe outages')}`,
    `تنبيهاتك: ${command('/list')}`,
    `إيقاف كل شيء: ${command('/stop')}، إيقاف 93: ${command('/stop 93')}`,
    `اللغة: ${command('/language fr')}، ${command('/language en')}، ${command('/language ar')}`,
  ],
  list: 'تنبيهاتك:',
  none: `ليست لديك تنبيهات. للبدء: ${command('/subscribe 93')}`,
  allPlaces: 'كل الأقاليم',
  allProcedures: 'كل الإجراءات',
  outages: 'أعطال الخدمات على الإنترنت',
  stopped: 'تم الإيقاف والحذف.',
  nothingToStop: 'لا يوجد ما يُوقف.',
  unknown: (words) => `لا أعرف: \u2068${words}\u2069`,
  departments: 'الأقاليم المراقَبة: ',
  procedureList: 'الإجراءات: ',
  language: 'سأكتب إليك الآن بالعربية.',
  languages: `اختر: ${command('/language fr')}، ${command('/language en')}، ${command('/language ar')}`,
  tooMany: 'رسائل كثيرة في وقت واحد: حاول بعد دقيقة.',
  broken: 'عطل لدينا: حاول مرة أخرى بعد بضع دقائق.',
};

export const BOT_WORDS: Readonly<Record<Language, BotWords>> = { fr, en, ar };
