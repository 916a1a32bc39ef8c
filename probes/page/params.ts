import { fold, z } from '../../src/probe.ts';

/** What may be written of a page in the configuration; a click that would do more than turn pages is refused there. */

/** What may not be clicked, on folded names. Verbs stand anywhere in a name; nouns at its beginning only. */
const UNCLICKABLE: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:envoye[rz]|j'envoie|transmett(?:re|ez)|(?:je )?depose[rz]?|televerse[rz]?|poste[rz]|soumett(?:re|ez)|enregistre[rz]?|submit|send|upload|save)\b|^envoi\b/,
    'send something',
  ],
  [
    /\b(?:reserve[rzd]?|je reserve|book|bloque[rz]?|creneaux?|plages?|horaires?|slots?|(?:choisir|choisis|selectionner|prendre|je prends) (?:le|ce|cet|cette|un|une) (?:date|heure|jour)|prendre ce rendez-vous)\b|^reservation\b/,
    'book or hold an appointment',
  ],
  [/\b(?:paye[rz]|je pa[iy]e|achete[rz]|achat|commander|paiement|pay|buy|checkout)\b/, 'buy or pay something'],
  [
    /\b(?:(?:s'|m')(?:identifie|authentifie|inscri[rst])[rez]*|(?:se|me) connecter?|(?:connectez|identifiez|inscrivez)-vous|(?:france|pro|agent) ?connect|(?:un|mon|votre) compte|mon espace|log[ -]?in|log[ -]on|sign[ -]?in|sign[ -]up|(?:an|my|your) account)\b|^(?:connexion|identification|authentification|inscription)\b/,
    'sign in',
  ],
  [
    /\b(?:valide[rz]|confirme[rz]|finalise[rz]?|signe[rz]|je (?:valide|confirme|signe|finalise)|confirm|validate|register)\b|^(?:validation|confirmation)\b/,
    'confirm something',
  ],
  [
    /\b(?:supprime[rz]|annule[rz]|efface[rz]|delete|cancel)\b|^(?:suppression|annulation)\b/,
    'delete or cancel something',
  ],
  [
    /\b\d{1,2} ?(?:h|heures?)\b|\b\d{1,2} ?[:h] ?\d{2}\b|\b\d{1,2}[/.]\d{1,2}\b|\b\d{4}-\d{2}-\d{2}\b|^\d{1,2}$|\b(?:lun|mar|mercre|jeu|vendre|same)di \d|\b\d{1,2}(?:er)? (?:janv|fevr|mars|avr|mai|juin|juil|aout|sept|oct|nov|dec)/,
    'choose a day or a time',
  ],
];

/** Letters of two alphabets in one name, or letters set apart, are there to look like another word. */
const DISGUISED =
  /(?=.*\p{Script=Latin})(?=.*[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}])|(?:\b\p{L} ){2,}\p{L}\b/u;

function clickRefusal(name: string): string | null {
  if (DISGUISED.test(name)) return `"${name}" is written so as to look like another word: write it in one alphabet`;
  const plain = fold(name).replace(/[\u2010-\u2015]/g, '-');
  const would = UNCLICKABLE.find(([words]) => words.test(plain))?.[1];
  return would === undefined
    ? null
    : `"${name}" would ${would}, and a check only turns pages: give the public address behind it, if there is one`;
}

const words = z
  .string({ error: 'write words; a number needs quotes' })
  .max(200)
  .refine((text) => fold(text).length >= 2, { error: 'write at least two letters or digits' });

const click = words.superRefine((name, context) => {
  const message = clickRefusal(name);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

const forbidden = z.union(
  [
    words,
    z.strictObject({
      text: words.describe('Words that must not be visible'),
      means: z
        .enum(['error', 'maintenance', 'suspended', 'moved'])
        .default('error')
        .describe('What the check concludes when they are'),
    }),
  ],
  { error: 'write words, or {text: words, means: one of error, maintenance, suspended, moved}' },
);

const HOST_NAME = /^(?:[a-z0-9_-]+\.)+[a-z0-9-]+$/;

export const params = z
  .strictObject({
    expect: z.array(words).max(20).default([]).describe('Texts that must all be visible without opening anything'),
    links: z
      .array(words)
      .max(20)
      .default([])
      .describe('Links that must all be visible: words of the link, or a part of its address'),
    fields: z
      .array(words)
      .max(20)
      .default([])
      .describe('Form fields that must all be visible: words of the label, or the name of the field'),
    forbid: z
      .array(forbidden)
      .max(20)
      .default([])
      .describe('Texts of which one, when visible, decides the outcome, whatever else is visible: error unless told'),
    clicks: z
      .array(click)
      .max(5)
      .default([])
      .describe('Full visible names of links or buttons, pressed one after another before the page is looked at'),
    language: z
      .string()
      .regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8})?$/i, { error: 'write the code of a language, such as fr, en or zh-Hans' })
      .optional()
      .describe('Language that the page must say it is in, by the lang attribute of its html element'),
    hosts: z
      .array(z.string().regex(HOST_NAME, { error: 'write a host name alone, such as connect.france-visas.gouv.fr' }))
      .max(10)
      .default([])
      .describe('Other hosts on which the visit may end'),
  })
  .refine(({ expect, links, fields }) => expect.length + links.length + fields.length > 0, {
    path: ['expect'],
    error: 'name at least one sign of the working page: a text (expect), a link (links) or a field (fields)',
  });

export type Params = z.output<typeof params>;
