import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const CONFIGURATION = '/v1/connect/ca/configuration';
const put = (body: string | object) => api.call(CONFIGURATION, { method: 'PUT', body });

describe('configuration', () => {
  it('is Consul’s own at first, and what it was set to afterwards', async () => {
    const first = (await api.call(CONFIGURATION)).json as { CreateIndex: number };
    expect(first).toEqual({
      Provider: 'consul',
      Config: { IntermediateCertTTL: '8760h', LeafCertTTL: '72h', RootCertTTL: '87600h', RotationPeriod: '2160h' },
      State: null,
      ForceWithoutCrossSigning: false,
      CreateIndex: first.CreateIndex,
      ModifyIndex: first.CreateIndex,
    });
    const reply = await put({ provider: 'consul', config: { LeafCertTTL: '2h' }, force_without_cross_signing: true });
    expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([200, '', undefined]);
    const { index } = api.plane.snapshot.value;
    expect((await api.call(CONFIGURATION)).json).toEqual({
      Provider: 'consul',
      Config: { LeafCertTTL: '2h' },
      State: null,
      ForceWithoutCrossSigning: true,
      CreateIndex: first.CreateIndex,
      ModifyIndex: index,
    });
    await put({ Provider: 'consul', Config: { LeafCertTTL: '2h' } });
    expect(api.plane.snapshot.value.index).toBe(index);
  });

  // Captured from 1.8.7; newer Consul has no "Bad request: ".
  it.each([
    ['', 400, 'Request decode failed: EOF'],
    ['nope', 400, "Request decode failed: invalid character 'o' in literal null (expecting 'u')"],
    [{ Provider: 5 }, 400, 'Request decode failed: json: cannot unmarshal number into Go struct field .Provider of type string'],
    [{ Provider: 'consul', Bogus: 1 }, 400, 'Request decode failed: json: unknown field "Bogus"'],
    [{}, 500, 'could not initialize provider: unknown CA provider ""'],
    [{ Provider: 'bogus' }, 500, 'could not initialize provider: unknown CA provider "bogus"'],
    [
      { Provider: 'consul', Config: { LeafCertTTL: '1m' } },
      500,
      'error configuring provider: leaf cert TTL must be greater or equal than 1h0m0s',
    ],
  ])('%o is refused', async (body, status, text) => {
    const reply = await put(body);
    expect([reply.status, reply.text]).toEqual([status, text]);
  });
});

interface LeafJson {
  readonly SerialNumber: string;
  readonly CertPEM: string;
  readonly PrivateKeyPEM: string;
}

describe('a leaf', () => {
  it('is there for any name, and stays the same', async () => {
    const reply = await api.call('/v1/agent/connect/ca/leaf/My_Svc.x');
    const leaf = reply.json as LeafJson;
    const uri = `spiffe://${api.plane.trustDomain}/ns/default/dc/dc1/svc/My_Svc.x`;
    const certificate = new X509Certificate(leaf.CertPEM);
    const index = Number(reply.headers['x-consul-index']);
    const time = (text: string) => new Date(text).toISOString().replace('.000Z', 'Z');
    expect(reply.json).toEqual({
      SerialNumber: certificate.serialNumber.toLowerCase().match(/../g)!.join(':'),
      CertPEM: leaf.CertPEM,
      PrivateKeyPEM: leaf.PrivateKeyPEM,
      Service: 'My_Svc.x',
      ServiceURI: uri,
      ValidAfter: time(certificate.validFrom),
      ValidBefore: time(certificate.validTo),
      CreateIndex: index,
      ModifyIndex: index,
    });
    expect(certificate.subjectAltName).toBe(`URI:${uri}`);
    expect([reply.headers['x-cache'], reply.headers['age']]).toEqual(['MISS', undefined]);
    const again = await api.call('/v1/agent/connect/ca/leaf/My_Svc.x');
    expect([again.text, again.headers['x-cache'], again.headers['age']]).toEqual([reply.text, 'HIT', '0']);
    const waited = await api.call(`/v1/agent/connect/ca/leaf/My_Svc.x?index=${index}&wait=10ms`);
    expect(waited.text).toBe(reply.text);
  });

  it('needs a name, and is signed at most so often', async () => {
    expect(await api.call('/v1/agent/connect/ca/leaf/')).toMatchObject({
      status: 500,
      text: 'URI must be either service, agent, server, or kind',
    });
    await put({ Provider: 'consul', Config: { CSRMaxPerSecond: 0.001 } });
    expect((await api.call('/v1/agent/connect/ca/leaf/a')).status).toBe(200);
    expect(await api.call('/v1/agent/connect/ca/leaf/b')).toMatchObject({ status: 429, text: 'Rate limit reached, try again later' });
  });
});

describe('authorize', () => {
  const web = 'spiffe://other.consul/ns/default/dc/dc9/svc/web';
  const ask = (body: object) => api.call('/v1/agent/connect/authorize', { method: 'POST', body });
  beforeEach(() =>
    api.plane.commit([
      {
        type: 'put-entry',
        dc: 'dc1',
        entry: {
          Kind: 'service-intentions',
          Name: 'db',
          Sources: [
            { Name: 'web', Action: 'allow', Precedence: 9, Type: 'consul' },
            { Name: '*', Action: 'deny', Precedence: 8, Type: 'consul' },
          ],
        } as never,
      },
    ]),
  );

  it.each([
    [
      { Target: 'db', ClientCertURI: web, ClientCertSerial: '09' },
      200,
      { Authorized: true, Reason: 'Matched L4 intention: ALLOW default/web => default/db (Precedence: 9)' },
    ],
    [
      { target: 'db', clientcerturi: web.replace('/svc/web', '/svc/api') },
      200,
      { Authorized: false, Reason: 'Matched L4 intention: DENY default/* => default/db (Precedence: 8)' },
    ],
    [{ Target: 'other', ClientCertURI: web }, 200, { Authorized: true, Reason: 'Default behavior configured by ACLs' }],
    [{ Target: 'db', ClientCertURI: 'bogus' }, 400, 'ClientCertURI not a valid Connect identifier'],
    [{ Target: 'db', ClientCertURI: 'spiffe://x.consul/agent/client/dc/dc1/id/x' }, 400, 'ClientCertURI not a valid Service identifier'],
    [{ Target: 'db', ClientCertURI: 'spiffe://x.consul/gateway/mesh/dc/dc1' }, 400, 'ClientCertURI not a valid Service identifier'],
    [{ Target: 'db', ClientCertURI: 'spiffe://x.consul' }, 400, 'ClientCertURI not a valid Service identifier'],
    [{}, 400, 'Target service must be specified'],
    [
      { Target: 5 },
      400,
      'Request decode failed: json: cannot unmarshal number into Go struct field ConnectAuthorizeRequest.Target of type string',
    ],
  ])('%o', async (body, status, answer) => {
    const reply = await ask(body);
    expect([reply.status, reply.json ?? reply.text]).toEqual([status, answer]);
  });
});
