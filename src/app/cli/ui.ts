import { readFile } from 'node:fs/promises';
import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { hasAgent } from './applied.ts';
import { openPages } from './open-pages.ts';

/** `mesh ui`: where the dashboard is, with the token that lets it write. */
export async function ui(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  if (!(await hasAgent(home, io)))
    throw new MeshError('unreachable', 'no agent is running', { hint: '`mesh run <blueprint>` or `mesh agent` starts one' });
  const token = await readFile(home.uiTokenPath, 'utf8').catch(() => '');
  const url = dashboardUrl(io.agentHttpAddress() ?? '', token.trim());
  if (input.options['json'] === true) io.out(`${JSON.stringify({ url })}\n`);
  else io.out(`${url}\n`);
  if (input.options['json'] !== true && input.options['print'] !== true) openPages([url], io);
  return 0;
}

/** Throws where a browser finds no agent. The fragment of an address is never sent to anybody. */
export function dashboardUrl(address: string, token: string): string {
  if (address === '' || address.startsWith('unix:'))
    throw new MeshError('environment', 'the HTTP API of the agent is on a Unix socket only, which no browser opens', {
      hint: 'start the agent with -http-port',
    });
  const base = address.includes('://') ? address : `http://${address}`;
  return `${base}/ui/${token === '' ? '' : `#token=${token}`}`;
}
