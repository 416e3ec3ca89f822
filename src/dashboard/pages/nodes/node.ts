/** As `GET /v1/internal/ui/nodes` has it. */
export interface Node {
  readonly ID: string;
  readonly Node: string;
  readonly Address: string;
  readonly TaggedAddresses: Readonly<Record<string, string>> | null;
  readonly Meta: Readonly<Record<string, string>> | null;
  readonly Services: readonly Service[];
  readonly Checks: readonly Check[];
}

export interface Service {
  readonly Kind?: string;
  readonly ID: string;
  readonly Service: string;
  readonly Tags: readonly string[] | null;
  readonly Meta: Readonly<Record<string, string>> | null;
  readonly Address: string;
  readonly Port: number;
}

export interface Check {
  readonly CheckID: string;
  readonly Name: string;
  readonly Status: string;
  readonly Output: string;
  readonly ServiceID: string;
  readonly ServiceName: string;
  readonly Type: string;
}

const ORDER = ['passing', 'warning', 'critical'];

/** Of several checks; without any, nothing is wrong. */
export function worstOf(checks: readonly Pick<Check, 'Status'>[]): string {
  return ORDER[Math.max(0, ...checks.map(({ Status }) => ORDER.indexOf(Status)))]!;
}
