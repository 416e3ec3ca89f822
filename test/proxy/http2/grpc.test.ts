import { once } from 'node:events';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type StatusObject,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import type { RouteAction } from '../../../src/compile/proxy-config.ts';
import { CLUSTER, Mesh, type MeshOptions } from '../fixture/mesh.ts';

const text = (value: string): Buffer => Buffer.from(value);
const asIs = (value: Buffer): Buffer => value;
const method = (name: string, requestStream: boolean, responseStream: boolean) => ({
  path: `/test.Echo/${name}`,
  requestStream,
  responseStream,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
});
const SERVICE = {
  unary: method('Unary', false, false),
  collect: method('Collect', true, false),
  count: method('Count', false, true),
  chat: method('Chat', true, true),
};

type Unary = (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => void;

let calls = 0;
const echo: Unary = (call, done) => done(null, call.request, new Metadata());
const METHODS = {
  collect: (call: ServerReadableStream<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
    const parts: string[] = [];
    call.on('data', (part: Buffer) => parts.push(part.toString()));
    call.on('end', () => done(null, text(parts.join(','))));
  },
  count: (call: ServerWritableStream<Buffer, Buffer>) => {
    for (let i = 1; i <= Number(call.request.toString()); i++) call.write(text(String(i)));
    call.end();
  },
  chat: (call: ServerDuplexStream<Buffer, Buffer>) => {
    call.on('data', (part: Buffer) => call.write(text(`you said ${part.toString()}`)));
    call.on('end', () => call.end());
  },
};

let server: Server;
let mesh: Mesh;
let client: Client;

async function start(unary: Unary = echo, options: MeshOptions = {}): Promise<void> {
  calls = 0;
  server = new Server();
  const counted: Unary = (call, done) => {
    calls++;
    unary(call, done);
  };
  server.addService(SERVICE, { ...METHODS, unary: counted });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  mesh = await Mesh.start({ app: { address: '127.0.0.1', port }, protocol: 'grpc', ...options });
  client = new Client(`${mesh.upstream.address}:${mesh.upstream.port}`, credentials.createInsecure());
}

afterEach(async () => {
  client.close();
  await mesh.close();
  server.forceShutdown();
});

/** A call of the unary method: its answer, or the error that it got. */
function unary(body: string, deadlineMs = 10_000): Promise<string | ServiceError> {
  return new Promise((resolve) => {
    const deadline = Date.now() + deadlineMs;
    client.makeUnaryRequest(SERVICE.unary.path, asIs, asIs, text(body), new Metadata(), { deadline }, (error, answer) =>
      resolve(error ?? answer!.toString()),
    );
  });
}

const routed = (action: RouteAction): MeshOptions => ({ routes: [{ match: {}, splits: [{ weight: 100, cluster: CLUSTER }], action }] });

describe('gRPC through two sidecars', () => {
  it('unary calls share one connection', async () => {
    await start();
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((body) => unary(body)))).toEqual(['a', 'b', 'c', 'd']);
    expect(mesh.recorder.connections).toBe(1);
  });

  it('streams from the client', async () => {
    await start();
    const answer = new Promise<string>((resolve, reject) => {
      const call = client.makeClientStreamRequest(SERVICE.collect.path, asIs, asIs, new Metadata(), (error, value) =>
        error ? reject(error) : resolve(value!.toString()),
      );
      for (const part of ['x', 'y', 'z']) call.write(text(part));
      call.end();
    });
    expect(await answer).toBe('x,y,z');
  });

  it('streams from the server', async () => {
    await start();
    const parts: string[] = [];
    const call = client.makeServerStreamRequest(SERVICE.count.path, asIs, asIs, text('50'));
    for await (const part of call) parts.push((part as Buffer).toString());
    expect(parts).toEqual(Array.from({ length: 50 }, (_, i) => String(i + 1)));
  });

  it('streams both ways, each message as it comes', async () => {
    await start();
    const call = client.makeBidiStreamRequest(SERVICE.chat.path, asIs, asIs);
    for (const part of ['one', 'two']) {
      call.write(text(part));
      const [answer] = (await once(call, 'data')) as [Buffer];
      expect(answer.toString()).toBe(`you said ${part}`);
    }
    call.end();
    const [end] = (await once(call, 'status')) as [StatusObject];
    expect(end.code).toBe(status.OK);
  });

  it('gives errors of the application with their details and trailers', async () => {
    await start((_call, done) => {
      const trailers = new Metadata();
      trailers.set('x-why', 'because');
      done({ code: status.FAILED_PRECONDITION, details: 'not yet: ä', metadata: trailers });
    });
    const error = (await unary('x')) as ServiceError;
    expect([error.code, error.details]).toEqual([status.FAILED_PRECONDITION, 'not yet: ä']);
    expect(error.metadata.get('x-why')).toEqual(['because']);
  });
});

describe('what a sidecar itself says is a status of gRPC', () => {
  it('an intention that denies: PERMISSION_DENIED', async () => {
    await start(echo, { defaultAction: 'deny' });
    const error = (await unary('x')) as ServiceError;
    expect([error.code, error.details]).toEqual([status.PERMISSION_DENIED, 'RBAC: access denied']);
    expect(error.metadata.get('x-mesh-reason')[0]).toContain('no intention matches, the default is deny');
  });

  it('nobody there: UNAVAILABLE', async () => {
    await start(echo, { endpoints: [] });
    const error = (await unary('x')) as ServiceError;
    expect([error.code, error.details]).toEqual([status.UNAVAILABLE, 'no healthy instances of payments']);
  });

  it('no route: UNIMPLEMENTED', async () => {
    await start(echo, { routes: [{ match: { pathExact: '/other' }, splits: [{ weight: 100, cluster: CLUSTER }] }] });
    expect(((await unary('x')) as ServiceError).code).toBe(status.UNIMPLEMENTED);
  });

  it('the time of the route is over: UNAVAILABLE', async () => {
    await start(() => undefined, routed({ timeoutMs: 30 }));
    const error = (await unary('x')) as ServiceError;
    expect([error.code, error.details]).toEqual([status.UNAVAILABLE, 'payments did not answer within 30 ms']);
  });

  it('an intention that comes to deny ends a stream with it, whatever has been said before', async () => {
    await start();
    const call = client.makeBidiStreamRequest(SERVICE.chat.path, asIs, asIs);
    call.on('error', () => undefined);
    call.write(text('one'));
    await once(call, 'data');
    const ended = new Promise<StatusObject>((resolve) => void call.on('status', resolve));
    await mesh.configure({ defaultAction: 'deny' });
    expect((await ended).code).toBe(status.PERMISSION_DENIED);
  });
});

describe('the deadline of a call', () => {
  it('is that of its client, and the application is told when it is over', async () => {
    let tell: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await start((call) => call.on('cancelled', tell));
    // On a busy machine the time may be over before the application has the call: then there is nobody to tell.
    for (let ms = 60; calls === 0; ms *= 2) expect(await unary('x', ms)).toMatchObject({ code: status.DEADLINE_EXCEEDED });
    await cancelled;
  });
});

describe('retries', () => {
  it('by the status of gRPC', async () => {
    const retry = { count: 2, onConnectFailure: false, on: ['unavailable'], onStatusCodes: [] };
    await start((call, done) => (calls < 3 ? done({ code: status.UNAVAILABLE }) : done(null, call.request)), routed({ retry }));
    expect(await unary('third time')).toBe('third time');
    expect(calls).toBe(3);
  });

  it('not by another', async () => {
    const retry = { count: 2, onConnectFailure: false, on: ['unavailable'], onStatusCodes: [] };
    await start((_call, done) => done({ code: status.INTERNAL }), routed({ retry }));
    expect(((await unary('x')) as ServiceError).code).toBe(status.INTERNAL);
    expect(calls).toBe(1);
  });
});
