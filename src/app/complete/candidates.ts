import type { Command as OwnCommand } from '../../commands/command.ts';
import type { Command, CommandGroup } from '../consul/command.ts';
import { CONSUL_COMMANDS } from '../consul/table.ts';
import type { Io } from '../io.ts';
import { namesOf } from './names.ts';
import { joined, NOTHING, type Offer, wordsOnly } from './offer.ts';
import { placeIn } from './place.ts';
import { type Completed, consulSpec, ownSpec, type Spec } from './spec.ts';

export interface Question {
  readonly io: Io;
  /** mesh's own. */
  readonly commands: readonly OwnCommand[];
  /** Words before the cursor, behind the name of the program. */
  readonly before: readonly string[];
  /** The word at the cursor, as far as it is typed. */
  readonly last: string;
}

/** What may come next in a line of `mesh`. */
export async function offerOfMesh({ io, commands, before, last }: Question): Promise<Offer> {
  const [word, ...rest] = before;
  const top = { candidates: [...namesOfCommands(commands), { word: 'help', about: 'Explain a command' }] };
  if (word === undefined) return last.startsWith('-') ? { candidates: wordsOnly(['--help', '--version']) } : top;
  if (word === 'help') return helpOffer(commands, rest);
  const command = commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (!command) return NOTHING;
  if (command.name === 'consul') return offerOfConsul({ io, before: rest, last });
  const sub = command.subcommands?.find(({ name, aliases = [] }) => name === rest[0] || aliases.includes(rest[0] ?? ''));
  if (sub) return offerOf(ownSpec(sub), rest.slice(1), { io, last, commands });
  // `agent` takes Consul's flags and has subcommands of its own.
  const consuls = command.grammar === 'consul' ? await offerOfConsul({ io, before, last }) : NOTHING;
  return joined([consuls, await offerOf(ownSpec(command), rest, { io, last, commands })]);
}

/** What may come next in a line of Consul's. */
export async function offerOfConsul({ io, before, last }: Omit<Question, 'commands'>): Promise<Offer> {
  const [word, ...rest] = before;
  if (word === undefined) {
    if (last.startsWith('-')) return { candidates: wordsOnly(['-autocomplete-install', '-autocomplete-uninstall', '-help', '-version']) };
    return { candidates: Object.entries(CONSUL_COMMANDS).map(([name, { synopsis }]) => ({ word: name, about: synopsis })) };
  }
  const top = Object.hasOwn(CONSUL_COMMANDS, word) ? CONSUL_COMMANDS[word] : undefined;
  return top ? below(await top.load(), rest, { io, last }) : NOTHING;
}

async function below(entry: Command | CommandGroup, words: readonly string[], { io, last }: Pick<Question, 'io' | 'last'>): Promise<Offer> {
  if (!('commands' in entry)) return offerOf(consulSpec(entry), words, { io, last, commands: [] });
  const [word, ...rest] = words;
  if (word !== undefined) {
    const load = Object.hasOwn(entry.commands, word) ? entry.commands[word] : undefined;
    return load ? below(await load(), rest, { io, last }) : NOTHING;
  }
  const found = Object.entries(entry.commands).map(async ([name, load]) => ({ word: name, about: (await load()).synopsis ?? '' }));
  return { candidates: await Promise.all(found) };
}

async function offerOf(spec: Spec, before: readonly string[], { io, last, commands }: Omit<Question, 'before'>): Promise<Offer> {
  const { at, args, values } = placeIn(spec, before, last);
  if (at.type === 'option') return { candidates: at.offered.map(({ names, about }) => ({ word: names[0]!, about })) };
  const prefix = at.type === 'value' ? at.prefix : '';
  const names = ({ choices, completes }: Completed): Promise<Offer> =>
    choices
      ? Promise.resolve({ candidates: wordsOnly(choices) })
      : namesOf(completes, { io, commands, args, values, typed: last.slice(prefix.length) });
  const offer = await names(at.of);
  if (at.type === 'word') return joined([{ candidates: at.first ? spec.below : [] }, offer]);
  return { ...offer, candidates: offer.candidates.map((one) => ({ ...one, word: `${prefix}${one.word}` })) };
}

const namesOfCommands = (commands: readonly OwnCommand[]) => commands.map(({ name, summary }) => ({ word: name, about: summary }));

/** Commands to explain: `mesh help agent st`. */
export function helpOffer(commands: readonly OwnCommand[], words: readonly string[]): Offer {
  const [word, ...rest] = words;
  if (word === undefined) return { candidates: namesOfCommands(commands) };
  return helpOffer(commands.find(({ name }) => name === word)?.subcommands ?? [], rest);
}
