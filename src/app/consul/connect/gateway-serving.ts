import { messageOf } from '../../../base/errors.ts';
import { describeOwner, portOwner } from '../../../drivers/process/port-owner.ts';
import type { Io } from '../../io.ts';
import { type ApiClient, unexpected } from '../client.ts';
import { Failure } from '../command.ts';
import { parseJson } from '../json.ts';

/** What an agent of mesh says of a proxy that its data plane runs. */
interface Serving {
  readonly Serving: boolean;
  readonly Error?: string;
  /** Of the answer, to wait for the next one. */
  readonly hash: string | undefined;
}

/** How long the data plane may take for its first answer. */
const START_WAIT = '10s';
const LONGEST_WAIT = '5m';

/** Resolves when the data plane has taken the gateway up. Throws a Failure that says what keeps it from serving. */
export async function gatewayServed(api: ApiClient, id: string, io: Io): Promise<Serving> {
  const first = await ask(api, id, { wait: START_WAIT });
  const state = isOpen(first) ? await ask(api, id, { wait: START_WAIT, hash: first.hash }) : first;
  if (state.Error !== undefined) throw new Failure(`The data plane does not serve ${id}: ${await withOwner(state.Error)}`);
  if (isOpen(state)) io.err(`WARNING: the data plane has not said yet that it serves ${id}\n`);
  return state;
}

/**
 * Warns of what the data plane can't serve any more, such as a listener that was added. Resolves when the command is interrupted;
 * throws a Failure when somebody has deregistered the gateway meanwhile, or the agent is gone.
 */
export async function watchOver(api: ApiClient, id: string, from: Serving, io: Io): Promise<void> {
  for (let state = from; !io.signal.aborted; ) {
    const next = await ask(api, id, { wait: LONGEST_WAIT, hash: state.hash }).catch((error: unknown) => {
      if (io.signal.aborted) return state;
      throw error;
    });
    if (next.Error !== undefined && next.Error !== state.Error)
      io.err(`WARNING: the data plane does not serve all of ${id}: ${await withOwner(next.Error)}\n`);
    state = next;
  }
}

const isOpen = (state: Serving): boolean => !state.Serving && state.Error === undefined;

async function ask(api: ApiClient, id: string, query: { readonly wait: string; readonly hash?: string | undefined }): Promise<Serving> {
  const answer = await api.send('GET', `/v1/agent/proxy/${encodeURIComponent(id)}`, { query }).catch((error: unknown) => {
    throw new Failure(`Error watching ${id}: ${messageOf(error)}`);
  });
  if (answer.status === 404) throw new Failure(`${id} has been deregistered`);
  if (answer.status !== 200) throw new Failure(`Error watching ${id}: ${unexpected(answer)}`);
  const hash = answer.headers['x-consul-contenthash'];
  return { ...parseJson<Omit<Serving, 'hash'>>(answer.body), hash: typeof hash === 'string' ? hash : undefined };
}

/** `listen EADDRINUSE: address already in use 127.0.0.1:8888, which pid 4242 (nginx) holds`: of a port of this machine. */
async function withOwner(error: string): Promise<string> {
  const taken = /EADDRINUSE: address already in use (\S+):(\d+)/.exec(error);
  const owner = taken && (await portOwner(taken[1]!, Number(taken[2])));
  return owner ? `${error}, which ${describeOwner(owner)} holds` : error;
}
