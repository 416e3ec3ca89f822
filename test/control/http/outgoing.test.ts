import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Outgoing } from '../../../src/control/http/outgoing.ts';

let outgoing: Outgoing;
const server = createServer((_, response) => outgoing.send(response, false));
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => void server.close(resolve)));

async function sent(headers: Record<string, string>, body: string | Buffer): Promise<{ value: unknown; body: string }> {
  outgoing = new Outgoing({ status: 200, headers, body }, { 'X-Own': 'always', Vary: 'Accept-Encoding' });
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage>((resolve) => get({ host: '127.0.0.1', port, agent: false }, resolve));
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const value = response.headers['x-own'];
  return { value: typeof value === 'string' ? Buffer.from(value, 'latin1').toString() : value, body: Buffer.concat(chunks).toString() };
}

// What a check prints ends up in X-Consul-Reason: whatever it is, it must not end the agent.
it.each([
  ['plain', 'plain'],
  ['two\r\nX-Injected: lines', 'two  X-Injected: lines'],
  ['\u0000\u001b[31mred\u007f', '[31mred'],
  ['tab\tand žlutý 🐎', 'tab\tand žlutý 🐎'],
])('a header that says %j', async (given, value) => {
  for (const body of ['ascii', 'žlutý 🐎', Buffer.from('bytes')]) {
    expect(await sent({ 'X-Own': given }, body)).toEqual({ value, body: body.toString() });
  }
});

it('what the answer says itself comes before what all say', async () => {
  expect(await sent({}, '')).toEqual({ value: 'always', body: '' });
});
