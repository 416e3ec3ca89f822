import type { Completed, Spec, SpecOption } from './spec.ts';

/** What the cursor stands at. */
export interface Place {
  readonly at:
    | { readonly type: 'option'; readonly offered: readonly SpecOption[] }
    /** `prefix`: what of the word is no value: `-kind=`. */
    | { readonly type: 'value'; readonly of: SpecOption; readonly prefix: string }
    | { readonly type: 'word'; readonly of: Completed; readonly first: boolean };
  /** Words that are no options, before the cursor. */
  readonly args: readonly string[];
  /** Values of options, by name without dashes. */
  readonly values: ReadonlyMap<string, string>;
}

/** Reads what stands behind the name of a command, up to the word at the cursor. Unknown options are passed over. */
export function placeIn(spec: Spec, before: readonly string[], last: string): Place {
  const args: string[] = [];
  const values = new Map<string, string>();
  const used = new Set<SpecOption>();
  const named = (name: string) => spec.options.find(({ names }) => names.includes(name));
  let onlyWords = false;
  let pending: SpecOption | undefined;
  for (const word of before) {
    if (pending) {
      set(values, pending, word);
      pending = undefined;
    } else if (!onlyWords && word === '--') onlyWords = true;
    else if (!onlyWords && word.startsWith('-') && word !== '-') {
      const [, name = '', value] = /^(-[^=]*)(?:=(.*))?$/s.exec(word) ?? [];
      const option = named(name);
      if (!option) continue;
      used.add(option);
      if (value !== undefined) set(values, option, value);
      else if (option.takesValue) pending = option;
    } else {
      args.push(word);
      if (spec.goFlags) onlyWords = true;
    }
  }
  const place = (at: Place['at']): Place => ({ at, args, values });
  if (pending) return place({ type: 'value', of: pending, prefix: '' });
  if (!onlyWords && last.startsWith('-')) {
    const [, name, equals] = /^(-[^=]*)(=)?/.exec(last) ?? [];
    const option = equals === undefined ? undefined : named(name ?? '');
    if (option?.takesValue) return place({ type: 'value', of: option, prefix: `${name}=` });
    return place({ type: 'option', offered: spec.options.filter((one) => one.repeatable || !used.has(one)) });
  }
  const beyond = args.length >= spec.words.length;
  const of = beyond ? (spec.repeats ? spec.words.at(-1) : undefined) : spec.words[args.length];
  return place({ type: 'word', of: of ?? {}, first: args.length === 0 });
}

function set(values: Map<string, string>, { names }: SpecOption, value: string): void {
  values.set(names[0]!.replace(/^-+/, ''), value);
}
