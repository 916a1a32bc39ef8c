import type { CaptchaGeneration } from './captcha-service.ts';

/**
 * What the platform's own script does with `<rdv-captchetat>` when it mounts. Generation A after the site's public front-end file
 * of 2024: picture and sound are fetched with the token and shown from `blob:` addresses. Generation B after CaptchEtat's own
 * `captchetat-js` (version 2) and the titles seen on the platform since October 2025: the picture comes as `data:`, the sound is
 * played by an element that stands nowhere in the page, another code takes the place of the first without a new page.
 */
export function captchaScript(generation: CaptchaGeneration): string {
  return `${SHARED}${generation === 'A' ? BOTDETECT : CAPTCHETAT_2}`;
}

const SHARED = `const element = document.querySelector('rdv-captchetat');
const token = element.getAttribute('token'), style = element.getAttribute('captcha-style-name'), endpoint = element.getAttribute('endpoint-url');
const ask = async (what, type) => {
  const answer = await fetch(endpoint + '?c=' + style + '&' + what, { headers: { Authorization: 'Bearer ' + token, Accept: type } });
  if (!answer.ok) throw new Error('captcha ' + answer.status);
  return answer;
};
const addressOf = async (answer) => URL.createObjectURL(await answer.blob());
const suivant = document.querySelector('button[formaction]');
const code = document.querySelector('#captchaFormulaireExtInput');
const follow = () => { suivant.disabled = code.value === ''; };
code.addEventListener('input', () => queueMicrotask(follow));
follow();
`;

const BOTDETECT = `(async () => {
  const markup = await (await ask('get=html', 'text/html')).text();
  let id = /id="BDC_VCID_captchaFR" value="(\\d+)"/.exec(markup)[1];
  const image = await addressOf(await ask('get=image&t=' + id, 'image/png'));
  const holder = document.createElement('div');
  holder.innerHTML = '<div id="BDC_CaptchaComponent"></div><input type="hidden" name="captchaId">';
  holder.firstChild.innerHTML = markup.replace(/id="captchaFR_CaptchaImage" src="[^"]+"/, 'id="captchaFR_CaptchaImage" src="' + image + '"');
  holder.lastChild.value = id;
  element.replaceWith(holder);
  const sound = document.querySelector('#captchaFR_SoundLink');
  sound.href = '#';
  let spoken = '';
  sound.addEventListener('click', async (event) => {
    event.preventDefault();
    const isNew = spoken !== id;
    const audio = document.querySelector('#BDC_CaptchaSoundAudio_captchaFR') ?? document.createElement('audio');
    audio.id = 'BDC_CaptchaSoundAudio_captchaFR';
    document.querySelector('#captchaFR_AudioPlaceholder').append(audio);
    if (isNew) { spoken = id; audio.src = await addressOf(await ask('get=sound&t=' + id, 'audio/wav')); }
    audio.play().catch(() => undefined);
  });
  document.querySelector('#captchaFR_ReloadLink').addEventListener('click', async (event) => {
    event.preventDefault();
    id = String(Number(id) + 1);
    document.querySelector('#captchaFR_CaptchaImage').src = await addressOf(await ask('get=image&t=' + id, 'image/png'));
    document.querySelector('[name="captchaId"]').value = id;
  });
})();
`;

const CAPTCHETAT_2 = `(async () => {
  const first = await (await ask('get=image', 'application/json')).json();
  const holder = document.createElement('div');
  holder.id = 'captchetat';
  holder.innerHTML = '<div id="captchetat-container" style="display:flex"><img id="captchaImage" alt="Recopier le code de sécurité de cette image"><div id="logos" style="margin-left:10px;display:flex;flex-direction:column;justify-content:space-evenly">'
    + '<button type="button" id="playSoundIcon" title="Énoncer le code du captcha">♪</button><button type="button" id="reloadCaptchaIcon" title="Générer un nouveau captcha">↻</button></div></div><input type="hidden" name="captchaId" id="captchetat-uuid">';
  const show = ({ uuid, imageb64 }) => { holder.querySelector('img').src = imageb64; holder.querySelector('input').value = uuid; };
  show(first);
  element.replaceWith(holder);
  holder.querySelector('#reloadCaptchaIcon').addEventListener('click', async () => show(await (await ask('get=image', 'application/json')).json()));
  holder.querySelector('#playSoundIcon').addEventListener('click', async () => {
    const sound = await addressOf(await ask('get=sound&t=' + holder.querySelector('input').value, 'audio/wav'));
    new Audio(sound).play().catch(() => undefined);
  });
})();
`;
