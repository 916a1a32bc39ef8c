import { Hono } from 'hono';
import type { Site } from '../../core/replica.ts';
import { beeps } from './sound.ts';

export type CaptchaGeneration = 'A' | 'B';

/** What the replica's captcha shows, and says: to be read by a person in practice, as everything here. */
export const PRACTICE_CODE = 'h4Xw2p';
export const CAPTCHA_TOKEN = 'replique';

/** As on `api.piste.gouv.fr`: version 1 was BotDetect's (2024), version 2 answers with JSON (2025-03 at other users, 2026 here). */
export const SERVICE_PATHS: Readonly<Record<CaptchaGeneration, string>> = {
  A: '/piste/captcha/simple-captcha-endpoint',
  B: '/piste/captchetat/v2/simple-captcha-endpoint',
};

const ANY_ORIGIN = { 'access-control-allow-origin': '*' };

/**
 * CaptchEtat as the platform's pages ask for it: on a host of its own, with a token in a header, so that a browser asks for leave
 * first. It is no part of the platform's site: what it is asked is not counted there.
 */
export function captchaService(generation: CaptchaGeneration): Site {
  const app = new Hono();
  let made = 0;
  app.options('*', () =>
    leave({ 'access-control-allow-headers': 'authorization', 'access-control-allow-methods': 'GET' }),
  );
  app.get('*', (context) => {
    if (context.req.header('authorization') !== `Bearer ${CAPTCHA_TOKEN}`) return leave({}, 401);
    const { get, t: asked = '' } = context.req.query();
    if (get === 'sound') return answer('audio/wav', beeps(Number(asked)));
    if (get === 'image' && generation === 'A') return answer('image/svg+xml', picture(Number(asked)));
    made += 1;
    return get === 'html'
      ? answer('text/html; charset=utf-8', botDetectMarkup(made))
      : answer('application/json', JSON.stringify({ uuid: String(made), imageb64: dataAddress(picture(made)) }));
  });
  return (request) => app.fetch(request);
}

export function isCaptchaService(path: string): boolean {
  return Object.values(SERVICE_PATHS).includes(path);
}

function leave(headers: Readonly<Record<string, string>>, status = 204): Response {
  return new Response(null, { status, headers: { ...ANY_ORIGIN, ...headers } });
}

function answer(type: string, body: string | Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { headers: { 'content-type': type, 'cache-control': 'no-store', ...ANY_ORIGIN } });
}

function dataAddress(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** Version 1: what `get=html` answers, the script of BotDetect left out. Its links lead nowhere good without their scripts. */
function botDetectMarkup(id: number): string {
  const to = (get: string): string => `${SERVICE_PATHS.A}?get=${get}&amp;c=captchaFR&amp;t=${id}`;
  return `<div class="BDC_CaptchaDiv" id="captchaFR_CaptchaDiv">
<div class="BDC_CaptchaImageDiv" id="captchaFR_CaptchaImageDiv"><img class="BDC_CaptchaImage" id="captchaFR_CaptchaImage" src="${to('image')}" alt="Recopier ici le code de sécurité"></div>
<div class="BDC_CaptchaIconsDiv" id="captchaFR_CaptchaIconsDiv"><a class="BDC_ReloadLink" id="captchaFR_ReloadLink" href="#" title="Générer un nouveau code"><b class="BDC_ReloadIcon">↻</b></a>
<a rel="nofollow" class="BDC_SoundLink" id="captchaFR_SoundLink" href="${to('sound')}" target="_blank" title="Énoncer le code"><b class="BDC_SoundIcon">♪</b></a><div id="captchaFR_AudioPlaceholder"></div></div>
<input type="hidden" name="BDC_VCID_captchaFR" id="BDC_VCID_captchaFR" value="${id}"></div>`;
}

/** Distorted letters, drawn a little differently for each code that was asked for. */
function picture(id: number): string {
  const letters = PRACTICE_CODE.split('').map(
    (letter, at) =>
      `<text x="${18 + 30 * at}" y="44" transform="rotate(${((at + id) % 3) * 14 - 14} ${18 + 30 * at} 44)">${letter}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="70" font-family="serif" font-size="34" fill="#333"><rect width="200" height="70" fill="#eee"/>${letters.join('')}</svg>`;
}
