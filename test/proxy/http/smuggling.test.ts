import { METHODS } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { Mesh, PAYMENTS, WEB } from '../fixture/mesh.ts';
import { httpApp, RawClient } from '../fixture/sockets.ts';
import { readWithConnection } from '../http1/fuzz/connection.ts';
import { inputs } from '../http1/fuzz/messages.ts';
import type { Reading } from '../http1/fuzz/reading.ts';
import { seeded } from '../l7/world.ts';

const INPUTS = 400;
const AT_ONCE = 20;

/** Sends a stream as it is cut, and reads until all answers are there that its reading leads one to expect. */
async function play(mesh: Mesh, pieces: readonly Buffer[], { requests, fault }: Reading): Promise<void> {
  const client = await RawClient.connect(mesh.upstream);
  client.socket.setNoDelay(true);
  for (const piece of pieces) {
    client.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const wanted = requests.length + (fault === undefined ? 0 : 1);
  await client.until(({ text: got, ended }) => ended !== undefined || (got.match(/HTTP\/1\.1 [2-5]\d\d /g)?.length ?? 0) >= wanted);
  client.close();
}

it('two sidecars and a Node server behind them take the same bytes for the same requests', async () => {
  const seen: string[] = [];
  const app = await httpApp((req, res) => {
    void text(req.setEncoding('latin1')).then(
      (body) => {
        seen.push(JSON.stringify([req.method, req.url, body]));
        res.end();
      },
      () => undefined,
    );
  });
  const mesh = await Mesh.start({ app: app.at, protocol: 'http', inbound: { normalization: { keepPaths: true } } });
  const next = inputs(seeded(11));
  const expected: string[] = [];
  let refused = 0;
  const one = async (): Promise<void> => {
    const { pieces } = next();
    const reading = await readWithConnection(pieces);
    await play(mesh, pieces, reading);
    if (reading.fault !== undefined) refused++;
    // What Node knows no method for, it refuses; the sidecars leave that to the application.
    for (const { method, target, body } of reading.requests)
      if (METHODS.includes(method)) expected.push(JSON.stringify([method, target, body]));
  };
  for (let i = 0; i < INPUTS; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, one));
  expect(seen.sort()).toEqual(expected.sort());
  expect(expected.length).toBeGreaterThan(150);
  expect(refused).toBeGreaterThan(150);
  const first = mesh.client.stats().listeners[`${WEB}/outbound/payments`]!;
  const second = mesh.server.stats().listeners[`${PAYMENTS}/inbound`]!;
  // Nothing that the first has let through is refused by the second as a message.
  expect(second.requests - second.refusedRequests).toBeGreaterThanOrEqual(expected.length);
  expect(first.requests).toBeGreaterThan(second.requests);
  await mesh.close();
  await app.close();
});
