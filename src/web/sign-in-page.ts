import { html } from 'hono/html';

import { frame, type Markup } from './frame.ts';

export type SignInNote = 'wrong';

const NOTES: Readonly<Record<SignInNote, string>> = { wrong: 'This is not the token.' };

export interface SignInPage {
  readonly practice: boolean;
  readonly note: SignInNote | null;
  readonly isSignedIn: boolean;
}

/** Where the operator's token is entered, and where a session is left. */
export function signInPage({ practice, note, isSignedIn }: SignInPage): Markup {
  if (isSignedIn) {
    return frame(
      { title: 'Signed in', practice, isLive: false },
      html`<p><a href="/operator/">All targets</a></p>
        <form method="post" action="/operator/sign-out"><button>Sign out</button></form>`,
    );
  }
  return frame(
    { title: 'Sign in', practice, isLive: false },
    html`<h2>Sign in</h2>
      ${note === null ? '' : html`<p role="alert">${NOTES[note]}</p>`}
      <form method="post" action="/operator/sign-in">
        <p>
          <label for="token">Token of the operator</label>
          <input id="token" name="token" type="password" autocomplete="current-password" required />
          <button>Sign in</button>
        </p>
      </form>
      <p>
        It is the value of <code>GUETTEUR_OPERATOR_TOKEN</code>. You stay signed in for twelve hours in this browser.
      </p>`,
  );
}
