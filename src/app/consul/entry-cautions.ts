import { type Diagnostic, warningAt } from '../../base/diagnostic.ts';
import type { ApiResponse } from './client.ts';

/** What the agent says of what config entries do together. */
export interface CautionJson {
  readonly Summary: string;
  readonly Hint: string;
}

export const cautionDiagnostic = ({ Summary, Hint }: CautionJson): Diagnostic => warningAt(undefined, Summary, { hint: Hint });

/** Of the answer to a single write. A real Consul says nothing. */
export function cautionsOf({ headers }: ApiResponse): Diagnostic[] {
  const given = headers['x-mesh-cautions'];
  return typeof given === 'string' ? (JSON.parse(given) as CautionJson[]).map(cautionDiagnostic) : [];
}
