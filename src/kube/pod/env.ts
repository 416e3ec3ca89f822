import type { Diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import { errorHere, type Place, under, warningHere } from '../place.ts';
import { type Found, textOf } from '../stores.ts';
import { FIELDS, fieldOf, type PodContext } from './context.ts';
import { expand } from './expand.ts';
import type { Container } from './schema.ts';

/**
 * The environment of a container. Kubernetes: `envFrom` first, a later source wins; then `env` in order, each value seeing
 * those before it. The variables `<SERVICE>_SERVICE_HOST` of Services are not made: there are no cluster addresses here.
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
    const value = valueFrom(variable.valueFrom, under(place, 'valueFrom'), pod);
    if (value.type === 'found') env.set(variable.name, value.value);
    else if (value.type === 'problem') diagnostics.push(value.diagnostic);
  });
  return { env: { ...pod.injectedEnv, ...Object.fromEntries(env) }, diagnostics };
}

type ValueFrom = NonNullable<Container['env'][number]['valueFrom']>;

function valueFrom(from: ValueFrom, at: Place, pod: PodContext): Found<string> {
  if (from.fieldRef) {
    const { fieldPath } = from.fieldRef;
    const value = fieldOf(pod, fieldPath);
    if (value !== undefined) return { type: 'found', value };
    const diagnostic = errorHere(under(at, 'fieldRef', 'fieldPath'), `there is no field "${fieldPath}"`, {
      detail: `expected metadata.labels['…'], metadata.annotations['…'] or one of: ${Object.keys(FIELDS).join(', ')}`,
      ...didYouMean(fieldPath, Object.keys(FIELDS)),
    });
    return { type: 'problem', diagnostic };
  }
  const ref = from.configMapKeyRef ?? from.secretKeyRef;
  if (!ref) {
    const summary = 'resourceFieldRef is not supported yet; the variable is left out';
    return { type: 'problem', diagnostic: warningHere(under(at, 'resourceFieldRef'), summary) };
  }
  const kind = from.configMapKeyRef ? 'ConfigMap' : 'Secret';
  const place = under(at, from.configMapKeyRef ? 'configMapKeyRef' : 'secretKeyRef');
  const store = pod.stores.find(kind, pod.namespace, ref.name, ref.optional, under(place, 'name'));
  return store.type === 'found' ? textOf(store.value, ref.key, ref.optional, under(place, 'key')) : store;
}
