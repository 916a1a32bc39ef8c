// Plain JavaScript, sent to browsers without a step of building: nothing says the types of their objects here.
/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access */

/** Covers parts of a screenshot before it leaves the device: what is sent is the covered drawing, never the file. */

const find = (id) => document.querySelector(`#${id}`);
const [form, file, canvas] = [find('report'), find('picture'), find('cover-picture')];
const pen = canvas.getContext('2d');
const WIDEST = 1_600;
const HIGHEST = 6_000;
const STEP = 20;
const STAMP = { width: 120, height: 40 };

let bitmap = null;
let covers = [];
let drawing = null;
let stamp = null;

function paint() {
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#444';
  for (const { x, y, width, height } of [...covers, ...(drawing === null ? [] : [drawing])])
    pen.fillRect(x, y, width, height);
  if (stamp === null) return;
  pen.strokeStyle = '#d00';
  pen.lineWidth = 4;
  pen.strokeRect(stamp.x, stamp.y, STAMP.width, STAMP.height);
}

function forget() {
  bitmap = null;
  covers = [];
  stamp = null;
  file.value = '';
  find('cover').hidden = true;
}

async function choose() {
  const [chosen] = file.files;
  bitmap = chosen === undefined ? null : await createImageBitmap(chosen).catch(() => null);
  covers = [];
  stamp = null;
  find('cover').hidden = bitmap === null;
  if (bitmap === null) return;
  const scale = Math.min(1, WIDEST / bitmap.width, HIGHEST / bitmap.height);
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  paint();
}

file.addEventListener('change', () => void choose());

const pointOf = ({ clientX, clientY }) => {
  const box = canvas.getBoundingClientRect();
  return {
    x: ((clientX - box.left) / box.width) * canvas.width,
    y: ((clientY - box.top) / box.height) * canvas.height,
  };
};

canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  drawing = { ...pointOf(event), width: 0, height: 0 };
});
canvas.addEventListener('pointermove', (event) => {
  if (drawing === null) return;
  const { x, y } = pointOf(event);
  drawing.width = x - drawing.x;
  drawing.height = y - drawing.y;
  paint();
});
canvas.addEventListener('pointerup', () => {
  if (drawing !== null && Math.abs(drawing.width) > 4 && Math.abs(drawing.height) > 4) covers.push(drawing);
  drawing = null;
  if (bitmap !== null) paint();
});

/** With the keyboard: arrows move a frame, Enter or space covers what is in it. */
canvas.addEventListener('keydown', (event) => {
  if (bitmap === null) return;
  stamp ??= { x: 0, y: 0 };
  if (event.key === 'ArrowLeft') stamp.x = Math.max(0, stamp.x - STEP);
  else if (event.key === 'ArrowRight') stamp.x = Math.min(canvas.width - STAMP.width, stamp.x + STEP);
  else if (event.key === 'ArrowUp') stamp.y = Math.max(0, stamp.y - STEP);
  else if (event.key === 'ArrowDown') stamp.y = Math.min(canvas.height - STAMP.height, stamp.y + STEP);
  else if (event.key === 'Enter' || event.key === ' ') covers.push({ ...stamp, ...STAMP });
  else return;
  event.preventDefault();
  paint();
});
find('undo').addEventListener('click', () => {
  covers.pop();
  if (bitmap !== null) paint();
});
find('remove').addEventListener('click', forget);

form.addEventListener('submit', (event) => {
  if (bitmap === null) return;
  event.preventDefault();
  stamp = null;
  paint();
  canvas.toBlob(
    (blob) => {
      const covered = new DataTransfer();
      if (blob !== null) covered.items.add(new File([blob], 'screenshot.jpg', { type: blob.type }));
      file.files = covered.files;
      form.submit();
    },
    'image/jpeg',
    0.9,
  );
});

// A module of its own: its names are nobody else's.
// oxlint-disable-next-line unicorn/require-module-specifiers
export {};
