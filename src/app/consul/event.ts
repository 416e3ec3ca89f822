import { compileRe2 } from '../../base/re2.ts';
import { attempt, type Command, Failure, UsageFailure } from './command.ts';
import type { Flag, FlagValues } from './flags.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from './json.ts';
import { goPath } from './path.ts';

/** Which nodes an event, or a remote execution, is for. */
export const NODE_FILTERS: readonly Flag[] = [
  { name: 'node', kind: 'string', value: 'string', doc: 'Only nodes whose name matches this regular expression.' },
  { name: 'service', kind: 'string', value: 'string', doc: 'Only nodes that have a service whose name matches this regular expression.' },
  { name: 'tag', kind: 'string', value: 'string', doc: 'With -service: it must have a tag that matches this regular expression.' },
];

/** Throws a Failure in Consul's words. */
export function nodeFilters(flags: FlagValues): { readonly node?: string; readonly service?: string; readonly tag?: string } {
  const filters: Record<string, string> = {};
  for (const { name } of NODE_FILTERS) {
    const text = flags.string(name);
    if (!text) continue;
    const compiled = compileRe2(text);
    if (!compiled.ok) throw new Failure(`Failed to compile ${name} filter regexp: ${compiled.error}`);
    filters[name] = text;
  }
  if (filters['tag'] && !filters['service']) throw new Failure('Cannot provide tag filter without service filter.');
  return filters;
}

export const event: Command = {
  name: 'event',
  synopsis: 'Fire an event',
  usage: ['[payload]'],
  description: 'Fires an event of a name of your own at all nodes of a datacenter, or at some.',
  examples: ['event -name deploy 1.2.3', 'event -name restart -service ^web$'],
  flags: [{ name: 'name', kind: 'string', value: 'string', doc: 'Name of the event.' }, ...NODE_FILTERS, ...JSON_FLAGS],
  run: async ({ io, flags, args, client }) => {
    const name = flags.string('name');
    if (!name) throw new UsageFailure('Event name must be specified');
    const filters = nodeFilters(flags);
    if (args.length > 1) throw new UsageFailure('Too many command line arguments.');
    const json = wantsJson(flags);
    const api = await client();
    await attempt('Error querying Consul agent', api.expectOk('GET', '/v1/agent/self'));
    const fired = api.expectOk('PUT', `/v1/event/fire/${goPath(name)}`, {
      query: filters,
      ...(args[0] === undefined ? {} : { raw: args[0], headers: { 'Content-Type': 'application/octet-stream' } }),
    });
    const answer = await attempt('Error firing event', fired.then(parseJson<{ readonly ID: string }>));
    if (json) printJson(io, answer);
    else io.out(`Event ID: ${answer.ID}\n`);
    return 0;
  },
};
