import { shippedBlueprints } from '../../blueprints/locate.ts';
import type { Completes, Names, Command as OwnCommand } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import type { StatusReport } from '../rpc/status.ts';
import { type ApiClient, clientOf, listOf, namesIn } from './agent-names.ts';
import { joined, NOTHING, type Offer, wordsOnly } from './offer.ts';

export interface Asked {
  readonly io: Io;
  readonly commands: readonly OwnCommand[];
  /** Words before this one, without options. */
  readonly args: readonly string[];
  /** Values of options before it, by name without dashes. */
  readonly values: ReadonlyMap<string, string>;
  /** What is typed of it. */
  readonly typed: string;
}

/** The names of what is there now. Whatever can't be found out in a moment is not offered. */
export async function namesOf(completes: Completes | undefined, asked: Asked): Promise<Offer> {
  const kinds = completes === undefined ? [] : typeof completes === 'string' ? [completes] : completes;
  return joined(await Promise.all(kinds.map((kind) => SOURCES[kind](asked).catch(() => NOTHING))));
}

const SOURCES: Readonly<Record<Names, (asked: Asked) => Promise<Offer>>> = {
  blueprint: async ({ io }) => ({
    candidates: wordsOnly(await shippedBlueprints(io.shippedBlueprints), 'comes with mesh'),
    paths: 'files',
  }),
  'shipped-blueprint': async ({ io }) => ({ candidates: wordsOnly(await shippedBlueprints(io.shippedBlueprints), 'comes with mesh') }),
  'applied-blueprint': fromStatus(({ blueprints }) => blueprints.map(({ name }) => name), 'runs'),
  resource: fromStatus(({ resources }) => resources.map(({ key }) => key), 'resource'),
  workload: fromStatus(({ workloads, runs }) => [...workloads, ...runs].map(({ name }) => name), 'workload'),
  log: async (asked) => {
    const own = wordsOnly(['agent', 'dataplane', 'access'], 'of mesh itself');
    return joined([{ candidates: own }, await namesOf(['workload', 'service'], asked)]);
  },
  // A pod is called after what it belongs to: web-0, web-1.
  deployment: fromStatus(
    ({ workloads }) => workloads.flatMap(({ id }) => (id.split('/').length > 2 ? [`${id.split('/')[1]!.replace(/-\d+$/, '')}=`] : [])),
    'deployment',
  ),
  cluster: fromStatus(({ resources }) => resources.map(({ key }) => key).filter((key) => key.includes('_cluster.')), 'cluster'),
  output: fromStatus(({ outputs }) => Object.keys(outputs), 'output'),
  // Nobody names a sidecar who can name its service.
  service: fromAgent(async (client) => {
    const names = namesIn(await client('/v1/catalog/services'));
    return names.filter((name) => !names.some((other) => name === `${other}-sidecar-proxy`));
  }, 'service'),
  upstream: async (asked) => {
    const own = await fromStatus(({ proxies }) => {
      const of = proxies.filter(({ service, id }) => service === asked.args.at(-1) || id === asked.args.at(-1));
      return of.flatMap(({ upstreams }) => upstreams.map(({ name }) => name));
    }, 'upstream')(asked).catch(() => NOTHING);
    return own.candidates.length > 0 ? own : SOURCES.service(asked);
  },
  sidecar: fromStatus(({ proxies }) => proxies.flatMap(({ service, id }) => [service, id]), 'sidecar'),
  node: fromAgent(async (client) => listOf(await client('/v1/catalog/nodes'), 'Node'), 'node'),
  datacenter: fromAgent(async (client) => {
    const names = await client('/v1/catalog/datacenters');
    return Array.isArray(names) ? names.map(String) : [];
  }, 'datacenter'),
  'entry-kind': async () => ({ candidates: wordsOnly((await import('../../entries/table.ts')).allKindNames()) }),
  'entry-name': fromAgent(async (client, { args, values }) => {
    const kind = values.get('kind') ?? args.at(-1) ?? '';
    return kind === '' ? [] : listOf(await client(`/v1/config/${encodeURIComponent(kind)}`), 'Name');
  }, 'config entry'),
  key: fromAgent(async (client, { typed }) => {
    const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
    const path = folder.split('/').map(encodeURIComponent).join('/');
    const keys = await client(`/v1/kv/${path}`, { keys: '', separator: '/' });
    return Array.isArray(keys) ? keys.map(String) : [];
  }, 'key'),
  policy: fromAgent(async (client) => listOf(await client('/v1/acl/policies'), 'Name'), 'policy'),
  role: fromAgent(async (client) => listOf(await client('/v1/acl/roles'), 'Name'), 'role'),
  'auth-method': fromAgent(async (client) => listOf(await client('/v1/acl/auth-methods'), 'Name'), 'auth method'),
  peer: fromAgent(async (client) => listOf(await client('/v1/peerings'), 'Name'), 'peer'),
  command: async ({ commands, args }) => (await import('./candidates.ts')).helpOffer(commands, args),
  file: () => Promise.resolve({ candidates: [], paths: 'files' }),
  folder: () => Promise.resolve({ candidates: [], paths: 'folders' }),
};

function fromStatus(read: (status: StatusReport) => readonly string[], about: string) {
  return async ({ io }: Asked): Promise<Offer> => {
    const { statusOf } = await import('./agent-names.ts');
    return { candidates: wordsOnly(read(await statusOf(io)), about) };
  };
}

function fromAgent(read: (client: ApiClient, asked: Asked) => Promise<readonly string[]>, about: string) {
  return async (asked: Asked): Promise<Offer> => ({
    candidates: wordsOnly(await read(await clientOf(asked.io, asked.values), asked), about),
  });
}
