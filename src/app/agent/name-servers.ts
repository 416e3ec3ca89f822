import type { Endpoint } from '../../agent-config/settings.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import { type Watch, Watchable } from '../../base/watch.ts';
import type { ControlPlane } from '../../control/plane.ts';
import type { AgentOptions } from './agent.ts';
import { dnsAnswers } from './dns-answers.ts';
import { hostsOf, openNameServer } from './name-server.ts';
import { readTls } from './tls-files.ts';

type Options = Pick<AgentOptions, 'httpPort' | 'dnsPort' | 'settings' | 'cwd' | 'log'>;

/**
 * Where DNS answers, once it does: nobody waits for it, unless it has to be at a certain port. Rejects with a MeshError when it
 * can't listen there.
 */
export async function openNameServers(
  control: ControlPlane,
  addressOf: (name: string) => string | undefined,
  options: Options,
): Promise<Watch<string | undefined>> {
  const address = await openPlain(control, addressOf, options);
  await openSecure(control, addressOf, options);
  return address;
}

async function openPlain(
  control: ControlPlane,
  addressOf: (name: string) => string | undefined,
  options: Options,
): Promise<Watch<string | undefined>> {
  const { httpPort, settings, log } = options;
  const address = new Watchable<string | undefined>(undefined);
  const anyPort = httpPort === 0 || (settings?.httpPortGiven && portOf(settings.http[0]) === 0);
  const asked = settings?.dnsPortGiven ? portOf(settings.dns[0]) : options.dnsPort;
  const places = settings ? settings.dns.flatMap((endpoint) => ('port' in endpoint ? [endpoint.host] : [])) : ['127.0.0.1'];
  const answers = settings ? { answers: dnsAnswers(settings.dnsSettings) } : {};
  const opened = places.map(async (host) => {
    const at = await openNameServer({ control, host, port: asked ?? (anyPort ? 0 : undefined), addressOf, log, ...answers });
    if (address.value === undefined) address.set(at.address);
  });
  if (asked === undefined) {
    Promise.all(opened).catch((error: unknown) => log.log('warn', 'no DNS', { error: messageOf(error) }));
    return address;
  }
  await Promise.all(opened).catch((error: unknown) => {
    throw new MeshError('environment', `DNS could not listen on port ${asked} of ${places.join(', ')}: ${messageOf(error)}`, {
      hint: 'choose another port, or 0 for any that is free',
    });
  });
  return address;
}

/** DNS over TLS, where it is configured. */
async function openSecure(
  control: ControlPlane,
  addressOf: (name: string) => string | undefined,
  { settings, cwd = '/' }: Options,
): Promise<void> {
  if (!settings || settings.dnsTls.length === 0) return;
  const tls = await readTls(settings.tls.https, cwd);
  const hosts = hostsOf(addressOf);
  for (const endpoint of settings.dnsTls)
    if ('port' in endpoint) await control.listenDns({ ...endpoint, tls, hosts, ...dnsAnswers(settings.dnsSettings) });
}

const portOf = (endpoint: Endpoint | undefined): number | undefined => (endpoint && 'port' in endpoint ? endpoint.port : undefined);
