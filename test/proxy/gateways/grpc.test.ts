import { Client, credentials, Metadata, Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../free-ports.ts';
import { GatewayWorld } from './world.ts';

const asIs = (value: Buffer): Buffer => value;
const method = (path: string, responseStream: boolean) => ({
  path,
  requestStream: false,
  responseStream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});
const UNARY = '/test.Echo/Unary';
const COUNT = '/test.Echo/Count';

let world: GatewayWorld;
let server: Server;
let port: number;
const clients: Client[] = [];

beforeAll(async () => {
  world = await GatewayWorld.start();
  server = new Server();
  server.addService(
    { unary: method(UNARY, false), count: method(COUNT, true) },
    {
      unary: (call: { request: Buffer }, done: (error: Partial<ServiceError> | null, value?: Buffer) => void) =>
        call.request.length > 0 ? done(null, call.request) : done({ code: status.FAILED_PRECONDITION, details: 'nothing to say' }),
      count: (call: { request: Buffer; write: (part: Buffer) => void; end: (trailers: Metadata) => void }) => {
        for (let i = 1; i <= Number(call.request.toString()); i++) call.write(Buffer.from(String(i)));
        const trailers = new Metadata();
        trailers.set('x-counted', call.request.toString());
        call.end(trailers);
      },
    },
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) => (error ? reject(error) : resolve(at)));
  });
  [port] = (await freePorts(1)) as [number];
  await world.write({ Kind: 'service-defaults', Name: 'echo', Protocol: 'grpc' });
  await world.serve('echo', { at: { address: '127.0.0.1', port: bound }, close: () => Promise.resolve(server.forceShutdown()) });
  await world.gateway('ingress-gateway', 'front', { Address: '127.0.0.1' });
  const Services = [{ Name: 'echo', Hosts: ['echo.example.com'] }];
  await world.write({ Kind: 'ingress-gateway', Name: 'front', Listeners: [{ Port: port, Protocol: 'grpc', Services }] });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await world[Symbol.asyncDispose]();
});

function clientOf(authority: string): Client {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.default_authority': authority });
  clients.push(client);
  return client;
}

const unary = (client: Client, said: string): Promise<string> =>
  new Promise((resolve, reject) => {
    client.makeUnaryRequest(UNARY, asIs, asIs, Buffer.from(said), (error, value) => (error ? reject(error) : resolve(String(value))));
  });

describe('gRPC through an ingress gateway', () => {
  it('reaches the service by its host, with the status that it ends with', async () => {
    const client = clientOf('echo.example.com');
    expect(await unary(client, 'hello')).toBe('hello');
    await expect(unary(client, '')).rejects.toMatchObject({ code: status.FAILED_PRECONDITION, details: 'nothing to say' });
  });

  it('streams, and ends with trailers', async () => {
    const call = clientOf('echo.example.com').makeServerStreamRequest(COUNT, asIs, asIs, Buffer.from('3'));
    const ended = new Promise<Metadata>((resolve) => {
      call.on('status', ({ metadata }) => resolve(metadata));
    });
    const parts: string[] = [];
    for await (const part of call) parts.push(String(part));
    expect(parts).toEqual(['1', '2', '3']);
    expect((await ended).get('x-counted')).toEqual(['3']);
  });

  it('is refused as gRPC is: for a host that nobody has, and by intentions', async () => {
    await expect(unary(clientOf('nobody.example.com'), 'hello')).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
    const Sources = [{ Name: 'front', Permissions: [{ Action: 'deny', HTTP: { PathExact: UNARY } }] }];
    await world.write({ Kind: 'service-intentions', Name: 'echo', Sources });
    await expect(unary(clientOf('echo.example.com'), 'hello')).rejects.toMatchObject({ code: status.PERMISSION_DENIED });
  });
});
