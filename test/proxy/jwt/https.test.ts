import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareEntry } from '../../../src/entries/decode.ts';
import { fromJson } from '../../../src/schema/located.ts';
import { Folder, OutsideCa } from '../gateways/certificates.ts';
import { EntryWorld } from '../l7/entry-world.ts';
import { Issuer } from './issuer.ts';

const ca = new OutsideCa();
const folder = new Folder();
let server: Server;
let okta: Issuer;
let world: EntryWorld;

beforeAll(async () => {
  okta = await Issuer.start('https://okta');
  const { certPem, keyPem } = ca.issue('localhost');
  server = createServer({ cert: certPem, key: keyPem }, (_req, res) => res.end(okta.jwks())).listen(0, 'localhost');
  await once(server, 'listening');
  world = await EntryWorld.start({ instances: { one: { of: 'payments', app: (_req, res) => res.end('ok') } }, upstreams: ['payments'] });
});
afterAll(async () => {
  await world.close();
  server.close();
  await folder[Symbol.asyncDispose]();
});

const provider = (TLSCertificates?: object): object => ({
  JSONWebKeySet: {
    Remote: {
      URI: `https://localhost:${(server.address() as AddressInfo).port}/keys`,
      ...(TLSCertificates && { JWKSCluster: { TLSCertificates } }),
    },
  },
});

/** Status and body of a request with a good token. */
async function ask(TLSCertificates?: object): Promise<string> {
  await world.write('jwt-provider', 'okta', provider(TLSCertificates));
  const JWT = { Providers: [{ Name: 'okta' }] };
  await world.write('service-intentions', 'payments', { Sources: [{ Name: 'web', Action: 'allow' }], JWT });
  const { status, body } = await world.call('payments', '/', { headers: { authorization: `Bearer ${await okta.token()}` } });
  return `${status} ${body}`;
}

describe('a key set behind https', () => {
  it('is fetched from whom the CA of the entry vouches for', async () => {
    expect(await ask({ TrustedCA: { InlineString: ca.certPem } })).toBe('200 ok');
    expect(await ask({ TrustedCA: { InlineBytes: Buffer.from(ca.certPem).toString('base64') } })).toBe('200 ok');
    expect(await ask({ TrustedCA: { Filename: await folder.file('ca.pem', ca.certPem) } })).toBe('200 ok');
  });

  it.each<[string, object | undefined, RegExp]>([
    ['another CA', { TrustedCA: { InlineString: new OutsideCa().certPem } }, /certificate|unable to verify/i],
    ['no CA of its own', undefined, /certificate|unable to verify/i],
    ['a file that is not there', { TrustedCA: { Filename: '/nowhere/ca.pem' } }, /ENOENT/],
    [
      'a variable',
      { TrustedCA: { EnvironmentVariable: 'CA' } },
      /^whom to trust is in TrustedCA\.EnvironmentVariable, which sidecars do not have$/,
    ],
    [
      'a provider of Envoy',
      { CaCertificateProviderInstance: { InstanceName: 'x' } },
      /^whom to trust is in CaCertificateProviderInstance,/,
    ],
  ])('is not with %s', async (_, given, reason) => {
    expect(await ask(given)).toBe('401 Jwks remote fetch is failed');
    expect(world.log.lines.findLast(({ message }) => message === 'key set not usable')?.fields).toMatchObject({
      provider: 'okta',
      reason: expect.stringMatching(reason) as string,
    });
  });
});

it('whoever writes an entry with a CA that sidecars do not have is told', () => {
  const problems = (trust: object) =>
    prepareEntry(fromJson({ Kind: 'jwt-provider', Name: 'okta', ...provider(trust) })).problems.map(
      ({ severity, summary }) => `${severity} ${summary}`,
    );
  const text = (field: string): string => `warning sidecars have no ${field}: they can't fetch this key set, and refuse its tokens`;
  expect(problems({ TrustedCA: { EnvironmentVariable: 'CA' } })).toEqual([text('TrustedCA.EnvironmentVariable')]);
  expect(problems({ CaCertificateProviderInstance: {} })).toEqual([text('CaCertificateProviderInstance')]);
  expect(problems({ TrustedCA: { Filename: 'ca.pem' } })).toEqual([]);
});
