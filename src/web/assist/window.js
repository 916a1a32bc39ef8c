// Plain JavaScript, sent to browsers without a step of building: nothing says the types of their objects here.
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access */

/** The assisted window in the browser of who helps: draws the pictures that come, sends taps and words. Served as it is. */

const find = (id) => document.querySelector(`#${id}`);
const words = JSON.parse(find('words').textContent);
const picture = find('picture');
const pen = picture.getContext('2d');
const KEYS = ['Backspace', 'Delete', 'ArrowLeft', 'ArrowRight', 'Enter'];
const SCROLL = 300;
const AGAIN_MS = 1_000;
const MOST_TRIES = 30;
/** The code by which the monitor says that another window of the same person has taken over. */
const ELSEWHERE = 4_001;

let socket = null;
let isOver = false;
let tries = 0;
let endsAt = 0;
let refusalTimer = 0;
let scrolled = 0;
let scrollTimer = 0;

const say = (text) => {
  find('state').textContent = text;
};
const show = (id, isShown) => {
  find(id).hidden = !isShown;
};
const send = (message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};

function connect() {
  const id = location.pathname.split('/').at(-1);
  const address = new URL(`../../socket/${id}`, location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  address.search = '';
  address.hash = '';
  socket = new WebSocket(address);
  socket.binaryType = 'blob';
  socket.addEventListener('open', () => {
    tries = 0;
    send({ kind: 'hello', size: innerWidth < 760 ? 'narrow' : 'wide' });
  });
  socket.addEventListener(
    'message',
    ({ data }) => void (typeof data === 'string' ? hear(JSON.parse(data)) : draw(data)),
  );
  socket.addEventListener('close', ({ code }) => {
    if (isOver) return;
    if (code === ELSEWHERE) {
      finish('', words.elsewhere, '');
      return;
    }
    say(words.lost);
    tries += 1;
    if (tries <= MOST_TRIES) setTimeout(connect, AGAIN_MS);
    else finish('', words.over.left, '');
  });
}

async function draw(blob) {
  const bitmap = await createImageBitmap(blob).catch(() => null);
  if (bitmap !== null) {
    if (picture.width !== bitmap.width || picture.height !== bitmap.height) {
      picture.width = bitmap.width;
      picture.height = bitmap.height;
    }
    pen.drawImage(bitmap, 0, 0);
    picture.dataset.drawn = String(Number(picture.dataset.drawn ?? 0) + 1);
  }
  send({ kind: 'seen' });
}

function hear({ state, window: size, captcha, refused, sound }) {
  if (state !== undefined) become(state);
  if (size !== undefined) {
    picture.dataset.width = size.width;
    picture.dataset.height = size.height;
  }
  if (captcha !== undefined) showCaptcha(captcha);
  if (refused !== undefined) refuse(words.refused[refused]);
  if (sound !== undefined) play(sound);
}

function become(state) {
  const isOpen = state.kind === 'open';
  show('view', isOpen);
  const leftMs = state.leftMs ?? 0;
  show('clock', leftMs > 0);
  find('clock-label').textContent = isOpen ? words.timeLeft : words.atMost;
  if (!isOpen) show('code', false);
  endsAt = Date.now() + leftMs;
  if (state.kind === 'done') {
    const outcome = words.outcomes[state.outcome] ?? words.outcomes.other;
    find('result-date').lastElementChild.textContent = dayOf(state.firstDate);
    show('result-date', state.firstDate !== null);
    finish(words.thanks, `${words.result} ${outcome}.`, state.isUniform ? words.uniform : words.opportunistic);
  } else if (state.kind === 'over') finish('', words.over[state.why], '');
  else say(words[state.kind]);
}

/** A day of the calendar in the language of the page, with the digits that the sites use. */
function dayOf(day) {
  const locale = `${document.documentElement.lang}-u-nu-latn`;
  return day === null
    ? ''
    : new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
}

function finish(title, text, note) {
  isOver = true;
  socket?.close();
  for (const id of ['view', 'clock', 'code', 'leaving', 'refusal']) show(id, false);
  say('');
  find('result-title').textContent = title === '' ? text : title;
  find('result-text').textContent = title === '' ? '' : text;
  find('result-note').textContent = note;
  show('result', true);
  find('result-title').focus();
}

function showCaptcha(captcha) {
  const wasShown = !find('code').hidden;
  show('code', captcha !== null);
  if (captcha === null) return;
  if (captcha.image !== null) {
    find('code-image').src = captcha.image;
    find('answer-text').value = '';
    say(words.open);
  }
  show('listen', captcha.hasSound);
  show('renew', captcha.hasRenew);
  show('wrong', captcha.wrong !== '');
  if (find('wrong-words').textContent !== captcha.wrong) find('wrong-words').textContent = captcha.wrong;
  if (!wasShown && document.activeElement === document.body) find('answer-text').focus({ preventScroll: true });
}

function refuse(text) {
  clearTimeout(refusalTimer);
  find('refusal').textContent = text;
  show('refusal', true);
  refusalTimer = setTimeout(() => show('refusal', false), 8_000);
}

function play({ type, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const sound = find('sound');
  URL.revokeObjectURL(sound.src);
  sound.src = URL.createObjectURL(new Blob([bytes], { type }));
  show('sound', true);
  say(words.playing);
  sound.play().catch(() => undefined);
}

/** From the picture as it is shown to the page's own CSS pixels. */
function pointOf({ clientX, clientY }) {
  const box = picture.getBoundingClientRect();
  const width = Number(picture.dataset.width);
  const height = Number(picture.dataset.height);
  const within = (value, most) => Math.min(Math.max(0, value), most);
  return {
    x: within(((clientX - box.left - picture.clientLeft) / picture.clientWidth) * width, width),
    y: within(((clientY - box.top - picture.clientTop) / picture.clientHeight) * height, height),
  };
}

function scroll(dy) {
  scrolled += dy;
  if (scrollTimer !== 0) return;
  scrollTimer = setTimeout(() => {
    const point = { x: Number(picture.dataset.width) / 2, y: Number(picture.dataset.height) / 2 };
    send({ kind: 'scroll', ...point, dy: Math.min(2_000, Math.max(-2_000, scrolled)) });
    scrolled = 0;
    scrollTimer = 0;
  }, 60);
}

picture.addEventListener('click', (event) => send({ kind: 'tap', ...pointOf(event) }));
picture.addEventListener('wheel', (event) => {
  event.preventDefault();
  scroll(event.deltaY);
});
picture.addEventListener('keydown', (event) => {
  const { key, ctrlKey, altKey, metaKey } = event;
  if (ctrlKey || altKey || metaKey) return;
  if (KEYS.includes(key)) send({ kind: 'key', key });
  else if ([...key].length === 1) send({ kind: 'text', text: key });
  else return;
  event.preventDefault();
});
find('up').addEventListener('click', () => scroll(-SCROLL));
find('down').addEventListener('click', () => scroll(SCROLL));
find('answer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = find('answer-text').value.trim();
  if (text === '') return;
  send({ kind: 'answer', text });
  say(words.sent);
});
find('listen').addEventListener('click', () => send({ kind: 'sound' }));
find('renew').addEventListener('click', () => send({ kind: 'renew' }));
find('leave').addEventListener('click', () => {
  send({ kind: 'leave' });
  if (socket?.readyState !== WebSocket.OPEN) finish('', words.over.left, '');
});
setInterval(() => {
  const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1_000));
  find('left').textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}, 500);

show('no-script', false);
connect();

// A module of its own: its names are nobody else's.
// oxlint-disable-next-line unicorn/require-module-specifiers
export {};
