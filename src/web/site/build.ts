import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { html } from 'hono/html';

import { LANGUAGES } from '../../core/subscription.ts';
import { replaceFolder } from '../whole-folder.ts';
import { hereAt } from './frame.ts';
import { capturePath } from './pages/target.ts';
import { refusalPage } from './pages/errors.ts';
import { SITE_WORDS } from './words/speak.ts';
import type { SiteWriter } from './writer.ts';

/** A file beside the pages that a reader of the site may ask for: a download, a picture. */
export interface SiteFile {
  /** Below the root of the site. */
  readonly path: string;
  readonly body: () => Promise<string | Uint8Array>;
}

export interface BuildParts {
  readonly writer: SiteWriter;
  readonly files: readonly SiteFile[];
  readonly stop: AbortSignal;
}

const MARK = '.guetteur-site';

/**
 * Writes the whole public site as files, for any host of files: every link is relative. What stood there before is replaced at
 * once when everything is written, so that no reader ever meets half a site. Returns how many files were written.
 * Throws `USAGE` for a folder that holds something else.
 */
export async function buildSite(folder: string, parts: BuildParts): Promise<number> {
  return await replaceFolder(
    folder,
    { isOurs: (names) => names.includes(MARK), what: 'a site of ours' },
    async (draft) => await writeAll(draft, parts),
  );
}

async function writeAll(draft: string, { writer, files, stop }: BuildParts): Promise<number> {
  let count = 0;
  const write = async (path: string, body: string | Uint8Array): Promise<void> => {
    stop.throwIfAborted();
    const file = join(draft, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
    count += 1;
  };
  for (const language of LANGUAGES) {
    for (const path of writer.paths) {
      const written = await writer.write(language, path);
      if (written !== null) await write(join(language, fileOf(path)), written.body);
    }
  }
  for (const { path, body } of Object.values(writer.facts.assets)) await write(path, body);
  for (const targetId of writer.slotTargetIds())
    for (const { path, bytes } of await pictureFiles(writer, targetId)) await write(path, bytes);
  for (const { path, body } of files) await write(path, await body());
  await write('index.html', await doorPage(writer));
  await write('404.html', String(await refusalPage(hereAt(writer.facts, 'fr', '', 0), 'notFound')));
  await write(MARK, 'Written by `guetteur site build`, which replaces this folder as a whole.\n');
  return count;
}

/** What the pages of a target have shown, small and whole: those of one language may know of a newer one. */
async function pictureFiles(writer: SiteWriter, targetId: string): Promise<{ path: string; bytes: Uint8Array }[]> {
  const files: { path: string; bytes: Uint8Array }[] = [];
  for (const checkId of writer.picturesShown(targetId) ?? [])
    for (const size of ['whole', 'small'] as const) {
      const picture = await writer.pictures.get(checkId, size);
      if (picture !== null) files.push({ path: capturePath(targetId, checkId, size), bytes: picture.plain });
    }
  return files;
}

/** `department/93/` is served from `department/93/index.html`. */
function fileOf(path: string): string {
  return path === '' || path.endsWith('/') ? `${path}index.html` : path;
}

/** A host of files cannot choose a language: the reader does. */
async function doorPage({ facts }: SiteWriter): Promise<string> {
  const links = LANGUAGES.map((language) => {
    const { name, home } = SITE_WORDS[language];
    return html`<p lang="${language}" dir="${SITE_WORDS[language].direction}">
      <a href="${language}/" hreflang="${language}"><strong>${name}</strong> – ${home.title}</a>
    </p>`;
  });
  return String(
    await html`<!doctype html>
      <html lang="fr">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Guetteur</title>
          <link rel="stylesheet" href="${facts.assets['site.css'].path}" />
          <link rel="icon" href="${facts.assets['icon.svg'].path}" type="image/svg+xml" />
        </head>
        <body>
          ${facts.practice ? html`<p class="practice" role="note">${SITE_WORDS.fr.frame.practice}</p>` : ''}
          <main>
            <h1>Guetteur</h1>
            ${links}
          </main>
        </body>
      </html>`,
  );
}
