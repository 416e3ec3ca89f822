import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edges } from '../../src/app/cli/edges.ts';
import { events } from '../../src/app/cli/events.ts';
import { top } from '../../src/app/cli/top.ts';
import { testIo } from '../commands/io.ts';
import { type AclApi, openAclApi, ROOT } from '../control/acl/acl-api.ts';
import { webAndPayments } from '../control/harness.ts';

describe('what ACLs keep back from a command', () => {
  let api: AclApi;
  beforeAll(async () => {
    api = await openAclApi();
    await api.plane.commit(webAndPayments);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const ioWith = (token?: string) =>
    testIo({ env: { CONSUL_HTTP_ADDR: api.address, ...(token === undefined ? {} : { CONSUL_HTTP_TOKEN: token }) } });

  it('is said, once, and beside the data', async () => {
    const io = ioWith();
    expect(await edges({ args: [], options: {} }, io)).toBe(0);
    expect(io.written.out).not.toContain('payments');
    expect(io.written.err).toBe(
      'note: this may not be all: the agent has ACLs, and no token was given (CONSUL_HTTP_TOKEN is the token that is asked with)\n',
    );
    const some = ioWith(await api.tokenWith('service "web" { policy = "read" } node_prefix "" { policy = "read" }'));
    expect(await edges({ args: [], options: {} }, some)).toBe(0);
    expect(some.written.err).toMatch(/^note: this is not all: the token may not read everything \(/);
    expect(some.written.err.split('\n')).toHaveLength(2);
    const several = ioWith();
    expect(await top({ args: [], options: { once: true, interval: '100ms', sort: 'rate' } }, several)).toBe(0);
    expect(several.written.err.match(/note:/g)).toHaveLength(1);
  });

  it('is nothing for a token that may read all', async () => {
    const io = ioWith(ROOT);
    expect(await edges({ args: [], options: {} }, io)).toBe(0);
    expect(io.written.out).toContain('payments');
    expect(io.written.err).toBe('');
  });

  it('is refused as a whole where the right is one of the agent, which is named', async () => {
    await expect(events({ args: [], options: {} }, ioWith())).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining("lacks permission 'operator:read'"),
      hint: 'CONSUL_HTTP_TOKEN is the token that is asked with',
    });
  });
});
