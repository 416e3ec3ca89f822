import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';
import { splitHostPort } from '../../base/host-port.ts';
import type { ProxyReport } from '../rpc/status.ts';
import { spanText } from './clock.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** What `/v1/connect/ca/roots` says of one. */
export interface RootJson {
  readonly ID: string;
  readonly RootCert: string;
  readonly Active: boolean;
}

const DAY_MS = 86_400_000;
const SOON_MS = 30 * DAY_MS;

const RENEW = 'a new root, cross-signed by this one: mesh connect ca set-config with another PrivateKeyBits or PrivateKey';
const CLOCK = 'is the clock right? mesh doctor says so below clock; else: mesh agent restart';

/** The roots that sidecars trust. */
export function checkRoots(roots: readonly RootJson[], now: number): Finding[] {
  const name = 'CA';
  const active = roots.find(({ Active }) => Active);
  if (!active) return [warn(name, 'there is no root yet', 'it comes with the first service that has a sidecar')];
  const problem = validityProblem(name, 'the active root', new X509Certificate(active.RootCert), now, SOON_MS, RENEW);
  if (problem) return [problem];
  const { validTo } = new X509Certificate(active.RootCert);
  return [
    ok(
      name,
      `the root ${active.ID.slice(0, 11)} is valid for ${spanText(Date.parse(validTo) - now)}${roots.length > 1 ? `; ${roots.length} are trusted` : ''}`,
    ),
  ];
}

/** What each sidecar really shows: asked of its own listener. Those that take no TLS are none of them. */
export async function checkLeaves(proxies: readonly ProxyReport[], roots: readonly RootJson[], now: number): Promise<Finding[]> {
  const name = 'certificates';
  const looked = await Promise.all(
    proxies.flatMap((one) => (one.listen === undefined || one.error !== undefined ? [] : [lookAt(one.id, one.listen)])),
  );
  const trusted = roots.map(({ RootCert }) => new X509Certificate(RootCert));
  const troubles = looked.flatMap(({ id, shown, error }): Finding[] => {
    if (!shown) return [fail(name, `${id} does not show one: ${error}`, 'mesh logs dataplane')];
    const problem = validityProblem(name, `that of ${id}`, shown, now, 0, CLOCK);
    if (problem) return [problem];
    if (trusted.length > 0 && !trusted.some((root) => shown.verify(root.publicKey)) && !shown.issuerCertificate)
      return [
        warn(
          name,
          `that of ${id} was signed by none of the roots that are trusted now`,
          'it is renewed by itself; if it stays so: mesh agent restart',
        ),
      ];
    return [];
  });
  if (troubles.length > 0 || looked.length === 0) return troubles;
  const next = Math.min(...looked.map(({ shown }) => Date.parse(shown!.validTo)));
  return [ok(name, `${looked.length} of sidecars; the first ends in ${spanText(next - now)}, and is renewed before`)];
}

function validityProblem(
  name: string,
  what: string,
  certificate: X509Certificate,
  now: number,
  soonMs: number,
  hint: string,
): Finding | undefined {
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  if (from > now) return fail(name, `${what} is not valid before ${certificate.validFrom}, in ${spanText(from - now)}`, CLOCK);
  if (to <= now) return fail(name, `${what} has expired ${spanText(now - to)} ago`, hint);
  return to - now < soonMs ? warn(name, `${what} expires in ${spanText(to - now)}`, hint) : undefined;
}

const LOOK_MS = 3000;

interface Looked {
  readonly id: string;
  readonly shown?: X509Certificate;
  readonly error?: string;
}

/** The certificate of a server comes before it asks for ours. */
function lookAt(id: string, listen: string): Promise<Looked> {
  return new Promise((resolve) => {
    const socket = connect({ ...splitHostPort(listen), rejectUnauthorized: false });
    const end = (looked: Looked): void => {
      socket.destroy();
      resolve(looked);
    };
    socket.setTimeout(LOOK_MS, () => end({ id, error: `${listen} does not answer` }));
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate();
      end(shown ? { id, shown } : { id, error: `${listen} shows none` });
    });
    socket.once('error', (error) => end({ id, error: `${listen}: ${error.message}` }));
  });
}
