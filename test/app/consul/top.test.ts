import { describe, expect, it } from 'vitest';
import { CONSUL_NAMES } from '../../../src/app/consul/names.ts';
import { CONSUL_COMMANDS } from '../../../src/app/consul/table.ts';
import { runConsul } from '../../../src/app/consul/top.ts';
import { VERSION } from '../../../src/app/version.ts';
import { OF_CONSUL } from '../../../src/commands/of-consul.ts';
import { testIo } from '../../commands/io.ts';

async function consul(...argv: string[]) {
  const io = testIo();
  const code = await runConsul(argv, io, 'consul');
  return { code, ...io.written };
}

/** Under these names mesh has commands of its own. */
const OWN = new Set(['agent', 'exec', 'validate', 'version']);

describe('the table of commands', () => {
  const names = Object.keys(CONSUL_COMMANDS);

  it('is what main.ts hands on, and what the help of mesh shows, but for the names that mesh has itself', () => {
    const shared = names.filter((name) => !OWN.has(name));
    expect([...CONSUL_NAMES].sort()).toEqual(shared);
    expect(OF_CONSUL.map(({ name }) => name).sort()).toEqual(shared);
  });

  it('is sorted, and says what each does in a line', () => {
    expect(names).toEqual(names.toSorted());
    for (const { synopsis } of Object.values(CONSUL_COMMANDS)) expect(synopsis).toMatch(/^[A-Z].*[^.]$/);
  });

  it.each(Object.entries(CONSUL_COMMANDS))('%s explains itself, and has that name', async (name, top) => {
    const entry = await top.load();
    expect(entry.name).toBe(name);
    const { code, out, err } = await consul(name, '-h');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^Usage: consul ${name} `));
    expect(out).not.toContain('undefined');
  });

  it.each(Object.entries(CONSUL_COMMANDS))(
    'each command below %s has its whole name, an example of itself, and flags of one name',
    async (_, top) => {
      const visit = async (entry: Awaited<ReturnType<typeof top.load>>): Promise<void> => {
        if ('commands' in entry) {
          for (const [word, load] of Object.entries(entry.commands)) {
            const below = await load();
            expect(below.name).toBe(`${entry.name} ${word}`);
            expect(below.synopsis, below.name).toMatch(/\S/);
            await visit(below);
          }
          return;
        }
        expect(
          entry.examples.some((example) => example.includes(entry.name)),
          entry.name,
        ).toBe(true);
        expect(new Set(entry.flags.map(({ name }) => name)).size, entry.name).toBe(entry.flags.length);
      };
      await visit(await top.load());
    },
  );
});

describe('what is no command', () => {
  it.each([[[]], [['nosuch']], [['nosuch', '-h']], [['--', 'kv']], [['-bogus']], [['toString']]])(
    '%j: all commands, on standard error',
    async (argv) => {
      const { code, out, err } = await consul(...argv);
      expect([code, out]).toEqual([127, '']);
      expect(err).toMatch(/^Usage: consul \[--version\] \[--help\] <command> \[<args>\]\n\nAvailable commands are:\n/);
      expect(err).toMatch(/\n {4}config +\S.*\n/);
      expect(err.endsWith('\n\n')).toBe(true);
    },
  );

  it.each(['-h', '-help', '--help'])('%s: the same, on standard output', async (word) => {
    const { code, out, err } = await consul(word);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe((await consul('nosuch')).err);
  });

  it('flags before a command', async () => {
    const err = 'Invalid flags before the subcommand. If these flags are for\nthe subcommand, please put them after the subcommand.\n\n';
    expect(await consul('-bogus', 'config', 'list')).toEqual({ code: 1, out: '', err });
    expect(await consul('-h', 'config', 'list')).toEqual(await consul('config', '-h'));
  });
});

describe('a group', () => {
  it.each([[['config']], [['config', 'nosuch']], [['config', 'toString']]])('%j: its commands, on standard error', async (argv) => {
    const { code, out, err } = await consul(...argv);
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe((await consul('config', '-h')).out);
    expect(err).toMatch(/\nSubcommands:\n(?: {4}\w+ {2,}\S.*\n)* {4}delete {4}/);
  });
});

describe('version', () => {
  it.each([[['version']], [['-version']], [['--version']], [['-v']], [['-v', 'config', 'list']], [['version', 'extra']]])(
    '%j',
    async (argv) => {
      const { code, out, err } = await consul(...argv);
      expect([code, err]).toEqual([0, '']);
      expect(out.split('\n').slice(0, 2)).toEqual(['Consul v1.21.0', `Revision mesh ${VERSION}`]);
      expect(out.endsWith('\n\n')).toBe(true);
    },
  );

  it('as JSON', async () => {
    const { out } = await consul('version', '-format=json');
    expect(JSON.parse(out)).toEqual({
      Version: '1.21.0',
      Revision: `mesh ${VERSION}`,
      Prerelease: '',
      RPC: { Default: 2, Min: 2, Max: 3 },
    });
    expect(await consul('version', '-format=x')).toEqual({ code: 1, out: '', err: 'Unknown format: x\n' });
  });
});

describe('-compat', () => {
  it('stands before the command, and chooses the texts of 1.8', async () => {
    expect((await consul('acl', 'token', 'read')).err).toBe('Must specify the -accessor-id parameter\n');
    expect((await consul('-compat', '1.8', 'acl', 'token', 'read')).err).toBe('Must specify the -id parameter\n');
    expect((await consul('-compat=newer', 'acl', 'token', 'read')).err).toBe('Must specify the -accessor-id parameter\n');
    const err = '-compat can\'t be "1.7": expected 1.8 or newer\n';
    expect(await consul('-compat', '1.7', 'acl')).toEqual({ code: 1, out: '', err });
  });
});
