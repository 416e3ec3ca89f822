import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Http2Client, type http2App } from '../fixture/http2.ts';
import { EntryWorld } from '../l7/entry-world.ts';
import { Issuer } from './issuer.ts';

let world: EntryWorld;
let okta: Issuer;
let seen: { path: string; authorization: string | undefined }[] = [];

/** The message of a unary call, back to its client; of a request that is no call, its path. */
const app: Parameters<typeof http2App>[0] = (stream, headers) => {
  seen.push({ path: headers[':path']!, authorization: headers.authorization });
  if (headers['content-type'] !== 'application/grpc') {
    stream.respond({ ':status': 200 });
    stream.end(headers[':path']);
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.pipe(stream);
};

beforeAll(async () => {
  okta = await Issuer.start('https://okta');
  world = await EntryWorld.start({
    protocol: 'grpc',
    instances: { one: { of: 'payments', http2: app } },
    upstreams: ['payments'],
  });
  const JWKS = Buffer.from(okta.jwks()).toString('base64');
  await world.write('jwt-provider', 'okta', { Issuer: okta.name, JSONWebKeySet: { Local: { JWKS } } });
  const asks = (role: string) => ({ Providers: [{ Name: 'okta', VerifyClaims: [{ Path: ['role'], Value: role }] }] });
  await world.write('service-intentions', 'payments', {
    Sources: [
      {
        Name: 'web',
        Permissions: [
          { Action: 'deny', HTTP: { PathExact: '/pay.Payments/Drop' } },
          { Action: 'allow', HTTP: { PathPrefix: '/pay.Payments/', Methods: ['POST'] }, JWT: asks('payer') },
          { Action: 'allow', HTTP: { PathPrefix: '/grpc.health.v1.Health/' } },
          { Action: 'allow', HTTP: { PathPrefix: '/http', Header: [{ Name: ':method', Exact: 'GET' }] } },
          { Action: 'deny', HTTP: { PathPrefix: '/' } },
        ],
      },
    ],
  });
});
afterAll(() => world.close());

describe('a call of gRPC', () => {
  let client: Client;
  beforeAll(() => {
    const { address, port } = world.at('payments');
    client = new Client(`${address}:${port}`, credentials.createInsecure());
  });
  afterAll(() => client.close());

  const asIs = (bytes: Buffer): Buffer => bytes;
  /** Name of the status, and what is said with it. */
  async function call(path: string, token?: string): Promise<string> {
    seen = [];
    const metadata = new Metadata();
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
    const error = await new Promise<ServiceError | null>((resolve) => {
      client.makeUnaryRequest(path, asIs, asIs, Buffer.from('hi'), metadata, resolve);
    });
    return error ? `${status[error.code]} ${error.details}` : 'OK';
  }

  it('without a token, or with a bad one, is UNAUTHENTICATED', async () => {
    expect(await call('/pay.Payments/Pay')).toBe('UNAUTHENTICATED Jwt is missing');
    expect(await call('/pay.Payments/Pay', 'junk')).toMatch(/^UNAUTHENTICATED Jwt is not in the form of /);
    expect(await call('/pay.Payments/Pay', await okta.token({ role: 'payer' }, -60))).toBe('UNAUTHENTICATED Jwt is expired');
    expect(seen).toEqual([]);
  });

  it('with a token of somebody who may not is PERMISSION_DENIED', async () => {
    expect(await call('/pay.Payments/Pay', await okta.token({ role: 'guest' }))).toBe('PERMISSION_DENIED RBAC: access denied');
  });

  it('of a method that is denied is PERMISSION_DENIED, whoever it is of', async () => {
    expect(await call('/pay.Payments/Drop', await okta.token({ role: 'payer' }))).toBe('PERMISSION_DENIED RBAC: access denied');
    expect(await call('/other.Service/Method')).toBe('PERMISSION_DENIED RBAC: access denied');
    expect(seen).toEqual([]);
  });

  it('that is allowed gets through, without its token', async () => {
    expect(await call('/pay.Payments/Pay', await okta.token({ role: 'payer' }))).toBe('OK');
    expect(seen).toEqual([{ path: '/pay.Payments/Pay', authorization: undefined }]);
    expect(await call('/grpc.health.v1.Health/Check')).toBe('OK');
  });
});

describe('a request of HTTP/2', () => {
  let client: Http2Client;
  beforeAll(() => {
    client = new Http2Client(world.at('payments'));
  });
  afterAll(() => client.close());

  it('is told why by status, challenge and reason', async () => {
    const answer = await client.call({ ':path': '/pay.Payments/Pay?a', ':method': 'POST' }, 'x');
    expect(answer).toMatchObject({ status: 401, body: 'Jwt is missing' });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="http://payments/pay.Payments/Pay"');
    expect(answer.headers['x-mesh-reason']).toMatch(
      /: intention web => payments \(precedence 9\): Permissions\[1\] is allow: Jwt is missing/,
    );
    expect((await client.call({ ':path': '/pay.Payments/Pay' })).headers['x-mesh-reason']).toMatch(/: Permissions\[4\] is deny$/);
  });

  it('shows its token in the query, and may name its method as a field', async () => {
    seen = [];
    const path = `/pay.Payments/Pay?a=1&access_token=${await okta.token({ role: 'payer' })}`;
    expect(await client.call({ ':path': path, ':method': 'POST' }, 'x')).toMatchObject({ status: 200, body: '/pay.Payments/Pay?a=1' });
    expect(await client.call({ ':path': '/http/x' })).toMatchObject({ status: 200 });
    expect(await client.call({ ':path': '/http/x', ':method': 'PUT' }, 'x')).toMatchObject({ status: 403 });
  });

  it.each([
    '/http/../pay.Payments/Drop',
    '/pay.Payments%2FDrop',
    '//pay.payments/%44rop',
    '/http/%2e%2e/pay.Payments/Drop',
    '/.\\pay.Payments\\Drop',
  ])('is judged by its path however it is spelled: %s', async (path) => {
    seen = [];
    const authorization = `Bearer ${await okta.token({ role: 'payer' })}`;
    const answer = await client.call({ ':path': path, ':method': 'POST', authorization }, 'x');
    expect(answer).toMatchObject({ status: 403, body: 'RBAC: access denied' });
    expect(seen).toEqual([]);
  });
});
