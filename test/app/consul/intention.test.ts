import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { intentionCommand } from '../../../src/app/consul/intention.ts';
import { openShell, type Shell } from './run.ts';

let shell: Shell;
beforeEach(async () => {
  shell = await openShell(intentionCommand);
});
afterEach(() => shell[Symbol.asyncDispose]());

const ok = (out: string) => ({ code: 0, out, err: '' });
const fails = (err: string, code = 1) => ({ code, out: '', err: `${err}\n` });

/** As the API gives it. */
async function idOf(source: string, destination: string): Promise<string> {
  const found = (await shell.api.call(`/v1/connect/intentions/exact?source=${source}&destination=${destination}`)).json;
  return (found as { readonly ID: string }).ID;
}

async function seed(): Promise<void> {
  await shell.run('create -deny web db');
  await shell.run('create -deny * db');
  await shell.run('create -allow web *');
}

describe('create', () => {
  it('says what it made, once', async () => {
    expect(await shell.run('create web db')).toEqual(ok('Created: web => db (allow)\n'));
    expect(shell.waited).toEqual([shell.api.address]);
    const id = await idOf('web', 'db');
    const duplicate = `Unexpected response code: 500 (duplicate intention found: ALLOW default/web => default/db (ID: ${id}, Precedence: 9))`;
    expect(await shell.run('create web db')).toEqual(fails(`Error creating intention "web => db (allow)": ${duplicate}`));
    expect(await shell.run('create -deny web db')).toEqual(fails(`Error creating intention "web => db (deny)": ${duplicate}`));
  });

  it('replaces without a word, and makes what is not there', async () => {
    await shell.run('create web db');
    expect(await shell.run('create -replace -deny web db')).toEqual(ok(''));
    expect(await shell.run('check web db')).toEqual({ code: 1, out: 'Denied\n', err: '' });
    expect(await shell.run('create -replace -deny web other')).toEqual(ok('Created: web => other (deny)\n'));
  });

  it('tells people which intention never decides', async () => {
    await shell.run('create * db');
    const told = 'warning: web => * (deny, precedence 6) never decides about calls of db: * => db (allow, precedence 8) comes first';
    expect((await shell.run('create -deny web *', { diagnostics: true })).err).toContain(told);
    expect((await shell.run('create -replace -deny web *', { diagnostics: true })).err).toContain(told);
    expect((await shell.run('create -replace -deny web *')).err).toBe('');
  });

  it('takes wildcards and metadata', async () => {
    expect(await shell.run('create -deny -meta a=b -meta c=d * db')).toEqual(ok('Created: * => db (deny)\n'));
    expect((await shell.run('get * db')).out).toContain('Meta[a]:      b\nMeta[c]:      d\n');
  });

  it('takes files, and standard input', async () => {
    await shell.file('one.json', '{"SourceName":"f1","DestinationName":"f2","Action":"allow"}');
    const stdin = () => Promise.resolve('{"SourceName":"f3","DestinationName":"f2","Action":"deny"}');
    expect(await shell.run('create -file one.json -', { stdin })).toEqual(ok('Created: f1 => f2 (allow)\nCreated: f3 => f2 (deny)\n'));
  });

  it.each([
    ['', 'Error: Must specify two arguments: source and destination'],
    ['web', 'Error: Must specify two arguments: source and destination'],
    ['a b c', 'Error: Must specify two arguments: source and destination'],
    ['-allow -deny web db', 'Only one of -allow or -deny may be specified.'],
    ['a/b/c/d db', "Error: Invalid intention source: input can contain at most two '/'"],
    ['-file bogus.json', 'Error: open bogus.json: no such file or directory'],
    ['-file bad.hcl', "Error: invalid character 'K' looking for beginning of value"],
    ['-file l7.json', `Error: cannot create L7 intention from file "l7.json" using this CLI; use 'consul config write' instead`],
  ])('create %s', async (words, err) => {
    await shell.file('bad.hcl', 'Kind = "x"');
    await shell.file('l7.json', '{"SourceName":"a","DestinationName":"b","Permissions":[{"Action":"allow"}]}');
    expect(await shell.run(`create ${words}`)).toEqual(fails(err));
    expect(shell.waited).toEqual([]);
  });
});

describe('check', () => {
  it('answers with its exit code', async () => {
    await seed();
    expect(await shell.run('check web db')).toEqual({ code: 1, out: 'Denied\n', err: '' });
    expect(await shell.run('check zzz db')).toEqual({ code: 1, out: 'Denied\n', err: '' });
    expect(await shell.run('check api other')).toEqual(ok('Allowed\n'));
  });

  it('has an exit code of its own for what could not be checked', async () => {
    expect(await shell.run('check')).toEqual(fails('Error: command requires exactly two arguments: src and dst', 2));
    expect((await shell.run('check -nope a b')).code).toBe(2);
    const ran = await shell.run('check web db', { env: { CONSUL_HTTP_ADDR: '127.0.0.1:1' } });
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(
      /^Error checking the connection: Get "http:\/\/127\.0\.0\.1:1\/v1\/connect\/intentions\/check\?destination=db&source=web&source-type=consul": dial tcp/,
    );
  });
});

describe('match', () => {
  it('lists in the order in which they decide', async () => {
    await seed();
    const all = ok('web => db (deny)\n* => db (deny)\nweb => * (allow)\n');
    expect(await shell.run('match db')).toEqual(all);
    expect(await shell.run('match -source web')).toEqual(all);
    expect(await shell.run('match -destination web')).toEqual(ok('web => * (allow)\n'));
    expect(await shell.run('match')).toEqual(fails('Error: command requires exactly one argument: src or dst'));
    expect(await shell.run('match -source -destination web')).toEqual(fails('Error: only one of -source or -destination may be specified'));
  });
});

describe('list', () => {
  it('is a table, without ids for those of config entries', async () => {
    await seed();
    const id = await idOf('web', 'db');
    const body = { Kind: 'service-intentions', Name: '*', Sources: [{ Name: 'web', Action: 'allow' }] };
    await shell.api.call('/v1/config', { method: 'PUT', body });
    expect(await shell.run('list')).toEqual(
      ok(
        [
          'ID                                    Source  Action  Destination  Precedence',
          `${id}  web     deny    db           9`,
          `${await idOf('*', 'db')}  *       deny    db           8`,
          '                                      web     allow   *            6',
          '',
        ].join('\n'),
      ),
    );
  });

  it('says that there are none', async () => {
    expect(await shell.run('list')).toEqual(fails('There are no intentions.', 2));
  });
});

describe('get', () => {
  it('shows one, by its names or its id', async () => {
    await shell.run('create -deny web db');
    const id = await idOf('web', 'db');
    const shown = await shell.run('get web db');
    expect(shown.out.replace(/\w+day, \d\d-\w{3}-\d\d [\d:]{8} UTC/, 'TIME')).toBe(
      `Source:       web\nDestination:  db\nAction:       deny\nID:           ${id}\nCreated At:   TIME\n`,
    );
    expect(await shell.run(`get ${id}`)).toEqual(shown);
  });

  it.each([
    ['', 'Error: command requires exactly 1 or 2 arguments'],
    ['nope db', 'Intention not found with source "nope" and destination "db"'],
    ['1234', 'Error reading the intention: Unexpected response 400: failed intention lookup: index error: UUID must be 36 characters'],
    ['11111111-1111-1111-1111-111111111111', 'Intention not found with ID "11111111-1111-1111-1111-111111111111"'],
  ])('get %s', async (words, err) => {
    expect(await shell.run(`get ${words}`)).toEqual(fails(err));
  });
});

describe('delete', () => {
  it('deletes what is there and what is not', async () => {
    await seed();
    expect(await shell.run('delete web db')).toEqual(ok('Intention deleted.\n'));
    expect(await shell.run('delete web db')).toEqual(ok('Intention deleted.\n'));
    expect((await shell.run('match db')).out).toBe('* => db (deny)\nweb => * (allow)\n');
    expect(await shell.run('delete')).toEqual(fails('Error: command requires exactly 1 or 2 arguments'));
  });
});
