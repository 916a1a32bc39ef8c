// Plain JavaScript, sent to browsers without a step of building: nothing says the types of their objects here.
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access */

/** Notifications in this browser, with the choices of the form beside it. Served as it is, to browsers. */

const section = document.querySelector('#push');
const form = document.querySelector('#wishes');
const state = document.querySelector('#push-state');
const [start, stop] = [document.querySelector('#push-start'), document.querySelector('#push-stop')];

/** @param {string} path @param {unknown} body */
async function post(path, body) {
  const answer = await fetch(`../push/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

/** The fields by name; those that can be ticked more than once are lists. */
function wishes() {
  const data = new FormData(form);
  const lists = ['departments', 'procedures', 'kinds'];
  const single = [...data].filter(([name]) => !lists.includes(name) && name !== 'address');
  return { ...Object.fromEntries(single), ...Object.fromEntries(lists.map((name) => [name, data.getAll(name)])) };
}

/** @param {boolean} isOn @param {string} words */
function show(isOn, words) {
  state.textContent = words;
  stop.hidden = !isOn;
}

async function subscribe(registration) {
  const { publicKey } = await (await fetch('../push/key')).json();
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: publicKey,
  });
  try {
    await post('subscribe', { ...wishes(), subscription: subscription.toJSON() });
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
}

async function unsubscribe(registration) {
  const subscription = await registration.pushManager.getSubscription();
  if (subscription === null) return;
  await post('unsubscribe', { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

async function main() {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis)) return;
  const registration = await navigator.serviceWorker.register('../push-worker.js');
  const on = async () => {
    await navigator.serviceWorker.ready;
    await subscribe(registration);
    show(true, section.dataset.on);
  };
  const off = async () => {
    await unsubscribe(registration);
    show(false, section.dataset.off);
  };
  const doing = async (act) => {
    start.disabled = stop.disabled = true;
    await act().catch(() => {
      state.textContent = section.dataset.failed;
    });
    start.disabled = stop.disabled = false;
  };
  start.addEventListener('click', () => void doing(on));
  stop.addEventListener('click', () => void doing(off));
  const isOn = (await registration.pushManager.getSubscription()) !== null;
  show(isOn, isOn ? section.dataset.on : section.dataset.off);
  section.hidden = false;
  form.hidden = false;
}

await main();
