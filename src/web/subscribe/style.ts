/** Logical properties throughout: the same rules serve Arabic from the right. Touch targets are 44 px high (WCAG 2.2, 2.5.5). */
export const SUBSCRIBE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1f; --paper: #fff; --soft: #f3f4f8; --line: #c3c6d1; --quiet: #565a66;
  --act: #1d4fb8; --on-act: #fff; --wrong: #b3261e; --wrong-soft: #fdecea; }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf1; --paper: #16171b; --soft: #202228; --line: #4a4d58;
  --quiet: #b3b7c4; --act: #9dbcff; --on-act: #0c1c40; --wrong: #ffb4ab; --wrong-soft: #3a1a17; } }
* { box-sizing: border-box; }
body { background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif;
  margin: 0 auto; max-width: 46rem; padding: 1rem; overflow-wrap: anywhere; }
:lang(ar) body { line-height: 1.75; }
header { align-items: baseline; border-block-end: 1px solid var(--line); display: flex; flex-wrap: wrap; gap: .25rem 1rem;
  justify-content: space-between; padding-block-end: .5rem; }
header p { margin: 0; }
.name { font-weight: 700; }
nav { display: flex; gap: 1rem; }
nav > * { padding-block: .5rem; }
nav span { font-weight: 600; }
h1 { font-size: 1.6rem; line-height: 1.25; margin-block: 1.25rem .75rem; }
h2 { font-size: 1.15rem; line-height: 1.3; margin-block: 1.75rem .5rem; }
p { margin-block: .5rem; }
a { color: var(--act); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
.practice { background: #ffd54a; border-radius: .25rem; color: #222; font-weight: 600; padding: .5rem .75rem; }
form { margin-block: 1.25rem; }
fieldset, form > .field { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 1rem; min-inline-size: 0;
  padding: .75rem 1rem 1rem; }
legend, label[for] { font-weight: 600; }
legend { padding-inline: .25rem; margin-inline-start: -.25rem; }
form > .field > label { display: block; }
.hint { color: var(--quiet); font-size: .95rem; margin-block: 0 .5rem; }
.wrong, form > .field.wrong { border-color: var(--wrong); border-inline-start-width: .375rem; }
.error { color: var(--wrong); font-weight: 600; margin-block: .25rem .5rem; }
.errors { background: var(--wrong-soft); border: 1px solid var(--wrong); border-inline-start-width: .375rem; border-radius: .5rem;
  margin-block: 1rem; padding: .5rem 1rem; }
.errors h2 { margin-block: .25rem; }
.errors a { color: inherit; }
.choice { align-items: start; display: flex; gap: .6rem; min-block-size: 2.75rem; padding-block: .55rem; }
.choice input { accent-color: var(--act); block-size: 1.3rem; flex: none; inline-size: 1.3rem; margin: .15rem 0 0; }
.boxes { column-gap: 1rem; columns: 15rem 3; }
.boxes .choice { break-inside: avoid; }
input[type='email'], input[type='time'], select { background: var(--paper); border: 1px solid var(--quiet); border-radius: .375rem;
  color: inherit; font: inherit; min-block-size: 2.75rem; max-inline-size: 100%; padding: .4rem .6rem; }
input[type='email'] { inline-size: 100%; }
[dir='rtl'] input[type='email'] { text-align: end; }
.inner { border-inline-start: 2px solid var(--line); margin-inline-start: .6rem; padding-inline-start: 1rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; }
.row label, .inner label { display: block; font-weight: 400; }
.row > .field { min-inline-size: 0; }
button { background: var(--act); border: 0; border-radius: .375rem; color: var(--on-act); cursor: pointer; font: inherit;
  font-weight: 600; min-block-size: 3rem; padding: .6rem 1.5rem; }
section { border-block-start: 1px solid var(--line); margin-block-start: 1.5rem; }
section > h2 { margin-block-start: 1rem; }
summary { cursor: pointer; padding-block: .5rem; }
.feeds { columns: 16rem 2; }
li { margin-block: .25rem; }
@media (max-width: 30rem) { button { inline-size: 100%; } body { padding: .75rem; } fieldset, form > .field { padding-inline: .75rem; } }
@media (forced-colors: active) { .choice input { accent-color: auto; } }
`;
