import { Agent } from 'node:http';
import { Answerers } from '../answered-by.ts';
import { eventually, StepFailure } from '../failure.ts';
import type { HttpAnswer } from '../http.ts';
import { type CallOutcome, type CallShape, callUpstream, upstreamsOf } from '../sidecar-call.ts';
import type { World } from '../world.ts';
import { excerpt, type MeshStep } from './step.ts';

const GROUP = 'Calls through the mesh';
const SHAPE = `((?: (?:with|and) method "[^"]*"| (?:on|and) path "[^"]*"| (?:with|and) header "[^"]*" "[^"]*")*)`;
const WAY = `from "([^"]*)" to "([^"]*)"${SHAPE}`;
const FORM = 'from "WEB" to "PAYMENTS" [with method "M"] [on path "P"] [with header "NAME" "VALUE"]';

/** Through the sidecar of the caller, at the listener that its application uses: what is on the wire is what the services have. */
export const callSteps: readonly MeshStep[] = [
  {
    phrase: `a call ${FORM} should be allowed`,
    pattern: new RegExp(`^a call ${WAY} should be allowed$`),
    group: GROUP,
    from: 'mesh',
    doc:
      'A real call, to the upstream of the caller’s sidecar; the application on the other side answers it, with whatever status. Method, path ' +
      'and headers may be given in any number, joined by `with`, `on` or `and`. The body is kept for the steps below.',
    example:
      'Then a call from "web" to "payments" should be allowed\nAnd a call from "web" to "payments" with method "POST" on path "/currency" and header "X-Group" "dev" should be allowed',
    run: (world, { words }) => expectCall(world, words, 'an answer of the application', ({ state }) => state === 'answered'),
  },
  {
    phrase: `a call ${FORM} should be denied`,
    pattern: new RegExp(`^a call ${WAY} should be denied$`),
    group: GROUP,
    from: 'mesh',
    doc: 'An intention refuses it. A call that fails for any other reason is not denied.',
    example: 'Then a call from "web" to "payments" should be denied',
    run: (world, { words }) => expectCall(world, words, 'a refusal by an intention', ({ state }) => state === 'denied'),
  },
  {
    phrase: `a call ${FORM} should result in status N`,
    pattern: new RegExp(`^a call ${WAY} should result in status (\\d+)$`),
    group: GROUP,
    from: 'mesh',
    doc: 'The status is that of the application, or of the sidecar that could not reach it.',
    example: 'Then a call from "web" to "payments" on path "/missing" should result in status 404',
    run: async (world, { words }) => {
      const wanted = words[3] ?? '';
      await expectCall(world, words, `status ${wanted}`, (outcome) => {
        if (outcome.state === 'answered') return outcome.answer.status === Number(wanted);
        return outcome.state === 'denied' ? wanted === '403' : outcome.reason.startsWith(`${wanted}: `);
      });
    },
  },
  {
    phrase: `a call ${FORM} should be answered by "INSTANCE"`,
    pattern: new RegExp(`^a call ${WAY} should be answered by "([^"]*)"$`),
    group: GROUP,
    from: 'mesh',
    doc:
      'By a subset of the service-resolver, a `version` in the metadata of the service (`2` or `v2`), the id of a service, a workload, or the ' +
      'name that the application gives itself. Who answers is told by the addresses in answers of fake-service, or by the whole body.',
    example: 'Then a call from "web" to "payments" with header "X-Group" "dev" should be answered by "v2"',
    run: async (world, { words }) => {
      const wanted = words[3] ?? '';
      const answerers = await Answerers.of(words[1] ?? '', world);
      await expectCall(
        world,
        words,
        `an answer of ${wanted}`,
        (outcome) => outcome.state === 'answered' && answerers.labelOf(outcome.answer, [wanted]) === wanted,
        (answer) => answerers.describe(answer),
      );
    },
  },
  {
    phrase: `N calls ${FORM} should be split 90/10 between "INSTANCE" and "INSTANCE" within N %`,
    pattern: new RegExp(
      `^(\\d+) calls ${WAY} should be split (\\d+(?:/\\d+)+) between ((?:"[^"]*"(?:, | and )?)+) within (\\d+(?:\\.\\d+)?) ?%$`,
    ),
    group: GROUP,
    from: 'mesh',
    doc:
      'Who answers that many calls, in percent of them. Shares are drawn at random: with 500 calls a share of 10 % lies within 5 % of it in ' +
      'all but one of some thousand runs, with 100 calls in nine of ten. More than two: `60/30/10 between "v1", "v2" and "v3"`.',
    example: 'Then 500 calls from "web" to "payments" should be split 90/10 between "v1" and "v2" within 5 %',
    run: (world, { words }) => expectSplit(world, words),
  },
];

/** `with method "POST" on path "/currency" and header "X-Group" "dev"` */
function shapeOf(text: string): CallShape {
  const path = /path "([^"]*)"/.exec(text)?.[1] ?? '/';
  if (!path.startsWith('/')) throw new StepFailure(`a path begins with a slash, found ${JSON.stringify(path)}`);
  const headers = Object.fromEntries([...text.matchAll(/header "([^"]*)" "([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  return { method: (/method "([^"]*)"/.exec(text)?.[1] ?? 'GET').toUpperCase(), path, headers };
}

async function expectCall(
  world: World,
  [from = '', to = '', shape = '']: readonly string[],
  expected: string,
  holds: (outcome: CallOutcome) => boolean,
  name?: (answer: HttpAnswer) => string,
): Promise<void> {
  const call = shapeOf(shape);
  await eventually(world.signal, async () => {
    const outcome = await callOnce(world, from, to, call);
    if (outcome.state === 'answered') world.response = outcome.answer;
    if (holds(outcome)) return undefined;
    return new StepFailure(`a call from ${from} to ${to} went otherwise`, { expected, found: describeOutcome(outcome, name) });
  });
}

async function callOnce(world: World, from: string, to: string, call: CallShape): Promise<CallOutcome> {
  const upstream = upstreamsOf(await world.status(), from, to)[0]!;
  const outcome = await callUpstream(upstream, call, world.signal);
  if (outcome.state !== 'failed' || upstream.protocol === 'http') return outcome;
  // A byte stream has no room for a reason: the sidecars are asked for theirs.
  const outcomes = await world.ask('probe', { proxy: upstream.proxy.id });
  const denied = Object.entries(outcomes).some(([name, { state }]) => name.split(/[?.]/, 1)[0] === to && state === 'denied');
  return denied ? { state: 'denied', reason: `an intention of ${to} refuses ${from}` } : outcome;
}

function describeOutcome(outcome: CallOutcome, name?: (answer: HttpAnswer) => string): string {
  if (outcome.state === 'denied') return `denied: ${outcome.reason}`;
  if (outcome.state === 'failed') return `no answer: ${outcome.reason}`;
  const { answer } = outcome;
  return name ? `an answer of ${name(answer)}` : `status ${answer.status}: ${excerpt(answer.body)}`;
}

const AT_ONCE = 16;

async function expectSplit(world: World, words: readonly string[]): Promise<void> {
  const [count = '', from = '', to = '', shape = '', shares = '', names = '', tolerance = ''] = words;
  const wanted = shares.split('/').map(Number);
  const labels = [...names.matchAll(/"([^"]*)"/g)].map(([, label = '']) => label);
  if (labels.length !== wanted.length)
    throw new StepFailure(`${wanted.length} shares for ${labels.length} names`, { hint: 'split 90/10 between "v1" and "v2"' });
  if (wanted.reduce((sum, share) => sum + share, 0) !== 100) throw new StepFailure(`the shares ${shares} don't add up to 100`);
  const upstreams = upstreamsOf(await world.status(), from, to);
  const agent = new Agent({ keepAlive: true });
  const call = { ...shapeOf(shape), agent };
  const answers: HttpAnswer[] = [];
  const failures: string[] = [];
  let left = Number(count);
  const caller = async (): Promise<void> => {
    while (left-- > 0 && !world.signal.aborted) {
      const outcome = await callUpstream(upstreams[left % upstreams.length]!, call, world.signal);
      if (outcome.state === 'answered') answers.push(outcome.answer);
      else failures.push(outcome.reason);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller)).finally(() => agent.destroy());
  if (world.signal.aborted) throw new StepFailure(`only ${answers.length} of ${count} calls were answered in time`);
  if (failures.length > 0) throw new StepFailure(`${failures.length} of ${count} calls failed`, { found: failures[0]! });
  const answerers = await Answerers.of(to, world);
  answerers.check(labels, answers);
  const tally = new Map<string, number>();
  for (const answer of answers) {
    const label = answerers.labelOf(answer, labels) ?? `others (${answerers.describe(answer)})`;
    tally.set(label, (tally.get(label) ?? 0) + 1);
  }
  const percent = (label: string) => ((tally.get(label) ?? 0) / answers.length) * 100;
  if (
    labels.every((label, i) => Math.abs(percent(label) - wanted[i]!) <= Number(tolerance)) &&
    [...tally.keys()].every((label) => labels.includes(label))
  )
    return;
  const found = Array.from(tally.keys(), (label) => `${percent(label).toFixed(1)} % ${label}`).toSorted();
  throw new StepFailure('the calls are split otherwise', {
    expected: `${labels.map((label, i) => `${wanted[i]} % ${label}`).join(', ')}, within ${tolerance} %`,
    found: found.join(', '),
  });
}
