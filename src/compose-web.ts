import type { Logger } from 'pino';

import type { Config } from './config/load.ts';
import { secret } from './config/environment.ts';
import { AppError } from './core/errors.ts';
import { isLoopbackHost } from './core/networks.ts';
import type { OperatorAccess } from './web/operator-guard.ts';

/** Shorter ones could be found by trying, and words of a language are among them. */
const SHORTEST_TOKEN = 16;

/** Who may look at the operator's pages. Says in the log where nobody can. Throws `CONFIG_INVALID`. */
export function operatorAccess({ http }: Pick<Config, 'http'>, log: Logger): OperatorAccess {
  const token = secret('GUETTEUR_OPERATOR_TOKEN');
  if (token !== undefined && token.length < SHORTEST_TOKEN) {
    const hint = 'make one with `openssl rand -hex 32`';
    throw new AppError('CONFIG_INVALID', `GUETTEUR_OPERATOR_TOKEN has less than ${SHORTEST_TOKEN} characters`, {
      hint,
    });
  }
  if (token === undefined && !isLoopbackHost(http.host))
    log.warn({ host: http.host }, "the operator's pages are shown to nobody: set GUETTEUR_OPERATOR_TOKEN");
  return { token, listensOn: http.host, hosts: http.operatorHosts, publicUrl: http.publicUrl ?? null };
}
