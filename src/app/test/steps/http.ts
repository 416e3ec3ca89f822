import { connect } from 'node:net';
import { MeshError, messageOf } from '../../../base/errors.ts';
import { eventually, StepFailure } from '../failure.ts';
import { getUrl } from '../http.ts';
import { followMoved, isThisMachine } from '../moved-ports.ts';
import type { World } from '../world.ts';
import { excerpt, type MeshStep, textMatcher } from './step.ts';

const GROUP = 'Calls from this machine';
const TCP_TIMEOUT_MS = 5_000;

export const httpSteps: readonly MeshStep[] = [
  {
    phrase: 'a HTTP call to "URL" should result in status N',
    pattern: /^an? HTTP call to "([^"]*)" should result in status (\d+)$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc:
      'Calls until that is the status of the answer, whose body is kept for the steps below. Certificates are not verified; redirects are ' +
      'followed. `localhost` and names like `web.ingress.shipyard.run` are this machine, with the ports of the blueprint.',
    example: 'Then a HTTP call to "http://localhost:9090" should result in status 200',
    run: (world, { words: [url = '', status = ''] }) => httpCall(world, url, Number(status)),
  },
  {
    phrase: 'the response body should contain "TEXT"',
    pattern: /^the response body should contain "(.*)"$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'Of the last call. A text between backticks is a regular expression.',
    example: 'And the response body should contain "payments of v2"',
    run: async ({ response }, { words: [text = ''] }) => {
      if (!response) throw new StepFailure('nothing has been called yet');
      if (textMatcher(text)(response.body)) return;
      throw new StepFailure('the body of the last answer has no such text', { expected: text, found: excerpt(response.body) });
    },
  },
  {
    phrase: 'a TCP connection to "HOST:PORT" should open',
    pattern: /^a TCP connection to "([^"]*)" should open$/,
    group: GROUP,
    from: 'Shipyard and Jumppad',
    doc: 'Something accepts connections there.',
    example: 'Then a TCP connection to "localhost:9090" should open',
    run: (world, { words: [address = ''] }) => tcpOpens(world, address),
  },
];

async function httpCall(world: World, text: string, wanted: number): Promise<void> {
  if (!URL.canParse(text) || !/^https?:/i.test(text))
    throw new StepFailure(`${JSON.stringify(text)} is not an HTTP address`, { hint: 'http://localhost:9090/path' });
  await eventually(world.signal, async () => {
    const url = new URL(followMoved(withPort(new URL(text)), await world.movedPorts()));
    try {
      const answer = await getUrl(url, wanted, world.signal);
      world.response = answer;
      if (answer.status === wanted) return undefined;
      const reason = answer.headers['x-mesh-reason'];
      return new StepFailure(`${url.href} has another status`, {
        expected: String(wanted),
        found: `${answer.status}${typeof reason === 'string' ? ` (${reason})` : ''}`,
        details: excerpt(answer.body).split('\n'),
      });
    } catch (error) {
      if (error instanceof MeshError) throw error;
      return new StepFailure(`${url.href} does not answer`, { expected: String(wanted), found: messageOf(error) || String(error) });
    }
  });
}

/** With the port that a URL leaves out. */
function withPort(url: URL): string {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return `${url.protocol}//${url.hostname}:${port}${url.pathname}${url.search}`;
}

async function tcpOpens(world: World, address: string): Promise<void> {
  const followed = followMoved(address, await world.movedPorts());
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(followed) ?? [];
  if (host === '') throw new StepFailure(`${JSON.stringify(address)} is not an address`, { hint: 'host:port' });
  await eventually(world.signal, async () => {
    const why = await opens(isThisMachine(host) ? '127.0.0.1' : host, Number(port));
    return why === undefined ? undefined : new StepFailure(`nothing accepts connections at ${followed}`, { found: why });
  });
}

function opens(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TCP_TIMEOUT_MS });
    const end = (why: string | undefined) => {
      socket.destroy();
      resolve(why);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no answer within ${TCP_TIMEOUT_MS / 1000} s`));
    socket.once('error', (error) => end(messageOf(error)));
  });
}
