import type { Diagnostic } from '../base/diagnostic.ts';
import { errorAtKey, errorHere, type Place, under } from '../schema/place.ts';

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED = /^([^/]+\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Kubernetes: RFC 1123 subdomain, at most 253 characters. */
export function validateName(name: string, at: Place): Diagnostic[] {
  if (name.length <= 253 && SUBDOMAIN.test(name)) return [];
  return [errorHere(at, `${JSON.stringify(name)} can't be a name`, { detail: "expected lower-case letters, digits, '-' and '.'" })];
}

/** Kubernetes: RFC 1123 label, at most 63 characters; names of containers, volumes and Services. */
export function validateLabelName(name: string, at: Place): Diagnostic[] {
  if (name.length <= 63 && LABEL.test(name)) return [];
  return [errorHere(at, `${JSON.stringify(name)} can't be a name`, { detail: "expected at most 63 lower-case letters, digits and '-'" })];
}

/** Keys and values of a set of labels. */
export function validateLabels(labels: Readonly<Record<string, string>>, at: Place): Diagnostic[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const place = under(at, key);
    if (!QUALIFIED.test(key)) return [errorAtKey(place, `${JSON.stringify(key)} can't be the key of a label`)];
    if (value.length <= 63 && VALUE.test(value)) return [];
    return [
      errorHere(place, `${JSON.stringify(value)} can't be the value of a label`, {
        detail: "expected at most 63 letters, digits, '-', '_' and '.'",
      }),
    ];
  });
}
