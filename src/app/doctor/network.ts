import { createServer } from 'node:net';
import { systemCode } from '../../base/errors.ts';
import { bindError } from '../../drivers/process/address-book.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import type { Io } from '../io.ts';
import type { StatusReport } from '../rpc/status.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const LOCALHOST = '127.0.0.1';
/** Two that blueprints could get. */
const FURTHER = ['127.5.0.110', '127.42.0.10'];
const CONSUL_PORT = 8500;
const DNS_PORT = 8600;
const PAGE_PORT = 9090;

export async function checkLoopback({ platform }: Pick<Io, 'platform'>): Promise<Finding> {
  const name = 'loopback addresses';
  const local = await bindError(LOCALHOST, 0);
  if (local !== undefined)
    return fail(name, `not even ${LOCALHOST} can be used (${local})`, 'bring the loopback interface up: ip link set lo up');
  for (const address of FURTHER) {
    const code = await bindError(address, 0);
    if (code === undefined) continue;
    const alias = platform === 'darwin' ? `; for addresses of their own: sudo ifconfig lo0 alias ${address}` : '';
    return warn(name, `${address} can not be used (${code})`, `services share ${LOCALHOST} on ports of their own, which works too${alias}`);
  }
  return ok(name, 'each service can have its own');
}

/** How an agent holds its home, and addresses against other homes. Only Linux has them. */
export async function checkAbstractSockets({ pid }: Pick<Io, 'pid'>): Promise<Finding> {
  const name = 'abstract sockets';
  const server = createServer();
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error) => resolve(systemCode(error) ?? 'error'));
    server.listen(`\0mesh/check/${pid}`, () => server.close(() => resolve(undefined)));
  });
  return code === undefined ? ok(name, 'available') : fail(name, `not available (${code})`, 'does a sandbox forbid Unix sockets?');
}

export async function checkApiPort(status: StatusReport | undefined): Promise<Finding> {
  const name = 'HTTP API';
  if (status) return ok(name, `http://${status.agent.http}, of the agent that runs here`);
  if ((await bindError(LOCALHOST, CONSUL_PORT)) === undefined) return ok(name, `port ${CONSUL_PORT} is free`);
  const holder = describeOwner(await portOwner(LOCALHOST, CONSUL_PORT));
  return warn(name, `port ${CONSUL_PORT} is held by ${holder}`, 'stop it, or use `mesh run --http-port 0`');
}

/** The agent takes another one if it is held: names are then found there alone. */
export async function checkDnsPort(status: StatusReport | undefined): Promise<Finding> {
  const name = 'DNS';
  const dns = status?.agent.dns;
  // One whose API is elsewhere, too, was asked for that.
  if (dns !== undefined && (dns.endsWith(`:${DNS_PORT}`) || !status?.agent.http.endsWith(`:${CONSUL_PORT}`))) return ok(name, dns);
  const free = (await bindError(LOCALHOST, DNS_PORT)) === undefined;
  if (free && !status) return ok(name, `port ${DNS_PORT} is free`);
  const holder = free ? 'nobody' : describeOwner(await portOwner(LOCALHOST, DNS_PORT));
  const instead = !status
    ? 'the agent takes another port'
    : dns === undefined
      ? 'the agent does not answer DNS'
      : `the agent answers on ${dns}`;
  return warn(
    name,
    `port ${DNS_PORT} is held by ${holder}: ${instead}`,
    dns === undefined
      ? `stop what holds it, then: mesh agent restart`
      : `dig @${dns.split(':')[0]} -p ${dns.split(':').at(-1)}, or stop what holds it, then: mesh agent restart`,
  );
}

/** What the shipped blueprints, as most workshops, open for a browser. */
export async function checkPagePort(status: StatusReport | undefined): Promise<Finding[]> {
  const name = 'page port';
  // Then those that are really open are looked at.
  if (status) return [];
  if ((await bindError(LOCALHOST, PAGE_PORT)) === undefined) return [ok(name, `port ${PAGE_PORT} is free`)];
  const holder = describeOwner(await portOwner(LOCALHOST, PAGE_PORT));
  return [warn(name, `port ${PAGE_PORT}, which v1 to v5 open, is held by ${holder}`, 'stop it, or use `mesh run --ports auto`')];
}

export function checkHostPorts({ ingresses }: StatusReport): Finding {
  const failed = ingresses.filter(({ error }) => error !== undefined);
  if (failed.length === 0) return ok('host ports', ingresses.length === 0 ? 'none is open' : ingresses.map(({ url }) => url).join(', '));
  const found = failed.map(({ id, url, error }) => `${url} of ${id}: ${error}`).join('; ');
  return fail('host ports', found, 'stop what holds them, then type `mesh run` again; or use `mesh run --ports auto`');
}
