import type { Diagnostic } from '../../base/diagnostic.ts';
import { type Place, under } from '../../schema/place.ts';
import { type Found, textOf } from '../stores.ts';
import type { PodContext } from './context.ts';
import { fieldValue, resourceValue } from './downward.ts';
import { expand } from './expand.ts';
import type { Container } from './schema.ts';

/**
 * The environment of a container. Kubernetes: `envFrom` first, a later source wins; then `env` in order, each value seeing
 * those before it. The variables `<SERVICE>_SERVICE_HOST` of Services are not made: a new Service would replace all pods.
 */
export function containerEnv(container: Container, at: Place, pod: PodContext): { env: Record<string, string>; diagnostics: Diagnostic[] } {
  const env = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  container.envFrom.forEach((from, i) => {
    const kind = from.configMapRef ? 'ConfigMap' : 'Secret';
    const field = from.configMapRef ? 'configMapRef' : 'secretRef';
    const ref = from.configMapRef ?? from.secretRef;
    if (!ref) return;
    const place = under(at, 'envFrom', i, field, 'name');
    const store = pod.stores.find(kind, pod.namespace, ref.name, ref.optional, place);
    if (store.type === 'problem') diagnostics.push(store.diagnostic);
    if (store.type !== 'found') return;
    for (const key of store.value.values.keys()) {
      const text = textOf(store.value, key, false, place);
      if (text.type === 'found') env.set(from.prefix + key, text.value);
      else if (text.type === 'problem') diagnostics.push(text.diagnostic);
    }
  });
  container.env.forEach((variable, i) => {
    const place = under(at, 'env', i);
    if (variable.valueFrom === undefined) {
      env.set(
        variable.name,
        expand(variable.value ?? '', (name) => env.get(name)),
      );
      return;
    }
    const value = valueFrom(variable.valueFrom, under(place, 'valueFrom'), pod, container);
    if (value.type === 'found') env.set(variable.name, value.value);
    else if (value.type === 'problem') diagnostics.push(value.diagnostic);
  });
  return { env: { ...pod.injectedEnv, ...Object.fromEntries(env) }, diagnostics };
}

type ValueFrom = NonNullable<Container['env'][number]['valueFrom']>;

function valueFrom(from: ValueFrom, at: Place, pod: PodContext, container: Container): Found<string> {
  if (from.fieldRef) return fieldValue(from.fieldRef.fieldPath, under(at, 'fieldRef'), pod);
  if (from.resourceFieldRef) return resourceValue(from.resourceFieldRef, under(at, 'resourceFieldRef'), pod, container);
  const ref = from.configMapKeyRef ?? from.secretKeyRef;
  if (!ref) return { type: 'silent' };
  const kind = from.configMapKeyRef ? 'ConfigMap' : 'Secret';
  const place = under(at, from.configMapKeyRef ? 'configMapKeyRef' : 'secretKeyRef');
  const store = pod.stores.find(kind, pod.namespace, ref.name, ref.optional, under(place, 'name'));
  return store.type === 'found' ? textOf(store.value, ref.key, ref.optional, under(place, 'key')) : store;
}
