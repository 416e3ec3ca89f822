import { eventually, StepFailure } from '../failure.ts';
import { upstreamsOf } from '../sidecar-call.ts';
import type { World } from '../world.ts';
import type { MeshStep } from './step.ts';

export const identitySteps: readonly MeshStep[] = [
  {
    phrase: 'the identity of "SERVICE" seen by "SERVICE" should be "SPIFFE ID"',
    pattern: /^the identity of "([^"]*)" seen by "([^"]*)" should be "([^"]*)"$/,
    group: 'Calls through the mesh',
    from: 'mesh',
    doc:
      'A handshake between the two sidecars, and what each has verified in the certificate of the other; one must be an upstream of the ' +
      'other. `…` (or `*`) stands for any text: the trust domain is another one in each mesh.',
    example: 'Then the identity of "web" seen by "payments" should be "spiffe://…/svc/web"',
    run: (world, { words: [subject = '', observer = '', wanted = ''] }) => seen(world, subject, observer, wanted),
  },
];

async function seen(world: World, subject: string, observer: string, wanted: string): Promise<void> {
  await eventually(world.signal, async () => {
    const found = await identitySeen(world, subject, observer);
    if (found instanceof StepFailure) return found;
    if (matches(found, wanted)) return undefined;
    // That is what it is: looking again would show the same.
    throw new StepFailure(`${observer} sees another identity of ${subject}`, { expected: wanted, found });
  });
}

async function identitySeen(world: World, subject: string, observer: string): Promise<string | StepFailure> {
  const { proxies } = await world.status();
  const isClient = proxies.some(
    ({ service, upstreams }) => service === subject && upstreams.some(({ name }) => name.split('?', 1)[0] === observer),
  );
  const [client, server] = isClient ? [subject, observer] : [observer, subject];
  // Says what there is when neither calls the other.
  const { proxy } = upstreamsOf({ proxies }, client, server)[0]!;
  const outcomes = await world.ask('probe', { proxy: proxy.id });
  const outcome = Object.entries(outcomes).find(([name]) => name.split(/[?.]/, 1)[0] === server)?.[1];
  if (outcome && outcome.state !== 'failed' && outcome.seen) return isClient ? outcome.seen.client : outcome.seen.server;
  return new StepFailure(`${client} can't reach ${server}`, {
    found: outcome?.state === 'failed' ? outcome.reason : 'its sidecar has no such upstream yet',
  });
}

function matches(found: string, wanted: string): boolean {
  const parts = wanted.split(/…|\.\.\.|\*/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(found);
}
