import type { StatusReport } from '../../../src/app/rpc/status.ts';
import { Load, pause } from './load.ts';
import { routes } from './shop.ts';

/** A mesh in which the shop runs. */
export interface Drilled {
  status(): Promise<StatusReport>;
  agentPid(): number;
  /** Types `mesh …`; rejects unless the exit code is 0. */
  type(...args: string[]): Promise<void>;
}

export interface Outcome {
  readonly answered: number;
  readonly failures: readonly string[];
  /** The longest time without a good answer. */
  readonly longestGapMs: number;
}

/** Loads payments through the sidecar of web while something happens. */
async function underLoad(mesh: Drilled, during: (load: Load) => Promise<void>): Promise<Outcome> {
  const { proxies } = await mesh.status();
  const upstream = proxies.find(({ service }) => service === 'web')!.upstreams[0]!;
  const load = new Load(`http://${upstream.listen}/`);
  try {
    await load.more(100);
    await during(load);
    await load.more(100);
  } finally {
    await load.stop();
  }
  const { answered, failures, longestGapMs } = load;
  return { answered, failures, longestGapMs };
}

/** `kill -9` of one of three instances. Ends when it is back. */
export function instanceKilled(mesh: Drilled): Promise<Outcome> {
  return underLoad(mesh, async (load) => {
    const payments = (report: StatusReport) => report.workloads.filter(({ name }) => name.startsWith('payments'));
    const victim = payments(await mesh.status())[0]!;
    process.kill(victim.pid!, 'SIGKILL');
    await load.more(300);
    await until(async () => {
      const back = payments(await mesh.status()).find(({ id }) => id === victim.id)!;
      return back.pid !== victim.pid && back.phase === 'ready';
    });
  });
}

/** The agent is killed and away for a while, during which at least 300 calls are answered; then another one takes over. */
export function agentKilled(mesh: Drilled, awayMs: number): Promise<Outcome> {
  return underLoad(mesh, async (load) => {
    process.kill(mesh.agentPid(), 'SIGKILL');
    await Promise.all([pause(awayMs), load.more(300)]);
    await mesh.type('run', './shop');
  });
}

/** The data plane is killed while the agent lives. */
export async function dataplaneKilled(mesh: Drilled): Promise<Outcome & { before: number | undefined; after: number | undefined }> {
  const pid = async () => (await mesh.status()).agent.dataplane.pid;
  const before = await pid();
  const outcome = await underLoad(mesh, async (load) => {
    process.kill(before!, 'SIGKILL');
    await until(() => Promise.resolve(load.failures.length > 0));
    await load.more(100);
  });
  return { ...outcome, before, after: await pid() };
}

const EDITS = 20;

/** Routes and intentions are edited all the time, and the root is rotated in the middle of it. Returns how many roots there are then. */
export async function everythingEdited(mesh: Drilled): Promise<Outcome & { roots: number }> {
  const { agent } = await mesh.status();
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const more = body ? { method: 'PUT', body: JSON.stringify(body) } : {};
    const response = await fetch(`http://${agent.http}/v1/${path}`, more);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const outcome = await underLoad(mesh, async (load) => {
    for (let edit = 0; edit < EDITS; edit++) {
      await ask('config', { Kind: 'service-router', Name: 'payments', ...routes(`/edit-${edit}`) });
      await load.more(10);
      await ask('config', { Kind: 'service-intentions', Name: 'payments', Sources: sources(edit) });
      await load.more(10);
      if (edit === EDITS / 2) await rotate(ask);
    }
    await mesh.type('config', 'delete', '-kind', 'service-intentions', '-name', 'payments');
  });
  const { Roots } = (await ask('connect/ca/roots')) as { Roots: readonly unknown[] };
  return { ...outcome, roots: Roots.length };
}

/** web is allowed in one way after the other. */
function sources(edit: number): object[] {
  const allowed =
    edit % 2 === 0 ? { Action: 'allow' } : { Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/', Methods: ['GET'] } }] };
  return [
    { Name: 'web', ...allowed },
    { Name: `other-${edit}`, Action: 'deny' },
  ];
}

/** Another kind of key asks for another root. */
async function rotate(ask: (path: string, body?: object) => Promise<unknown>): Promise<void> {
  const { Provider, Config } = (await ask('connect/ca/configuration')) as { Provider: string; Config: object };
  await ask('connect/ca/configuration', { Provider, Config: { ...Config, PrivateKeyType: 'ec', PrivateKeyBits: 384 } });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to that within 15 s');
    await pause(20);
  }
}
