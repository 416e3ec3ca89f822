import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import { Http2Client } from '../fixture/http2.ts';
import { EntryWorld } from '../l7/entry-world.ts';

type App = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

const GRPC = { 'content-type': 'application/grpc' };
/** What an answer of gRPC without messages is: a status in its head. */
const fails =
  (code: number): App =>
  (stream) =>
    stream.respond({ ':status': 200, ...GRPC, 'grpc-status': code }, { endStream: true });
const answers =
  (status: number): App =>
  (stream) =>
    stream.respond({ ':status': status }, { endStream: true });
const failsInTrailers: App = (stream) => {
  stream.respond({ ':status': 200, ...GRPC }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '14' }));
  stream.end('part');
};

let world: EntryWorld;
let client: Http2Client;
afterEach(async () => {
  client.close();
  await world.close();
});

/** How many of five calls an instance gets that two failures in a row eject. */
async function served(protocol: string, http2: App, headers: Record<string, string>): Promise<number> {
  world = await EntryWorld.start({ protocol, instances: { one: { of: 'payments', http2 } }, upstreams: ['payments'] });
  const Defaults = { PassiveHealthCheck: { MaxFailures: 2 } };
  await world.write('service-defaults', 'web', { Protocol: 'http', UpstreamConfig: { Defaults } });
  client = new Http2Client(world.at('payments'));
  for (let i = 0; i < 5; i++) await client.call({ ':path': '/Pay/Now', ':method': 'POST', ...headers }, '');
  return world.inbound('one').requests;
}

describe('ejection by answers of HTTP/2', () => {
  it.each<[string, string, App, Record<string, string>, number]>([
    ['UNAVAILABLE', 'grpc', fails(14), GRPC, 2],
    ['INTERNAL', 'grpc', fails(13), GRPC, 2],
    ['NOT_FOUND, which is no failure of the instance', 'grpc', fails(5), GRPC, 5],
    ['UNAVAILABLE to what is no call of gRPC', 'grpc', fails(14), {}, 5],
    ['UNAVAILABLE after a message, as in Envoy', 'grpc', failsInTrailers, GRPC, 5],
    ['500', 'http2', answers(500), {}, 2],
    ['404', 'http2', answers(404), {}, 5],
    ['resets', 'http2', (stream) => stream.close(2), {}, 2],
  ])('%s', async (_, protocol, app, headers, expected) => {
    expect(await served(protocol, app, headers)).toBe(expected);
  });
});
