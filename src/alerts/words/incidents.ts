import type { Incident, PauseReason, ToldIncident } from '../../core/incident.ts';
import type { Moment } from './moments.ts';

/** What is wrong with the monitor itself, in the three languages: the important words first, since an SMS takes few of them. */

/** As `Incident`, with instants ready to be put into words. */
export type IncidentFacts =
  | Exclude<Incident, { readonly kind: 'breaker' }>
  | { readonly kind: 'breaker'; readonly host: string; readonly reason: PauseReason | null; readonly until: Moment };

export interface IncidentTold {
  readonly facts: IncidentFacts;
  readonly stage: ToldIncident['stage'];
}

/** `at` says an instant in the language; the sentence says that clocks are those of Paris. */
export type TellIncident = (told: IncidentTold, at: (moment: Moment) => string) => string;

const seconds = (offsetMs: number): number => Math.round(Math.abs(offsetMs) / 1_000);

const REASONS_EN: Readonly<Record<PauseReason, string>> = {
  slow_down: 'the site asked to slow down',
  denied: 'access was denied',
  captcha: 'a new captcha',
  faults: 'server errors in a row',
  later: 'the site asked to come back later',
  budget: 'budget of the host',
};

export const tellIncidentEn: TellIncident = ({ facts, stage }, at) => {
  if (stage === 'over') return `over: ${overEn(facts)}`;
  return `${stage === 'still' ? 'still: ' : ''}${begunEn(facts, at)}`;
};

function begunEn(facts: IncidentFacts, at: (moment: Moment) => string): string {
  const because = (reason: PauseReason | null, mark: string): string =>
    reason === null ? '' : `${mark}${REASONS_EN[reason]}`;
  switch (facts.kind) {
    case 'stalled':
      return `no check has ended for ${facts.minutes} min although some are due`;
    case 'coverage':
      return `only ${facts.done} of ${facts.planned} checks made in an hour${because(facts.reason, '; most often: ')}`;
    case 'network':
      return 'no control host answers';
    case 'clock':
      if (facts.offsetMs === null) return 'the clock cannot be compared: readings are not trusted';
      return `the clock is ${seconds(facts.offsetMs)} s ${facts.offsetMs > 0 ? 'fast' : 'slow'}: readings are not trusted`;
    case 'disk':
      return `disk nearly full: ${facts.freeMegabytes} MB, ${facts.freePercent} % left`;
    case 'breaker':
      return `${facts.host} is paused until ${at(facts.until).replace(/^(?:at|on) /, '')}${because(facts.reason, ': ')}`;
    case 'browser':
      return `the browser was restarted ${facts.restarts} times in an hour`;
    case 'late':
      return `messages by ${facts.channel} are over ${facts.minutes} min late: see guetteur outbox`;
    case 'dead_letters':
      return `messages by ${facts.channel} given up: ${facts.count}; see guetteur outbox`;
    default:
      return facts satisfies never;
  }
}

function overEn(facts: IncidentFacts): string {
  switch (facts.kind) {
    case 'stalled':
      return 'checks end again';
    case 'coverage':
      return 'enough of the planned checks are made';
    case 'network':
      return 'a control host answers again';
    case 'clock':
      return 'the clock is right';
    case 'disk':
      return 'the disk has room';
    case 'breaker':
      return `${facts.host} is visited again`;
    case 'browser':
      return 'the browser holds';
    case 'late':
      return `messages by ${facts.channel} leave again`;
    case 'dead_letters':
      return `no given-up message by ${facts.channel} is left`;
    default:
      return facts satisfies never;
  }
}

const REASONS_FR: Readonly<Record<PauseReason, string>> = {
  slow_down: 'le site demande de ralentir',
  denied: 'accès refusé',
  captcha: 'un nouveau captcha',
  faults: 'erreurs du serveur à la suite',
  later: 'le site demande de revenir plus tard',
  budget: "budget de l'hôte",
};

export const tellIncidentFr: TellIncident = ({ facts, stage }, at) => {
  if (stage === 'over') return `terminé : ${overFr(facts)}`;
  return `${stage === 'still' ? 'toujours : ' : ''}${begunFr(facts, at)}`;
};

function begunFr(facts: IncidentFacts, at: (moment: Moment) => string): string {
  const because = (reason: PauseReason | null, mark: string): string =>
    reason === null ? '' : `${mark}${REASONS_FR[reason]}`;
  switch (facts.kind) {
    case 'stalled':
      return `aucune consultation terminée depuis ${facts.minutes} min, alors que certaines sont dues`;
    case 'coverage':
      return `seulement ${facts.done} consultations sur ${facts.planned} en une heure${because(facts.reason, ' ; le plus souvent : ')}`;
    case 'network':
      return 'aucun hôte témoin ne répond';
    case 'clock':
      if (facts.offsetMs === null) return "l'horloge ne peut pas être comparée : les lectures ne comptent pas";
      return `l'horloge ${facts.offsetMs > 0 ? 'avance' : 'retarde'} de ${seconds(facts.offsetMs)} s : les lectures ne comptent pas`;
    case 'disk':
      return `disque presque plein : il reste ${facts.freeMegabytes} Mo, ${facts.freePercent} %`;
    case 'breaker':
      return `${facts.host} est en pause jusqu'${at(facts.until).replace(/^le /, 'au ')}${because(facts.reason, ' : ')}`;
    case 'browser':
      return `le navigateur a été relancé ${facts.restarts} fois en une heure`;
    case 'late':
      return `messages par ${facts.channel} en retard de plus de ${facts.minutes} min : voir guetteur outbox`;
    case 'dead_letters':
      return `messages par ${facts.channel} abandonnés : ${facts.count} ; voir guetteur outbox`;
    default:
      return facts satisfies never;
  }
}

function overFr(facts: IncidentFacts): string {
  switch (facts.kind) {
    case 'stalled':
      return 'des consultations se terminent de nouveau';
    case 'coverage':
      return 'assez de consultations prévues sont faites';
    case 'network':
      return 'un hôte témoin répond de nouveau';
    case 'clock':
      return "l'horloge est juste";
    case 'disk':
      return 'le disque a de la place';
    case 'breaker':
      return `${facts.host} est de nouveau consulté`;
    case 'browser':
      return 'le navigateur tient';
    case 'late':
      return `les messages par ${facts.channel} partent de nouveau`;
    case 'dead_letters':
      return `il ne reste aucun message par ${facts.channel} abandonné`;
    default:
      return facts satisfies never;
  }
}

const REASONS_AR: Readonly<Record<PauseReason, string>> = {
  slow_down: 'طلب الموقع التمهّل',
  denied: 'رُفض الوصول',
  captcha: 'اختبار تحقّق جديد',
  faults: 'أخطاء متتالية في الخادم',
  later: 'طلب الموقع العودة لاحقًا',
  budget: 'الحد المسموح به للموقع',
};

/** Latin names keep their own direction. */
const isolate = (words: string): string => `\u2068${words}\u2069`;

export const tellIncidentAr: TellIncident = ({ facts, stage }, at) => {
  if (stage === 'over') return `انتهى: ${overAr(facts)}`;
  return `${stage === 'still' ? 'ما زال: ' : ''}${begunAr(facts, at)}`;
};

function begunAr(facts: IncidentFacts, at: (moment: Moment) => string): string {
  const because = (reason: PauseReason | null, mark: string): string =>
    reason === null ? '' : `${mark}${REASONS_AR[reason]}`;
  switch (facts.kind) {
    case 'stalled':
      return `لم تنتهِ أي زيارة منذ ${facts.minutes} دقيقة رغم أن بعضها مستحق`;
    case 'coverage':
      return `أُجري ${facts.done} فقط من ${facts.planned} من الزيارات في ساعة${because(facts.reason, '؛ غالبًا: ')}`;
    case 'network':
      return 'لا يجيب أي موقع مرجعي';
    case 'clock':
      if (facts.offsetMs === null) return 'لا يمكن مقارنة الساعة: لا تُعتمد القراءات';
      return `الساعة ${facts.offsetMs > 0 ? 'متقدمة' : 'متأخرة'} بمقدار ${seconds(facts.offsetMs)} ثانية: لا تُعتمد القراءات`;
    case 'disk':
      return `القرص شبه ممتلئ: بقي ${isolate(`${facts.freeMegabytes} MB`)}، ${facts.freePercent} %`;
    case 'breaker':
      return `${isolate(facts.host)} متوقف مؤقتًا حتى ${at(facts.until)}${because(facts.reason, ': ')}`;
    case 'browser':
      return `أُعيد تشغيل المتصفح ${facts.restarts} مرة في ساعة`;
    case 'late':
      return `الرسائل عبر ${isolate(facts.channel)} متأخرة أكثر من ${facts.minutes} دقيقة: انظر ${isolate('guetteur outbox')}`;
    case 'dead_letters':
      return `رسائل عبر ${isolate(facts.channel)} لم تُرسل نهائيًا: ${facts.count}؛ انظر ${isolate('guetteur outbox')}`;
    default:
      return facts satisfies never;
  }
}

function overAr(facts: IncidentFacts): string {
  switch (facts.kind) {
    case 'stalled':
      return 'تنتهي الزيارات من جديد';
    case 'coverage':
      return 'تُجرى زيارات كافية من المقرر';
    case 'network':
      return 'يجيب موقع مرجعي من جديد';
    case 'clock':
      return 'الساعة صحيحة';
    case 'disk':
      return 'في القرص متسع';
    case 'breaker':
      return `تُستأنف زيارة ${isolate(facts.host)}`;
    case 'browser':
      return 'المتصفح مستقر';
    case 'late':
      return `تُرسل الرسائل عبر ${isolate(facts.channel)} من جديد`;
    case 'dead_letters':
      return `لم تبقَ رسالة متروكة عبر ${isolate(facts.channel)}`;
    default:
      return facts satisfies never;
  }
}
