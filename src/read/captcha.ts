import type { Element, Page } from './page.ts';
import { ancestors } from './page.ts';
import type { Sign } from './rules.ts';

/**
 * Captchas, whoever makes them: the one list of what they are known by. Sources: the makers' own documentation, the French
 * State's CaptchEtat (fact sheets of November 2026, 1.3), public tests and bug reports of 2014 to 2026.
 */

/**
 * CaptchEtat of the AIFE: before it is drawn (`rdv-captchetat`, the question's own fields), in its first form (BotDetect,
 * 2024) and in its second (`captchetat-js`, since October 2025).
 */
export const CAPTCHETAT = [
  'rdv-captchetat, captchetat, [id^="captchetat" i], [class*="captchetat" i]',
  'input[name="captchaUsercode"], #captchaFormulaireExtInput, input[name="captchaId"]',
  '#BDC_CaptchaComponent, [id^="captchaFR_"], [id^="BDC_VCID_"], .BDC_CaptchaDiv',
].join(', ');

const WIDGETS = [
  // Google
  'iframe[src*="/recaptcha/"]:not([src*="size=invisible"])',
  '.g-recaptcha:not([data-size="invisible"]), [name="g-recaptcha-response"]:not([type="hidden"])',
  // hCaptcha, Cloudflare Turnstile
  'iframe[src*="hcaptcha.com"], .h-captcha:not([data-size="invisible"])',
  'iframe[src*="challenges.cloudflare.com"], .cf-turnstile:not([data-size="invisible"])',
  // Friendly Captcha 1 and 2, ALTCHA, Cap, Prosopo, mCaptcha
  '.frc-captcha, .frc-container, frc-captcha, altcha-widget, cap-widget, .procaptcha, #mcaptcha__widget-container',
  // LiveIdentity of French public sites, the eZ module's own, AWS, GeeTest, MTCaptcha, Arkose, DataDome, HUMAN
  '[id^="li-antibot"], [name^="li-antibot"]:not([type="hidden"]), [name="eZHumanCAPTCHACode"]',
  '#amzn-captcha-verify-button, awswaf-captcha, form[action*="/errors/validateCaptcha"]',
  '[class*="geetest_"], .mtcaptcha, #FunCaptcha, iframe[src*="arkoselabs.com"], iframe[src*="funcaptcha.com"]',
  'iframe[src*="captcha-delivery.com"], #px-captcha, .smart-captcha, .choice_captcha, .img_captcha, #captchacode',
  // Whatever calls itself so
  'iframe[src*="captcha" i]:not([src*="size=invisible"]), iframe[title*="captcha" i]:not([src*="size=invisible"])',
  'input[name*="captcha" i]:not([type="hidden"])',
].join(', ');

const PICTURES = 'img[src*="captcha" i], img[alt*="captcha" i], img[id*="captcha" i], img[class*="captcha" i]';
const ANSWER = 'input:not([type]), input[type="text"], input[type="number"]';
const PRESSABLE =
  'button, input[type="submit"], input[type="button"], input[type="checkbox"], [role="button"], [role="checkbox"]';

/** Words by which a robot is told from a person, beside something to answer or to press. */
const HUMAN_WORDS =
  /je ne suis pas un robot|i'?m not a robot|(?:verifie[rz]|confirme[rz]|prouve[rz]|assure[rz]|verify|confirm|prove)\b.{0,40}\b(?:humain|human|pas un (?:ro)?bot|not a (?:ro)?bot)\b|\banti-?(?:ro)?bot\b|(?:recopie[rz]|saisisse?z|entre[rz]|tape[rz]|reproduise[zr])\b.{0,40}\b(?:caracteres|code de (?:securite|verification)|lettres|chiffres|texte)\b.{0,40}\b(?:image|ci-|affiche|dessous|dessus)|recopie[rz] (?:le code|les caracteres|les lettres)|\b(?:enter|type)\b.{0,30}\bcharacters\b|code de securite\b|press (?:&|and) hold/;
/** A sum to be done by hand: `Combien font 3 + 4 ?`. */
const SUM_WORDS =
  /(?:combien (?:font|fait)|quel(?:le)? est (?:le resultat|la somme)|resolve[rz]|resoudre|calcule[rz])\b.{0,60}\d|\b\d{1,2} ?(?:[+x×*−-]|plus|moins|fois) ?\d{1,2} ?(?:=|\?|font)/;

const SIDE_REGION =
  'aside, footer, nav, [role="complementary"], [role="contentinfo"], [role="navigation"], [role="search"], dialog';
/** What a small form beside the content is for. */
const SIDE_FORM =
  /newsletter|lettre d'information|infolettre|abonne|desabonn|votre avis|donne[rz] (?:nous )?(?:votre|un) avis|satisfaction|page (?:vous a|a-t-elle|est-elle|utile)|signale[rz] (?:un|une)|commentaire|rester? (?:informe|en contact)|contacte[rz]-nous|subscribe|feedback|recherche/;

/** Whether a part of the page stands in a side form: one that guards nothing but itself. */
export function isAside(page: Page, mark: Element): boolean {
  const around = ancestors(mark);
  const regions = new Set(page.present(SIDE_REGION));
  if (around.some((element) => regions.has(element))) return true;
  const form = around.find(({ name }) => name === 'form');
  if (form === undefined) return false;
  const { action = '', id = '', class: classes = '' } = form.attribs;
  const heading = page.headingBefore(form);
  return (
    SIDE_FORM.test(`${page.wordsOf(form)} ${heading}`) ||
    /newsletter|search|avis|feedback/i.test(`${action} ${id} ${classes}`)
  );
}

const marksOf = (page: Page): Element[] => [
  ...page.visible(WIDGETS),
  ...page.visible(CAPTCHETAT),
  // A picture of that name asks something only where an answer can be written.
  ...(page.has(ANSWER) ? page.visible(PICTURES) : []),
];

/** Whether a part of the page holds a captcha, whatever else it guards. */
export function holdsCaptcha(page: Page, part: Element): boolean {
  return marksOf(page).some((mark) => ancestors(mark).includes(part)) || HUMAN_WORDS.test(page.wordsOf(part));
}

/** A captcha that stands between the visitor and what is asked: an element, a frame or the words of a robot check. */
export function captchaSign(page: Page): Sign | null {
  const mark = marksOf(page).find((element) => !isAside(page, element));
  if (mark !== undefined)
    return { message: `a captcha is asked (${mark.attribs['id'] ?? mark.attribs['class'] ?? mark.name})` };
  return robotQuestion(page);
}

/** The smallest part that holds both the words of a robot check and what answers them. */
function robotQuestion(page: Page): Sign | null {
  if (!HUMAN_WORDS.test(page.words) && !SUM_WORDS.test(page.words)) return null;
  const answers = [...page.visible(ANSWER)];
  const controls = [...answers, ...page.choosable(PRESSABLE)];
  for (const [words, parts] of [
    [HUMAN_WORDS, controls],
    [SUM_WORDS, answers],
  ] as const) {
    const asked = parts.find((part) => {
      const around = ancestors(part).slice(0, 3);
      const said = [page.wordsOf(part), ...page.labelsOf(part).map((label) => page.wordsOf(label))].join(' ');
      return !isAside(page, part) && (words.test(said) || around.some((element) => isShort(page, element, words)));
    });
    const said = asked === undefined ? null : page.quote(words);
    if (said !== null) return { message: `a robot check is asked: ${said.slice(0, 120)}` };
  }
  return null;
}

/** Further out, the words are somebody else's. */
function isShort(page: Page, element: Element, words: RegExp): boolean {
  const said = page.wordsOf(element);
  return said.length < 400 && words.test(said);
}
