import { afterAll, beforeAll, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';
import { openTestApi, type TestApi } from '../../control/http/api.ts';

/** What newer versions of Consul print, which is the default; the older texts are replayed from transcripts. */
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ nodeName: 'n1' });
  const web = { Name: 'web', Port: 80, Connect: { SidecarService: {} } };
  await api.call('/v1/agent/service/register', { method: 'PUT', body: web });
});
afterAll(() => api[Symbol.asyncDispose]());

async function lines(line: string): Promise<string[]> {
  const io = testIo({ env: { CONSUL_HTTP_ADDR: api.address } });
  expect(await runConsul(line.split(' '), io, 'mesh')).toBe(0);
  expect(io.written.err).toBe('');
  return io.written.out.split('\n');
}

it.each([
  [
    'members',
    /^Node {2}Address +Status {2}Type +Build +Protocol {2}DC +Partition {2}Segment$/,
    /^n1 +127\.0\.0\.1:\d+ +alive +server +[\d.]+ +2 +dc1 +default +<all>$/,
  ],
  [
    'operator raft list-peers',
    /^Node {2}ID +Address +State +Voter {2}RaftProtocol {2}Commit Index {2}Trails Leader By$/,
    /^n1 +[\da-f-]{36} +127\.0\.0\.1:\d+ +leader +true +3 +\d+ +_$/,
  ],
])('%s', async (line, head, row) => {
  const said = await lines(line);
  expect(said[0]).toMatch(head);
  expect(said[1]).toMatch(row);
});

it('operator usage instances', async () => {
  const said = await lines('operator usage instances');
  expect(said.slice(0, 5)).toEqual([
    expect.stringMatching(/^Billable Service Instances Total: \d+$/),
    expect.stringMatching(/^dc1 Billable Service Instances: \d+$/),
    '',
    'Billable Services',
    'Services      Service instances',
  ]);
  const at = said.indexOf('Connect Services');
  expect(said[at + 1]).toBe('Type                     Service instances');
  expect(said.slice(at)).toContainEqual(expect.stringMatching(/^connect-proxy +1$/));
  expect((await lines('operator usage instances -all-datacenters -connect')).at(-2)).toMatch(/^Total +1$/);
});

it('operator autopilot state', async () => {
  const said = await lines('operator autopilot state');
  expect(said.slice(0, 5)).toEqual([
    'Healthy:                      true',
    'Failure Tolerance:            0',
    'Optimistic Failure Tolerance: 0',
    expect.stringMatching(/^Leader: {23}[\da-f-]{36}$/),
    'Voters:',
  ]);
});
