import { expect, it } from 'vitest';
import { Forwards } from '../../../src/app/agent/forwards.ts';
import { reach } from './registrations.ts';

const sink = {
  setForwards: () => undefined,
  synced: () => Promise.resolve(),
  settle: () => Promise.resolve(),
  errorOf: () => undefined,
};
const TARGET = 'k8s_cluster.k3s/default/svc/web';

function opened(target: string): Forwards {
  const forwards = new Forwards(sink, reach, { port: 8500, speakFor: () => undefined });
  forwards.open({ id: 'ingress.web', hostPort: 18_080, wantedPort: 18_080, target, targetPort: 80 });
  return forwards;
}

it('of a forward is that nothing is called so', () => {
  expect(opened(TARGET).trouble('ingress.web')).toBe('nothing that runs is svc/web');
  expect(opened('container.web').trouble('ingress.web')).toBe('nothing that runs is container.web');
});

it('or that nothing of it is ready, or why nothing ever will be', () => {
  const forwards = opened(TARGET);
  const none = (): string[] => [];
  forwards.publish(TARGET, none, (port) => port);
  expect(forwards.trouble('ingress.web')).toBe('nothing behind svc/web is ready');
  forwards.publish(TARGET, none, (port) => port, { empty: false, nobody: 'no pod has its labels' });
  expect(forwards.trouble('ingress.web')).toBe('no pod has its labels');
});

it('or that it does not accept, at the port that is meant', () => {
  const forwards = opened(TARGET);
  forwards.publish(
    TARGET,
    () => ['10.42.0.3'],
    () => 9090,
  );
  expect(forwards.trouble('ingress.web')).toBe('port 9090 of what is behind svc/web does not accept connections');
});

it('is nothing for one that is not open', () => {
  expect(opened(TARGET).trouble('ingress.other')).toBeUndefined();
});
