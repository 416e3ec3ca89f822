import { connect } from 'node:net';
import { messageOf } from '../../../base/errors.ts';
import { splitHostPort } from '../../../base/host-port.ts';
import { nearest } from '../../../base/suggest.ts';
import type { ProbeOutcome } from '../../../compile/proxy-config.ts';
import { outcomeOf } from '../../agent/upstream-trouble.ts';
import { checkLeaves, type RootJson } from '../../doctor/certificates.ts';
import type { Home } from '../../home.ts';
import type { Io } from '../../io.ts';
import { call } from '../../rpc/client.ts';
import type { ProxyReport, StatusReport } from '../../rpc/status.ts';
import { VERSION } from '../../version.ts';
import type { ApiClient } from '../client.ts';
import { attempt, type Command, Failure } from '../command.ts';
import { type FlagValues, textFlag } from '../flags.ts';
import { JSON_FLAGS, printJson, wantsJson } from '../json.ts';
import { validateIntentions } from './intentions.ts';
import { bad, good, type Message, Printer } from './report.ts';
import { upstreamRef, validateResources } from './resources.ts';
import { runningAgent, SIDECAR_FLAGS, sidecarsNamed } from './sidecars.ts';

type Upstream = ProxyReport['upstreams'][number];

export const troubleshootProxy: Command = {
  name: 'troubleshoot proxy',
  synopsis: 'Find out why a sidecar does not reach an upstream',
  usage: ['(-upstream-envoy-id <id>|-upstream-ip <address>)'],
  description:
    "Looks at the sidecar's certificate and configuration, at listener, route, clusters and endpoints of the upstream, at the intention that\ndecides, and proves mutual TLS up to the application behind it. troubleshoot upstreams lists the upstreams.\nThe exit code is 1 if something is wrong; Consul's is 0 then.",
  examples: ['troubleshoot proxy -sidecar web -upstream-envoy-id payments', 'troubleshoot proxy -upstream-ip 127.0.0.1:9091'],
  flags: [
    textFlag('upstream-envoy-id', 'Identifier of the upstream, as troubleshoot upstreams prints it.', { completes: 'service' }),
    textFlag('upstream-ip', 'Address where applications find the upstream, with or without its port.'),
    ...SIDECAR_FLAGS,
    ...JSON_FLAGS,
  ],
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const [id, ip] = [flags.string('upstream-envoy-id') ?? '', flags.string('upstream-ip') ?? ''];
    if (id === '' && ip === '')
      throw new Failure(
        '-upstream-envoy-id OR -upstream-ip is required.\nPlease run `mesh troubleshoot upstreams` to find the corresponding upstream.',
      );
    const { home, status } = await runningAgent(flags, io);
    const { sidecar, upstream, name } = whichOne(status, flags, id, ip);
    const api = await client();
    const messages = await attempt('Error running the tests', runAllTests({ api, home, io }, sidecar, upstream, name));
    const failed = messages.some(({ state }) => state === 'fail');
    if (json) {
      const shown = messages.map(({ state, text, actions = [] }) => ({
        Success: state !== 'fail',
        State: state,
        Message: text,
        Actions: actions,
      }));
      printJson(io, { Sidecar: sidecar.id, Upstream: name, Success: !failed, Messages: shown });
      return failed ? 1 : 0;
    }
    const print = await Printer.of(io);
    print.header('Validation');
    for (const message of messages) print.message(message);
    if (!failed) {
      print.plain('If you are still experiencing issues, you can:');
      print.plain(`-> See requests as they pass: mesh tap; ask where one would go: mesh explain ${sidecar.service} ${name}`);
    }
    return failed ? 1 : 0;
  },
};

/** The sidecar, and which upstream of it; one that it has not is looked at all the same. */
function whichOne(
  status: StatusReport,
  flags: FlagValues,
  id: string,
  ip: string,
): { sidecar: ProxyReport; upstream?: Upstream; name: string } {
  const named = flags.string('sidecar');
  const sidecars = sidecarsNamed(status, named);
  const means = (one: Upstream): boolean => (id === '' ? isAt(one.listen, ip) : one.name === id);
  const found = sidecars.flatMap((sidecar) =>
    sidecar.upstreams.filter(means).map((upstream) => ({ sidecar, upstream, name: upstream.name })),
  );
  const callers = [...new Set(found.map(({ sidecar }) => sidecar.service))];
  if (callers.length > 1) throw new Failure(`Several sidecars have such an upstream: say which one by -sidecar: ${callers.join(', ')}.`);
  if (found.length > 1 && ip !== '')
    throw new Failure(
      `Several upstreams have that address: ${found.map(({ upstream }) => `${upstream.listen} (${upstream.name})`).join(', ')}.`,
    );
  if (found[0]) return found[0];
  if (id !== '' && named && sidecars[0]) return { sidecar: sidecars[0], name: id };
  throw new Failure(
    `No sidecar has an upstream ${JSON.stringify(id || ip)}.\nPlease run \`mesh troubleshoot upstreams\` to find the corresponding upstream.`,
  );
}

/** Upstreams have a listener on 127.0.0.1, too, where their first one is on an address of the workload. */
function isAt(listen: string, given: string): boolean {
  const [host, port] = listen.split(/:(?=\d+$)/);
  const [wanted, wantedPort] = given.split(/:(?=\d+$)/);
  if (wantedPort === undefined) return host === wanted;
  return port === wantedPort && (host === wanted || wanted === '127.0.0.1' || wanted === 'localhost');
}

interface Asked {
  readonly api: ApiClient;
  readonly home: Home;
  readonly io: Io;
}

async function runAllTests(
  { api, home, io }: Asked,
  sidecar: ProxyReport,
  upstream: Upstream | undefined,
  name: string,
): Promise<Message[]> {
  const messages = [
    ...(await validateCertificates(api, sidecar)),
    validateConfiguration(sidecar),
    ...(await connectionFailures(home, io, sidecar)),
  ];
  if (!upstream) return [...messages, noListener(sidecar, name)];
  messages.push(await validateListener(upstream, name));
  const { service } = upstreamRef(name);
  messages.push(...(await validateResources(api, name, sidecar.id)), ...(await validateIntentions(api, sidecar.service, service)));
  return [...messages, await proveTls(home, io, sidecar, name)];
}

async function validateCertificates(api: ApiClient, sidecar: ProxyReport): Promise<Message[]> {
  const answer = await api.send('GET', '/v1/connect/ca/roots');
  const roots = answer.status === 200 ? ((JSON.parse(answer.body) as { Roots?: RootJson[] }).Roots ?? []) : [];
  // A gateway shows its certificate to those that it calls alone.
  const found = sidecar.listen === undefined ? [] : await checkLeaves([sidecar], roots, Date.now());
  const wrong = found.filter(({ state }) => state !== 'ok');
  return wrong.length === 0 ? [good('Certificates are valid')] : wrong.map((one) => bad(`Certificate: ${one.found}`, one.hint ?? ''));
}

function validateConfiguration({ error, servesIndex, configIndex }: ProxyReport): Message {
  if (error !== undefined) return bad(`Sidecar has 1 rejected configuration: ${error}`, 'mesh logs dataplane');
  if (servesIndex < configIndex) return bad(`Sidecar serves index ${servesIndex}, and should serve ${configIndex}`, 'mesh logs dataplane');
  return good('Sidecar has 0 rejected configurations');
}

const DIAL_MS = 3000;

function noListener({ service, upstreams }: ProxyReport, name: string): Message {
  const names = upstreams.map((one) => one.name);
  const near = nearest(name, names);
  const known = near === undefined ? `${service} has: ${names.join(', ') || 'none'}` : `Did you mean ${near}?`;
  return bad(`No listener for upstream ${JSON.stringify(name)}`, known, `Add it to the upstreams in the registration of ${service}`);
}

async function validateListener({ listen }: Upstream, name: string): Promise<Message> {
  const label = JSON.stringify(name);
  const error = await dialError(listen);
  if (error === undefined) return good(`Listener for upstream ${label} found`);
  return bad(`Listener for upstream ${label} at ${listen} does not accept connections: ${error}`, 'mesh logs dataplane');
}

function dialError(listen: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(splitHostPort(listen));
    const end = (error?: string): void => {
      socket.destroy();
      resolve(error);
    };
    socket.setTimeout(DIAL_MS, () => end('timed out'));
    socket.once('connect', () => end());
    socket.once('error', (error) => end(error.message));
  });
}

/** No request is sent: the sidecar of the other side dials its application, and says so. */
async function proveTls(home: Home, io: Io, sidecar: ProxyReport, name: string): Promise<Message> {
  const label = JSON.stringify(name);
  let outcome: ProbeOutcome | undefined;
  try {
    const outcomes = await call(home.agentSocket, 'probe', { proxy: sidecar.id }, { version: VERSION, detach: io.signal });
    outcome = outcomes[name] ?? outcomeOf(outcomes, upstreamRef(name).service);
  } catch (error) {
    return bad(`Mutual TLS with ${label} is not proven: ${messageOf(error)}`, 'mesh doctor');
  }
  if (!outcome) return bad(`Mutual TLS with ${label} is not proven: the sidecar does not serve that upstream`, 'mesh logs dataplane');
  if (outcome.state === 'failed')
    return bad(`Mutual TLS with ${label} fails: ${outcome.reason}`, `mesh status ${upstreamRef(name).service}`);
  const seen = outcome.seen ? `: ${outcome.seen.client} and ${outcome.seen.server}` : '';
  if (outcome.state === 'ok') return good(`Mutual TLS with ${label} is proven up to its application${seen}`);
  return bad(`Mutual TLS with ${label} works, and the sidecar behind it refuses ${sidecar.service}${seen}`, 'see the intention above');
}

/** So many connections to other sidecars have failed since this one began. Nothing if it can't be learnt: that alone is no fault. */
async function connectionFailures(home: Home, io: Io, { id: proxy }: ProxyReport): Promise<Message[]> {
  const asked = call(home.agentSocket, 'metrics', { format: 'prometheus', proxy }, { version: VERSION, detach: io.signal });
  const { text } = await asked.catch(() => ({ text: '' }));
  const counts = [...text.matchAll(/^envoy_cluster_upstream_cx_connect_fail\{.*\} (\d+)$/gm)].map(([, count]) => Number(count));
  return text === '' ? [] : [good(`Sidecar has detected ${counts.reduce((sum, count) => sum + count, 0)} connection failure(s)`)];
}
