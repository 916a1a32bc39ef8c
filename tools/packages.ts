import { spawn } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';

/** Asks the registry whether the packages are signed and free of known weaknesses. Fails on what it says, never on its silence. */

export interface Verdict {
  readonly kind: 'good' | 'bad' | 'not-checked';
  readonly text: string;
}

const advisoryShape = z.object({
  auditReportVersion: z.number(),
  metadata: z.object({ vulnerabilities: z.record(z.string(), z.number()) }),
});
const packageShape = z.looseObject({ name: z.string(), version: z.string() });
const signatureShape = z.object({ invalid: z.array(packageShape), missing: z.array(packageShape) });
const GRAVE = ['high', 'critical'];

/** Of the answer of `npm audit --json`. */
export function advisories(answer: string): Verdict {
  const found = advisoryShape.safeParse(parsed(answer)).data?.metadata.vulnerabilities;
  if (found === undefined) return notChecked('known weaknesses of packages', answer);
  const counts = Object.entries(found).filter(([level, count]) => count > 0 && level !== 'total');
  const text = `known weaknesses: ${counts.map(([level, count]) => `${count} ${level}`).join(', ') || 'none'}`;
  return { kind: counts.some(([level]) => GRAVE.includes(level)) ? 'bad' : 'good', text };
}

/** Of the answer of `npm audit signatures --json`. */
export function signatures(answer: string): Verdict {
  const found = signatureShape.safeParse(parsed(answer)).data;
  if (found === undefined) return notChecked('signatures of packages', answer);
  const wrong = [...found.invalid, ...found.missing].map(({ name, version }) => `${name}@${version}`);
  if (wrong.length === 0) return { kind: 'good', text: 'signatures: all good' };
  return { kind: 'bad', text: `signatures wrong or missing: ${wrong.join(', ')}` };
}

function notChecked(what: string, answer: string): Verdict {
  const said = errorShape.safeParse(parsed(answer)).data;
  const why = said?.message ?? said?.error?.summary ?? '';
  return { kind: 'not-checked', text: `NOT CHECKED: ${what}: the registry does not answer (${why.split('\n')[0]})` };
}

const errorShape = z.object({
  message: z.string().optional(),
  error: z.object({ summary: z.string().optional() }).optional(),
});

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return null;
  }
}

const ANSWERS_WITHIN_MS = 120_000;

function npm(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { cwd: path.dirname(import.meta.dirname), timeout: ANSWERS_WITHIN_MS };
    const child = spawn('npm', [...args, '--json', '--loglevel=error'], {
      ...options,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let answer = '';
    child.stdout.on('data', (chunk: Buffer) => (answer += String(chunk)));
    child.once('error', () => resolve(''));
    child.once('close', () => resolve(answer));
  });
}

if (import.meta.main) {
  const verdicts = [advisories(await npm(['audit'])), signatures(await npm(['audit', 'signatures']))];
  for (const { text } of verdicts) process.stdout.write(`${text}\n`);
  process.exitCode = verdicts.some(({ kind }) => kind === 'bad') ? 1 : 0;
}
