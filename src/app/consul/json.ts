import { messageOf } from '../../base/errors.ts';
import { goJson } from '../../base/go-json.ts';
import type { Io } from '../io.ts';
import { Failure } from './command.ts';
import type { Flag, FlagValues } from './flags.ts';

/** Beyond Consul, on every command that prints data and has no `-format` of Consul's own. */
export const JSON_FLAGS: readonly Flag[] = [
  { name: 'json', kind: 'bool', doc: "Print what the agent answers as JSON. Not one of Consul's." },
  { name: 'format', kind: 'string', value: 'string', doc: 'pretty or json.', choices: ['pretty', 'json'] },
];

/** Throws a Failure when the format is none. */
export function wantsJson(flags: FlagValues): boolean {
  const format = flags.string('format') ?? 'pretty';
  if (format !== 'pretty' && format !== 'json') throw new Failure('Invalid format, valid formats are {pretty|json}');
  return flags.bool('json') || format === 'json';
}

export function printJson(io: Io, value: unknown, indent = '    '): void {
  io.out(`${goJson(value, indent)}\n`);
}

/** What the agent answered. Throws an Error in the words of Go's decoder, which ends up behind the command's own. */
export function parseJson<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(`invalid JSON in the answer: ${messageOf(error)}`, { cause: error });
  }
}
