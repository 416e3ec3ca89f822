import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POD_IP, POD_NAME, type PodPlan, type PodSetPlan } from '../../src/base/pod.ts';
import { describeRange } from '../../src/base/source.ts';
import { interpret } from '../../src/kube/interpret.ts';
import type { InterpretOptions } from '../../src/kube/plan.ts';
import { readManifests } from '../../src/kube/read.ts';

const OPTIONS: InterpretOptions = {
  cluster: 'dev',
  datacenter: 'dc1',
  injector: { injectByDefault: false, allowNamespaces: ['*'], denyNamespaces: [] },
  resourceId: 'k8s_config.app',
};
const INJECT_ALL: Partial<InterpretOptions> = { injector: { ...OPTIONS.injector, injectByDefault: true } };

/** The plan of the only set of pods. */
const onlyPod = (result: { sets: readonly PodSetPlan[] }): PodPlan => result.sets[0]!.pod;

function run(texts: string[], options: Partial<InterpretOptions> = {}) {
  const sources = texts.map((text, i) => ({ name: `${i}.yml`, text }));
  const read = readManifests(sources);
  const result = interpret(read.objects, { ...OPTIONS, ...options });
  return { ...result, diagnostics: [...read.diagnostics, ...result.diagnostics] };
}

const deployment = (name: string, more: { namespace?: string; annotations?: string; container?: string } = {}) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${more.namespace ?? 'default'}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}, annotations: {${more.annotations ?? ''}}}
    spec: {containers: [{name: main, image: a/b, ${more.container ?? ''}}]}
`;

describe('interpretation of manifests', () => {
  it('reads objects of all sources as one, and sorts what it says by source and place', () => {
    const broken = 'env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: nope}}}]';
    const result = run([
      deployment('web', { container: broken }),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n',
    ]);
    expect(result.diagnostics.map((d) => `${describeRange(d.subject!)} ${d.summary}`)).toEqual([
      '0.yml:9:117 ConfigMap "settings" has no key "nope"',
    ]);
    const twice = run([deployment('web'), deployment('web')]);
    expect(
      twice.diagnostics.map((d) => [d.summary, d.subject && describeRange(d.subject), d.related && describeRange(d.related.range)]),
    ).toEqual([['Deployment "web" is defined twice', '1.yml:4:18', '0.yml:4:18']]);
  });

  it('does not add to the errors of an object those of what refers to it', () => {
    const from = 'envFrom: [{configMapRef: {name: settings}}]';
    const result = run([
      deployment('web', { container: from }),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: 1}\n',
    ]);
    expect(result.diagnostics.map((d) => d.summary)).toEqual(['"a" must be a string, not a number']);
  });

  it('finds ConfigMaps only in the namespace of the pod', () => {
    const from = 'envFrom: [{configMapRef: {name: settings}}]';
    const result = run([
      deployment('web', { container: from, namespace: 'shop' }),
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n',
    ]);
    expect(result.diagnostics.map((d) => d.summary)).toEqual(['there is no ConfigMap "settings" (namespace "shop") in these manifests']);
  });

  it('injects by annotation or by default, and in every spelling of a bool', () => {
    const inject = (value: string) => deployment('web', { annotations: `consul.hashicorp.com/connect-inject: "${value}"` });
    const injected = (text: string, byDefault: boolean) => onlyPod(run([text], byDefault ? INJECT_ALL : {})).services.length > 0;
    expect(injected(deployment('web'), false)).toBe(false);
    expect(injected(deployment('web'), true)).toBe(true);
    for (const yes of ['true', 'TRUE', 'True', 't', 'T', '1']) expect(injected(inject(yes), false)).toBe(true);
    for (const no of ['false', 'FALSE', 'False', 'f', 'F', '0']) expect(injected(inject(no), true)).toBe(false);
  });

  it('injects into no namespace that the chart leaves out', () => {
    const inject = deployment('web', { namespace: 'shop', annotations: 'consul.hashicorp.com/connect-inject: "true"' });
    const injected = (allowNamespaces: string[], denyNamespaces: string[]) => {
      const result = run([inject], { injector: { injectByDefault: true, allowNamespaces, denyNamespaces } });
      return [onlyPod(result).services.length > 0, ...result.diagnostics.map(({ detail }) => detail)];
    };
    expect(injected(['*'], [])).toEqual([true]);
    expect(injected(['shop'], ['other'])).toEqual([true]);
    expect(injected(['other'], [])).toEqual([false, 'the chart does not allow the namespace "shop" (connectInject.k8sAllowNamespaces)']);
    expect(injected(['*'], ['shop'])).toEqual([false, 'the chart denies the namespace "shop" (connectInject.k8sDenyNamespaces)']);
  });

  it('keeps names of pods apart that share a node', () => {
    const result = run([deployment('web', { namespace: 'a' }), deployment('web', { namespace: 'b' }), deployment('web')], INJECT_ALL);
    expect(result.sets.map(({ baseName }) => baseName)).toEqual(['web', 'web-b', 'web-default']);
    expect(onlyPod(result).services[0]!.id).toBe(`${POD_NAME}-main`);
  });

  it('leaves the address of the pod to the caller, also inside of arguments', () => {
    const container = 'args: ["--ip=$(IP)"], env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]';
    const [main] = onlyPod(run([deployment('web', { container })])).containers;
    expect(main).toMatchObject({ env: { IP: POD_IP }, command: [`--ip=${POD_IP}`] });
  });

  it('survives JSON unchanged', () => {
    const annotations = 'consul.hashicorp.com/connect-inject: "true", consul.hashicorp.com/connect-service-upstreams: "b:1"';
    const entry = 'apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceDefaults\nmetadata: {name: a}\nspec: {protocol: http}\n';
    const other = 'apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\n';
    const { sets, services, entries, ignored } = run([deployment('a', { annotations }), entry, other]);
    const plain = { sets, services, ignored };
    expect(JSON.parse(JSON.stringify(plain))).toStrictEqual(plain);
    expect(JSON.parse(JSON.stringify(entries))).toEqual(entries);
    expect(ignored).toHaveLength(1);
  });

  it('keeps hostile keys where they are', () => {
    const from = 'envFrom: [{configMapRef: {name: settings}}]';
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {__proto__: x, constructor: z}\n';
    const result = run([deployment('web', { container: from }), settings]);
    expect(JSON.stringify(onlyPod(result).containers[0]!.env)).toBe('{"__proto__":"x","constructor":"z"}');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('never throws on a manifest in which something else stands where a value should be', () => {
    const text = deployment('web', {
      annotations: 'consul.hashicorp.com/connect-inject: "true", consul.hashicorp.com/connect-service-upstreams: "b:1"',
      container: 'ports: [{containerPort: 80}], env: [{name: A, value: b}], readinessProbe: {httpGet: {port: 80}}',
    });
    const words = [...text.matchAll(/[\w./]+|\{[^{}]*\}|\[[^[\]]*\]/g)];
    const other = fc.constantFrom('null', '{}', '[]', '7', '"x"', '[null]', '{a: null}', 'true', '-1');
    fc.assert(
      fc.property(fc.nat(words.length - 1), other, (at, replacement) => {
        const word = words[at]!;
        run([text.slice(0, word.index) + replacement + text.slice(word.index + word[0].length)]);
      }),
      { numRuns: 400 },
    );
  });
});
