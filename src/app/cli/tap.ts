import { MeshError } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Input } from '../../commands/command.ts';
import type { TappedRequest } from '../../compile/proxy-config.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { type MeshApi, openMeshApi } from '../mesh-api.ts';
import { choiceOption, countOption } from './options.ts';
import { fieldLines, tapLine } from './tap-view.ts';
import { untilStopped } from './until-stopped.ts';

const DIRECTIONS = ['inbound', 'outbound', 'both'] as const;

type Dropped = { readonly dropped: number };

/** `mesh tap`: requests as they end, until there have been enough. A signal ends it, with its exit code. */
export const tap = (input: Input, io: Io): Promise<number> => untilStopped(io, () => follow(input, io));

async function follow(input: Input, io: Io): Promise<number> {
  const { options, args } = input;
  const count = countOption(input, 'count');
  const api = await openMeshApi(io);
  const text = (name: string): string | undefined => (options[name] === undefined ? undefined : String(options[name]));
  const [service] = args;
  const wanted = { service, source: text('from'), destination: text('to') };
  await sayUnknown(api, Object.values(wanted), io);
  const query = { ...wanted, path: text('path'), method: text('method'), status: text('status'), direction: directionOf(input) };
  const lines = await api.lines('/v1/mesh/tap', query);
  if (io.terminal.stderrIsTty) io.err(`Waiting for requests${describe(query)}. Ctrl-C ends it.\n`);
  const style = await styleOf(io.terminal.colour && io.terminal.stdoutIsTty);
  const width = io.terminal.stdoutIsTty ? io.terminal.columns : undefined;
  let seen = 0;
  for await (const line of lines) {
    const tapped = JSON.parse(line) as TappedRequest | Dropped;
    if ('dropped' in tapped) {
      io.err(`${tapped.dropped} requests came too fast and are not shown\n`);
      continue;
    }
    if (options['json'] === true) io.out(`${line}\n`);
    else {
      const fields = options['headers'] === true ? fieldLines(tapped, style) : [];
      io.out([tapLine(tapped, style, width), ...fields, ''].join('\n'));
    }
    if (++seen === count) return 0;
  }
  throw new MeshError('unreachable', 'the agent has gone');
}

/** Each request passes two sidecars. Who names no service sees it once, where it sets out. */
function directionOf(input: Input): string | undefined {
  const { args, options } = input;
  if (options['direction'] === undefined) return args.length === 0 ? 'outbound' : undefined;
  const given = choiceOption(input, 'direction', DIRECTIONS);
  return given === 'both' ? undefined : given;
}

function describe({ service, source, destination, path, method, status }: Readonly<Record<string, string | undefined>>): string {
  const parts = [
    service === undefined ? '' : ` through ${service}`,
    source === undefined ? '' : ` from ${source}`,
    destination === undefined ? '' : ` to ${destination}`,
    method === undefined && path === undefined ? '' : `: ${method ?? 'any method'} ${path ?? '/'}`,
    status === undefined ? '' : `, status ${status}`,
  ];
  return parts.join('');
}

/** A service may be yet to come, so that a name which nobody has is only told of. */
async function sayUnknown(api: MeshApi, names: readonly (string | undefined)[], io: Io): Promise<void> {
  const given = names.filter((name) => name !== undefined);
  if (given.length === 0) return;
  const datacenters = await api.get<readonly string[]>('/v1/catalog/datacenters');
  const lists = await Promise.all(datacenters.map((dc) => api.get<Readonly<Record<string, unknown>>>('/v1/catalog/services', { dc })));
  const known = [...new Set(lists.flatMap((list) => Object.keys(list)))].filter((name) => !name.endsWith('-sidecar-proxy'));
  for (const name of given) {
    if (known.includes(name)) continue;
    const { hint } = didYouMean(name, known);
    io.err(`warning: no service is called ${JSON.stringify(name)}${hint === undefined ? '' : `; ${hint}`}\n`);
  }
}
