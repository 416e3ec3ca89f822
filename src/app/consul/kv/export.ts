import { goJson } from '../../../base/go-json.ts';
import { atMost, attempt, type Command } from '../command.ts';
import { listPairs } from './pairs.ts';

export const kvExport: Command = {
  name: 'kv export',
  synopsis: 'Print all below a prefix as JSON',
  usage: ['[KEY_OR_PREFIX]'],
  completes: ['key'],
  description: 'Prints every key that begins so with its value in base64, as JSON that `kv import` takes.',
  examples: ['kv export web/ > web.json', 'kv export'],
  flags: [],
  run: async ({ io, args, client }) => {
    atMost(args, 1);
    const api = await client();
    const pairs = await attempt('Error querying Consul agent', listPairs(api, args[0] ?? ''));
    // Flags have 64 bits, more than a number of JavaScript.
    const entries = pairs.map(
      ({ Key, Flags, Value }) => `\t{\n\t\t"key": ${goJson(Key)},\n\t\t"flags": ${Flags},\n\t\t"value": ${goJson(Value ?? '')}\n\t}`,
    );
    io.out(entries.length === 0 ? '[]\n' : `[\n${entries.join(',\n')}\n]\n`);
    return 0;
  },
};
