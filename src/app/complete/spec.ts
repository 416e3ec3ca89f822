import type { Completes, Command as OwnCommand } from '../../commands/command.ts';
import type { Command as ConsulCommand } from '../consul/command.ts';
import { HTTP_FLAGS } from '../consul/http-flags.ts';
import type { Candidate } from './offer.ts';

/** What may stand behind the name of a command: the two grammars in one form. */
export interface Spec {
  readonly options: readonly SpecOption[];
  /** What completes each word that is no option. */
  readonly words: readonly Completed[];
  /** The last of them is for all that follow. */
  readonly repeats: boolean;
  /** Names of commands below this one. */
  readonly below: readonly Candidate[];
  /** Go's: one dash or two, and none behind the first other word. */
  readonly goFlags: boolean;
}

/** What its value can be: a few words, or names. */
export interface Completed {
  readonly choices?: readonly string[] | undefined;
  readonly completes?: Completes | undefined;
}

export interface SpecOption extends Completed {
  /** With its dashes; the first is the one to offer. */
  readonly names: readonly string[];
  readonly about: string;
  readonly takesValue: boolean;
  readonly repeatable: boolean;
}

export function ownSpec({ args = [], options = [], subcommands = [] }: OwnCommand): Spec {
  return {
    options: [...options.map(ownOption), HELP],
    words: args,
    repeats: args.at(-1)?.variadic === true,
    below: subcommands.map(({ name, summary }) => ({ word: name, about: summary })),
    goFlags: false,
  };
}

const HELP: SpecOption = { names: ['--help', '-h'], about: 'explain the command', takesValue: false, repeatable: false };

function ownOption({ flags, doc, repeatable = false, choices, completes }: NonNullable<OwnCommand['options']>[number]): SpecOption {
  const names = flags.match(/(?<!\S)--?[\w-]+/g) ?? [];
  return {
    names: names.toSorted((a, b) => Number(b.startsWith('--')) - Number(a.startsWith('--'))),
    about: doc,
    takesValue: /[<[]/.test(flags),
    repeatable,
    choices,
    completes,
  };
}

export function consulSpec({ flags, offline, completes = [] }: ConsulCommand): Spec {
  const all = offline ? flags : [...flags, ...HTTP_FLAGS];
  return {
    options: all.map((flag) => ({
      names: [`-${flag.name}`, `--${flag.name}`],
      about: flag.doc,
      takesValue: flag.kind !== 'bool',
      repeatable: flag.kind === 'list' || flag.kind === 'map',
      choices: flag.choices,
      completes: flag.completes,
    })),
    words: completes.map((names) => ({ completes: names })),
    repeats: true,
    below: [],
    goFlags: true,
  };
}
