import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configCommand } from '../../../src/app/consul/config.ts';
import { openShell, type Shell } from './run.ts';

let shell: Shell;
beforeAll(async () => {
  shell = await openShell(configCommand);
  await shell.file('shop/defaults/web.hcl', 'Kind = "service-defaults"\nName = "web"\nProtocol = "http"\n');
  await shell.file('shop/defaults/.hidden.hcl', 'Kind = "nope"');
  await shell.file('shop/notes.txt', 'nothing');
  await shell.file('shop/agent.hcl', 'config_entries { bootstrap = [{ kind = "service-defaults" name = "api" protocol = "http" }] }');
  await shell.file(
    'shop/routes.hcl',
    'service-router "web" {\n  routes = [{ destination { service = "api" } }]\n}\nservice_resolver "api" { connect_timeout = "3s" }\n',
  );
  await shell.file(
    'shop/db.json',
    '[{"Kind":"service-defaults","Name":"db"},{"Kind":"service-intentions","Name":"db","Sources":[{"Name":"api","Action":"allow"}]}]',
  );
});
afterAll(() => shell[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const name of ['service-intentions -name db', 'service-router -name web', 'service-resolver -name api'])
    await shell.run(`delete -kind ${name}`);
  for (const name of ['web', 'api', 'db']) await shell.run(`delete -kind service-defaults -name ${name}`);
});

const stdin = (text: string) => ({ stdin: () => Promise.resolve(text) });
const ALL =
  '+ service-defaults/api\n+ service-defaults/db\n+ service-defaults/web\n+ service-resolver/api\n+ service-router/web\n+ service-intentions/db\n';

describe('apply', () => {
  it('reads a folder in every form, and writes all of it', async () => {
    const { code, out, err } = await shell.run('apply shop');
    expect([code, out.replace(/index \d+/, 'index N'), err]).toEqual([0, `${ALL}6 created (index N)\n`, '']);
    expect((await shell.run('apply shop')).out).toMatch(/^6 unchanged \(index \d+\)\n$/);
    expect(shell.waited.length).toBeGreaterThan(0);
  });

  it('shows what would change, field by field', async () => {
    await shell.run('apply shop');
    const changed =
      'Kind = "service-resolver"\nName = "api"\nRequestTimeout = "1s"\n---\nkind = "service-defaults"\nname = "new"\nprotocol = "http"\n';
    const ran = await shell.run('diff -detailed-exitcode -', stdin(changed));
    expect(ran).toEqual({
      code: 10,
      out: [
        '+ service-defaults/new',
        '    + Protocol: "http"',
        '~ service-resolver/api',
        '    - ConnectTimeout: "3s"',
        '    + RequestTimeout: "1s"',
        '1 created, 1 updated (nothing was written)\n',
      ].join('\n'),
      err: '',
    });
    expect((await shell.run('read -kind service-defaults -name new')).code).toBe(1);
    expect((await shell.run('diff -detailed-exitcode shop')).code).toBe(0);
  });

  it('tells what entries do together', async () => {
    const db = '{"Kind":"service-intentions","Name":"db","Sources":[{"Name":"*","Action":"allow"}]}';
    const all = '{"Kind":"service-intentions","Name":"*","Sources":[{"Name":"web","Action":"deny"}]}';
    const first = '* => db (allow, precedence 8)';
    const told = `warning: web => * (deny, precedence 6) never decides about calls of db: ${first} comes first`;
    const both = { ...stdin(`[${db},${all}]`), diagnostics: true };
    expect((await shell.run('apply -dry-run -', both)).err).toContain(told);
    expect((await shell.run('apply -', both)).err).toContain(told);
    expect((await shell.run('write -', { ...stdin(all), diagnostics: true })).err).toContain(told);
    expect((await shell.run('write -', stdin(all))).err).toBe('');
    await shell.run('delete -kind service-intentions -name *');
  });

  it('prunes what the set does not name any more', async () => {
    await shell.run('apply -set shop shop');
    const web = stdin('Kind = "service-defaults"\nName = "web"\nProtocol = "http"');
    expect((await shell.run('apply -set shop -prune -dry-run -', web)).out).toBe(
      '- service-intentions/db\n- service-router/web\n- service-resolver/api\n- service-defaults/api\n- service-defaults/db\n5 deleted, 1 unchanged (nothing was written)\n',
    );
    await shell.run('apply -set shop -prune -', web);
    expect((await shell.run('list -kind service-defaults')).out).toBe('web\n');
  });

  it('prints JSON', async () => {
    const ran = await shell.run('apply -json -', stdin('Kind = "service-defaults"\nName = "web"'));
    expect(JSON.parse(ran.out)).toMatchObject({ Applied: true, Atomic: true, Changes: [{ action: 'create', name: 'web' }] });
  });

  it.each([
    ['', '', 'Must provide at least one file or folder with config entries, or - for standard input'],
    ['nope', '', 'Failed to load data: Failed to read file: open nope: no such file or directory'],
    ['-', 'service { name = "web" }', '<stdin>: there is no config entry in it'],
    ['-', 'Kind = "service-defaults', '<stdin>: At 1:25: literal not terminated'],
    [
      '-',
      '[{"Kind":"service-splitter","Name":"x"}, {"Kind":"bogus"}]',
      '<stdin>: no splits configured\n<stdin>: invalid config entry kind: bogus',
    ],
    ['-', 'service-defaults "web" {}\nservice-defaults "Web" {}', '<stdin>: service-defaults/Web is there twice'],
    [
      '-',
      'service-router "web" {}',
      'Error applying config entries: Unexpected response code: 500 (discovery chain "web" uses a protocol "tcp" that does not permit advanced routing or splitting behavior)',
    ],
  ])('refuses %s %j', async (words, text, err) => {
    expect(await shell.run(`apply ${words}`, stdin(text))).toEqual({ code: 1, out: '', err: `${err}\n` });
  });

  it('points into the document that is wrong', async () => {
    const text = 'Kind = "service-defaults"\nName = "web"\n---\nKind = "service-defaults"\nName = "api"\nProtocl = "http"\n';
    const ran = await shell.run('validate -', { ...stdin(text), diagnostics: true });
    expect(ran.err).toContain('<stdin>:6:1: error: invalid config key "Protocl"');
  });
});

describe('validate', () => {
  it('needs no agent', async () => {
    const env = { CONSUL_HTTP_ADDR: '127.0.0.1:1' };
    expect(await shell.run('validate shop', { env })).toEqual({ code: 0, out: '6 config entries are valid\n', err: '' });
  });
});

describe('delete', () => {
  it('takes the names from a file', async () => {
    await shell.run('write shop/defaults/web.hcl');
    expect((await shell.run('delete -filename shop/defaults/web.hcl')).out).toBe('Config entry deleted: service-defaults/web\n');
    const both = "filename can't be used with kind or name\n";
    expect((await shell.run('delete -filename shop/defaults/web.hcl -kind mesh')).err).toBe(both);
  });
});

describe('list', () => {
  it('narrows', async () => {
    await shell.run('apply shop');
    expect((await shell.run(['list', '-kind', 'service-defaults', '-filter', 'Protocol == http'])).out).toBe('api\nweb\n');
  });
});

/** A Consul server, as far as this command sees it: it has no write of many entries. What it takes comes from the real agent. */
describe('an agent without a write of many entries', () => {
  let server: Server;
  let env: Record<string, string>;
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.url === '/v1/config/apply') {
          response.writeHead(405, { Allow: 'OPTIONS,GET,DELETE' }).end('method PUT not allowed');
          return;
        }
        void shell.api
          .call(request.url!, { method: request.method!, ...(chunks.length > 0 ? { body: Buffer.concat(chunks).toString() } : {}) })
          .then((reply) => {
            response.writeHead(reply.status).end(reply.text);
          });
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    env = { CONSUL_HTTP_ADDR: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('gets one entry after the other, which is said', async () => {
    const ran = await shell.run('apply shop', { env });
    expect(ran).toEqual({
      code: 0,
      out: `${ALL}6 created\n`,
      err: 'this agent has no write of many entries: they were written one after the other\n',
    });
    expect((await shell.run('diff shop', { env })).out).toBe('6 unchanged (nothing was written)\n');
  });

  it('says how far it came', async () => {
    const text = 'service-defaults "web" {}\nservice-router "web" {}';
    const ran = await shell.run('apply -', { ...stdin(text), env });
    expect(ran.err).toBe(
      'Error writing config entry service-router/web: Unexpected response code: 500 (discovery chain "web" uses a protocol "tcp" that does not permit advanced routing or splitting behavior)\nwritten before it, and staying so: service-defaults/web\n',
    );
  });

  it('prunes', async () => {
    await shell.run('apply -prune shop', { env });
    const ran = await shell.run('apply -prune -', { ...stdin('service-defaults "web" { protocol = "http" }'), env });
    expect(ran.out).toMatch(/5 deleted, 1 unchanged\n$/);
  });
});
