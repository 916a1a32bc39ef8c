import { SUBSCRIBE_STYLE } from '../subscribe/style.ts';

/** On top of the pages for subscribers. The picture is never wider than the screen, and never larger than life. */
export const ASSIST_STYLE = `${SUBSCRIBE_STYLE}
[hidden] { display: none !important; }
.cards { list-style: none; margin: 0; padding: 0; }
.cards > li { border: 1px solid var(--line); border-radius: .5rem; margin-block: .75rem; padding: .75rem 1rem; }
.cards > li.due { border-color: var(--act); border-inline-start-width: .375rem; }
.cards form { margin-block: .5rem 0; }
.button { background: var(--act); border-radius: .375rem; color: var(--on-act); display: inline-block; font-weight: 600;
  min-block-size: 2.75rem; padding: .6rem 1.25rem; text-decoration: none; }
.plain { background: transparent; border: 1px solid var(--act); color: var(--act); inline-size: auto; min-block-size: 2.75rem;
  padding: .45rem 1rem; }
.turn { align-items: baseline; display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; }
.turn p { margin-block: .25rem; }
#state { font-weight: 600; min-block-size: 1.6em; }
#code h2 { margin-block: .25rem; }
#refusal { inset-block-end: .75rem; inset-inline: .75rem; margin: 0; position: fixed; z-index: 1; }
summary { cursor: pointer; min-block-size: 1.75rem; padding-block: .25rem; }
#refusal, #wrong { background: var(--wrong-soft); border: 1px solid var(--wrong); border-inline-start-width: .375rem;
  border-radius: .5rem; color: var(--wrong); font-weight: 600; padding: .5rem .75rem; }
#code-image { background: #fff; border: 1px solid var(--line); image-rendering: auto; inline-size: min(100%, 20rem); }
#answer { margin-block: .5rem; }
#answer label { font-weight: 600; }
.wrong { color: var(--wrong); font-weight: 600; margin-block: .25rem; }
#answer-text, input[type='date'], input[type='datetime-local'], input[type='file'] { background: var(--paper);
  border: 1px solid var(--quiet); border-radius: .375rem; color: inherit; font: inherit; inline-size: 100%;
  margin-block-end: .6rem; max-inline-size: 100%; min-block-size: 2.75rem; padding: .4rem .6rem; }
#answer-text { font-size: 1.4rem; letter-spacing: .15em; }
#picture, #cover-picture { border: 1px solid var(--line); block-size: auto; display: block; max-inline-size: 100%; }
#picture { cursor: pointer; }
#cover-picture { cursor: crosshair; inline-size: 100%; touch-action: none; }
audio { inline-size: 100%; }
select { inline-size: 100%; }
`;
