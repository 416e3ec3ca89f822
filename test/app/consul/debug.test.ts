import { execFileSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { redact, redactText } from '../../../src/app/consul/debug/redact.ts';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi } from '../../control/http/api.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

it('no secret goes into an archive', () => {
  expect(
    redact({
      Config: { NodeName: 'a', ACLToken: 'x', ACLTokenTTL: '30s', EncryptKey: 'y', EncryptVerifyIncoming: true, KeyFile: '/k.pem' },
      Tokens: { agent: 'z', default: '' },
      Url: 'https://me:pass@host/path',
      List: [{ password: 'p' }, 'plain'],
      Pem: '-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----\n',
    }),
  ).toEqual({
    Config: { NodeName: 'a', ACLToken: 'hidden', ACLTokenTTL: '30s', EncryptKey: 'hidden', EncryptVerifyIncoming: true, KeyFile: '/k.pem' },
    Tokens: { agent: 'hidden', default: '' },
    Url: 'https://hidden@host/path',
    List: [{ password: 'hidden' }, 'plain'],
    Pem: 'hidden\n',
  });
  expect(redactText('GET /v1/kv/x?token=abc&dc=1 X-Consul-Token: def Authorization: Bearer ghi')).toBe(
    'GET /v1/kv/x?token=hidden&dc=1 X-Consul-Token: hidden Authorization: hidden',
  );
});

it('debug watches an agent and writes one archive', async () => {
  const api = await openTestApi();
  onTestFinished(() => api[Symbol.asyncDispose]());
  const cwd = temporaryFolder();
  const io = testIo({ cwd, env: { CONSUL_HTTP_ADDR: api.address } });
  expect(
    await runConsul(
      ['debug', '-duration', '20ms', '-interval', '10ms', '-capture', 'agent', '-capture', 'members', '-output', 'out'],
      io,
      'consul',
    ),
  ).toBe(0);
  expect(io.written.out).toMatch(/^==> Starting debugger and capturing static information\.\.\.\n {5}Agent Version: '.*'\n/);
  expect(io.written.out).toMatch(
    /==> Beginning capture interval .* \(1\)\n==> Capture successful .* \(1\)\n==> Saved debug archive: out\.tar\.gz\n$/,
  );
  const names = execFileSync('tar', ['tzf', 'out.tar.gz'], { cwd }).toString().trim().split('\n');
  expect(names).toContain('out/agent.json');
  expect(names).toContain('out/index.json');
  const self = execFileSync('tar', ['xzOf', 'out.tar.gz', 'out/agent.json'], { cwd }).toString();
  expect(JSON.parse(self)).toMatchObject({ Config: { NodeName: 'local' } });
  expect(await runConsul(['debug', '-capture', 'nosuch'], io, 'consul')).toBe(1);
  expect(io.written.err).toContain('Capture validation failed: capture target not found: nosuch\n');
});
