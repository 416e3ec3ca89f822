import { type Names, UUID } from './names.ts';

/** Fields whose values can't be the same in two runs; that they are there, and of what type, still counts. */
const VOLATILE = new Set(
  'ContentHash StableSince LastIndex CreatedAt UpdatedAt Hash NotBefore NotAfter LTime ActiveRootID CertPEM PrivateKeyPEM RootCert SerialNumber SigningKeyID ValidAfter ValidBefore'.split(
    ' ',
  ),
);

/** Of certificates, in the place of an id. */
const FINGERPRINT = /^[\da-f]{2}(:[\da-f]{2}){19}$/;

/** Where two JSON values differ, `$.Node.Meta: …`; field order counts. What the transcript made up is learned by `names`. */
export function compareJson(captured: unknown, actual: unknown, names: Names, at = '$'): string[] {
  const differs = (): string[] => [`${at}: ${JSON.stringify(actual)} instead of ${JSON.stringify(captured)}`];
  if (Array.isArray(captured)) {
    if (!Array.isArray(actual) || actual.length !== captured.length) return differs();
    const items = inOrderOf(captured, actual, names);
    return captured.flatMap((item, i) => compareJson(item, items[i], names, `${at}[${i}]`));
  }
  if (isObject(captured)) {
    if (!isObject(actual)) return differs();
    const keys = Object.keys(captured);
    if (keys.join() !== Object.keys(actual).join()) return [`${at}: fields ${Object.keys(actual).join()} instead of ${keys.join()}`];
    return keys.flatMap((key) => compareField(key, captured[key], actual[key], names, `${at}.${key}`));
  }
  if (typeof captured === 'string' && typeof actual === 'string') {
    if (FINGERPRINT.test(captured)) return FINGERPRINT.test(actual) ? [] : differs();
    const [id, made] = [UUID.exec(captured)?.[0], UUID.exec(actual)?.[0]];
    const isId = id !== undefined && made !== undefined && captured.replace(id, made) === actual;
    if (isId ? names.id(id, made) : names.translate(captured) === actual) return [];
    return differs();
  }
  return captured === actual ? [] : differs();
}

/** Lists that Consul orders by ids which it made up have another order here. */
function inOrderOf(captured: readonly unknown[], actual: readonly unknown[], names: Names): readonly unknown[] {
  const found = captured.map((item) => {
    const id = idOf(item);
    return id !== undefined && actual.find((other) => idOf(other) === names.translate(id));
  });
  return found.every(isObject) ? found : actual;
}

const idOf = (item: unknown): string | undefined =>
  isObject(item) && typeof item['ID'] === 'string' && item['ID'] !== '' ? item['ID'] : undefined;

function compareField(key: string, captured: unknown, actual: unknown, names: Names, at: string): string[] {
  const differs = [`${at}: ${JSON.stringify(actual)} instead of ${JSON.stringify(captured)}`];
  if (VOLATILE.has(key) && captured !== null) return typeof captured === typeof actual ? [] : differs;
  if ((key === 'CreateIndex' || key === 'ModifyIndex') && typeof captured === 'number') {
    return typeof actual === 'number' && names.index(captured, actual) ? [] : differs;
  }
  // What a prepared query finds is shuffled.
  if (key === 'Nodes' && Array.isArray(captured) && Array.isArray(actual))
    return compareJson(captured, byNode(captured, actual), names, at);
  return compareJson(captured, actual, names, at);
}

function byNode(captured: readonly unknown[], actual: readonly unknown[]): unknown[] {
  const nameOf = (item: unknown): unknown => (item as { Node?: { Node?: unknown } }).Node?.Node;
  const places = captured.map(nameOf);
  return [...actual].sort((a, b) => places.indexOf(nameOf(a)) - places.indexOf(nameOf(b)));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
