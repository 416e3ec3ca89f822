import type { Diagnostic } from '../base/diagnostic.ts';
import { errorHere, type Place, under } from '../schema/place.ts';
import { type Decoded, list, map, object, oneOf, optional, required, string } from '../schema/schema.ts';

export type Labels = Readonly<Record<string, string>>;

export const selectorSchema = object({
  matchLabels: optional(map(string()), 'Labels that a pod must have.'),
  matchExpressions: optional(
    list(
      object({
        key: required(string(), 'Label that is looked at.'),
        operator: required(oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'), 'How it is compared.'),
        values: optional(list(string()), 'Values for In and NotIn.'),
      }),
    ),
    'Conditions that a pod must meet.',
  ),
});

export type Selector = Decoded<typeof selectorSchema>;

/** All labels are there with these values. */
export function hasLabels(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

export function matches(selector: Selector, labels: Labels): boolean {
  return hasLabels(labels, selector.matchLabels ?? {}) && (selector.matchExpressions ?? []).every((condition) => meets(condition, labels));
}

function meets({ key, operator, values = [] }: NonNullable<Selector['matchExpressions']>[number], labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

export function validateSelector(selector: Selector, at: Place): Diagnostic[] {
  return (selector.matchExpressions ?? []).flatMap(({ operator, values = [] }, i) => {
    const place = under(at, 'matchExpressions', i);
    const wantsValues = operator === 'In' || operator === 'NotIn';
    if (wantsValues && values.length === 0) return [errorHere(place, `${operator} needs "values"`)];
    if (!wantsValues && values.length > 0) return [errorHere(under(place, 'values'), `${operator} takes no "values"`)];
    return [];
  });
}
