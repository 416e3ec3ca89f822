import type { IncomingMessage } from 'node:http';
import type { TaskState } from '../../docs/tasks.ts';
import type { Tasks } from './tasks.ts';

export interface TaskAnswer {
  readonly status: number;
  readonly body: string | TaskState | Record<string, TaskState>;
}

/** A page of this site, opened on this machine, and nobody else: what it asks for runs programs. */
function mayRun({ headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
  return loopback && origin === `http://${host}` && headers['x-mesh-docs'] === '1';
}

/** `GET tasks`: how things are. `POST tasks/<id>/check` and `/solve`: runs scripts. */
export async function answerTask(path: string, request: IncomingMessage, tasks: Tasks): Promise<TaskAnswer> {
  if (path === 'tasks') return request.method === 'POST' ? { status: 405, body: 'Only GET.\n' } : { status: 200, body: tasks.states() };
  const [, id = '', action] = /^tasks\/([^/]+)\/(check|solve)$/.exec(path) ?? [];
  if (!tasks.has(id)) return { status: 404, body: 'There is no such task.\n' };
  if (request.method !== 'POST') return { status: 405, body: 'Only POST.\n' };
  if (!mayRun(request)) return { status: 403, body: 'Only pages of this site, opened at localhost, may ask for it.\n' };
  request.resume();
  return { status: 200, body: action === 'solve' ? await tasks.solve(id) : await tasks.check(id) };
}
