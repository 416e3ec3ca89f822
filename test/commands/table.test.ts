import { Option as CommanderOption } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/table.ts';
import { everyCommand } from './every.ts';

const all = everyCommand();

/** Of Consul's groups, as `mesh` calls them. */
const CONSUL_WORDS = ['config validate', 'config lint', 'intention create'];

/** The words of the first `mesh …` in an example, without what the shell does to them. */
function wordsOf(example: string): string[] {
  const simple = example.replace(/^(\w+=(\$\([^)]*\)|\S*) )*/, '').split(' | ')[0]!;
  return simple.split(' ');
}

function flagsOf(command: (typeof all)[number]['command']): CommanderOption[] {
  return (command.options ?? []).map(({ flags, doc }) => new CommanderOption(flags, doc));
}

describe.each(all)('mesh $path', ({ path, command }) => {
  it('has an example, and each example is a call of it or of what is below it', () => {
    expect(command.examples.length).toBeGreaterThan(0);
    const [top] = path.split(' ');
    for (const [example] of command.examples) expect(wordsOf(example).slice(0, 2)).toEqual(['mesh', top]);
  });

  it('has examples that parse: known options, no more words than arguments, none that is required missing', () => {
    for (const [example] of command.examples) {
      const words = wordsOf(example).slice(2);
      const sub = command.subcommands?.find(({ name }) => name === words[0]);
      const target = sub ?? command;
      if (target.grammar === 'consul') continue;
      const below = path.includes(' ') || sub ? words.slice(1) : words;
      const positional: string[] = [];
      for (let i = 0; i < below.length; i++) {
        const word = below[i]!;
        if (word === '--') {
          positional.push(...below.slice(i + 1));
          break;
        }
        const option = flagsOf(target).find((candidate) => candidate.short === word || candidate.long === word);
        if (word.startsWith('-')) expect(option, `${word} in ${example}`).toBeDefined();
        else positional.push(word);
        if (option && !option.isBoolean()) i++;
      }
      const args = target.args ?? [];
      expect(positional.length, example).toBeGreaterThanOrEqual(args.filter((arg) => arg.required).length);
      if (!args.some((arg) => arg.variadic)) expect(positional.length, example).toBeLessThanOrEqual(args.length);
    }
  });

  it('says what it does in a line that needs no full stop, and so do its options', () => {
    const docs = [command.summary, ...(command.options ?? []).map(({ doc }) => doc), ...(command.args ?? []).map(({ doc }) => doc)];
    for (const doc of docs) expect(doc).toMatch(/^\S.*[^.\s]$/);
  });

  it('points at commands that there are, and to exit codes once', () => {
    const known = new Set([...all.map((one) => one.path), ...CONSUL_WORDS]);
    for (const name of command.see ?? []) expect([name, known.has(name)]).toEqual([name, true]);
    const codes = (command.exits ?? []).map(([code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('names its options once, and gives those with a value a way to be absent', () => {
    const options = flagsOf(command);
    const names = options.flatMap(({ short, long }) => [short, long]).filter((name) => name !== undefined);
    expect(new Set(names).size).toBe(names.length);
    for (const option of options) expect(option.long, option.flags).toMatch(/^--[a-z][a-z-]*$/);
  });

  it('has its code, or commands below it', async () => {
    if (!command.load) expect(command.subcommands?.length).toBeGreaterThan(0);
    else expect(await command.load()).toBeTypeOf('function');
  });
});

it('has no two commands of one name or alias', () => {
  const names = COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set([...names, 'help']).size).toBe(names.length + 1);
});
