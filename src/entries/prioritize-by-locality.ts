import { object, optional, string } from '../schema/schema.ts';
import { type Problem, problem } from './problem.ts';

/** Consul refuses it without Enterprise. */
export const prioritizeByLocality = optional(
  object({ Mode: optional(string(), 'none, or failover: instances further off serve only when no nearer one can.') }),
  'Prefer near instances; a Consul without Enterprise refuses it.',
);

export function validatePrioritizeByLocality(given: { readonly Mode?: string | undefined } | undefined): Problem[] {
  const mode = given?.Mode ?? '';
  if (['', 'none', 'failover'].includes(mode)) return [];
  const text = `PrioritizeByLocality: invalid mode ${JSON.stringify(mode)}, must be one of "", "none", or "failover"`;
  return [problem('alone', 'PrioritizeByLocality.Mode', text)];
}
