import { readPage, z, type Probe } from '../../src/probe.ts';

/** A platform of the tests' own: one captcha page, of which a test draws what it likes. */
export const STUB_CAPTCHA: Probe = {
  name: 'stub',
  version: 1,
  kind: 'slots',
  hosts: [/^site\.example$/],
  recognises: () => false,
  posts: [],
  forbidden: [],
  expectsCaptcha: true,
  assisted: {
    posts: [],
    never: /^nom$/,
    pages: [/^\/$/],
    end: { path: /^\/slots$/, step: 'slots', isDrawn: () => true },
    captcha: {
      image: '.captcha img',
      field: '[name="captchaUsercode"]',
      submit: 'button',
      sound: 'audio',
      renew: 'i',
      wrong: 'b',
    },
  },
  contacts: [],
  params: z.strictObject({}),
  visit: async (visit, target) => {
    await visit.open('page', target.address);
  },
  read: (captures) => readPage(captures.at(-1)!, []),
};

/** The captcha's part of such a page. */
export const STUB_CODE = `<div class="captcha"><img alt="code" width="200" height="70" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='200' height='70'/%3E">
<input name="captchaUsercode"></div>`;
