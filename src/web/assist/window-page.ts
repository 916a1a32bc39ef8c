import { html, raw } from 'hono/html';

import type { Session } from '../../assist/session.ts';
import type { Markup } from '../frame.ts';
import { assetAddress } from './assets.ts';
import { field } from './field.ts';
import { assistPage } from './frame.ts';
import { placeName } from './place.ts';
import type { AssistWords, WindowWords } from './words/words.ts';

/** The window: the page as a picture, and beside it everything of the captcha as real elements. Drawn to life by `window.js`. */
export function windowPage(
  session: Session,
  { words, practice }: { readonly words: AssistWords; readonly practice: boolean },
): Markup {
  const say = words.window;
  return assistPage(
    { words, title: say.title, practice, root: '../../', rest: `window/${session.id}` },
    html`<p>${placeName(session.target, words.language)}</p>
      <p id="no-script">${say.noScript} <a href="../report">${words.queue.otherLink}</a></p>
      <div class="turn">
        <p id="state" role="status">${say.loading}</p>
        <p id="clock" class="hint" hidden><span id="clock-label">${say.timeLeft}</span> <bdi id="left"></bdi></p>
      </div>
      <p id="refusal" role="alert" hidden></p>
      ${codeSection(say)} ${viewSection(say)}
      <section id="result" hidden>
        <h2 id="result-title" tabindex="-1"></h2>
        <p id="result-text"></p>
        <p id="result-date" hidden>${say.firstDate} <bdi></bdi></p>
        <p id="result-note" class="hint"></p>
        <p><a class="button" href="../">${say.next}</a></p>
      </section>
      <p id="leaving"><button type="button" id="leave" class="plain">${say.leave}</button></p>
      <script type="application/json" id="words">
        ${raw(JSON.stringify({ ...say, outcomes: words.outcomes }).replaceAll('<', '\\u003c'))}
      </script>
      <script type="module" src="${assetAddress('../../', 'window.js')}"></script>`,
  );
}

/** The captcha for keyboards and screen readers: its picture, its field, its sound. */
function codeSection(say: WindowWords): Markup {
  return html`<section id="code" aria-labelledby="code-title" hidden>
    <h2 id="code-title">${say.codeTitle}</h2>
    <p id="wrong" role="alert" hidden>${say.wrong} ${say.siteSays}<br /><bdi id="wrong-words" lang="fr"></bdi></p>
    <p><img id="code-image" alt="${say.codeImage}" /></p>
    <form id="answer">
      ${field(
        { id: 'answer-text', label: say.codeLabel, hint: say.codeHint },
        (about) =>
          html`<input
            id="answer-text"
            type="text"
            dir="ltr"
            maxlength="24"
            required
            autocomplete="off"
            autocapitalize="none"
            autocorrect="off"
            spellcheck="false"
            enterkeyhint="send"
            ${about}
          />`,
      )}
      <button type="submit">${say.send}</button>
    </form>
    <p class="row">
      <button type="button" id="listen" class="plain" hidden>${say.listen}</button>
      <button type="button" id="renew" class="plain" hidden>${say.renew}</button>
    </p>
    <audio id="sound" controls hidden></audio>
    <p class="hint">${say.how}</p>
  </section>`;
}

function viewSection(say: WindowWords): Markup {
  return html`<section id="view" aria-label="${say.picture}" hidden>
    <p class="hint" id="picture-hint">${say.pictureHint}</p>
    <canvas
      id="picture"
      dir="ltr"
      tabindex="0"
      role="img"
      aria-label="${say.picture}"
      aria-describedby="picture-hint"
    ></canvas>
    <p class="row">
      <button type="button" id="up" class="plain">${say.up}</button>
      <button type="button" id="down" class="plain">${say.down}</button>
    </p>
  </section>`;
}
