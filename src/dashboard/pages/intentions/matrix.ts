/** An intention as `GET /v1/connect/intentions` has it, as far as it is looked at here. */
export interface Intention {
  readonly SourceName: string;
  readonly SourcePeer?: string;
  readonly DestinationName: string;
  readonly Action?: 'allow' | 'deny' | '';
  readonly Permissions?: readonly unknown[];
  readonly Precedence: number;
  readonly Description?: string;
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `mixed`: permissions decide request by request. `unknown`: the default of the agent, which it does not tell. */
export type Decision = 'allow' | 'deny' | 'mixed' | 'unknown';

export interface Cell {
  readonly source: string;
  readonly destination: string;
  readonly decision: Decision;
  /** The intention of exactly these two. */
  readonly own?: Intention;
  /** The one that decides; absent: the default does. */
  readonly by?: Intention;
}

export interface Matrix {
  /** `*` first. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  cell(source: string, destination: string): Cell;
}

/** Who may call whom. `defaultDecision` is what counts where no intention speaks. */
export function matrixOf(services: readonly string[], intentions: readonly Intention[], defaultDecision: Decision): Matrix {
  const local = intentions.filter(({ SourcePeer = '' }) => SourcePeer === '');
  const names = (more: readonly string[]): string[] => {
    const all = new Set([...services, ...more]);
    all.delete('*');
    return ['*', ...[...all].sort()];
  };
  const byPair = new Map(local.map((one) => [keyOf(one.SourceName, one.DestinationName), one]));
  return {
    sources: names(local.map((one) => one.SourceName)),
    destinations: names(local.map((one) => one.DestinationName)),
    cell: (source, destination) => {
      // In the order of Consul's precedence: 9, 8, 6, 5.
      const candidates = [keyOf(source, destination), keyOf('*', destination), keyOf(source, '*'), keyOf('*', '*')];
      const by = candidates.map((key) => byPair.get(key)).find((one) => one !== undefined);
      const own = byPair.get(candidates[0]!);
      const decision = by === undefined ? defaultDecision : decisionOf(by);
      return { source, destination, decision, ...(own ? { own } : {}), ...(by ? { by } : {}) };
    },
  };
}

const keyOf = (source: string, destination: string): string => JSON.stringify([source, destination]);

export const decisionOf = ({ Action = '', Permissions = [] }: Intention): Decision =>
  Permissions.length > 0 ? 'mixed' : Action === 'allow' ? 'allow' : 'deny';

/** `web => payments (precedence 9)` */
export const ruleText = ({ by }: Pick<Cell, 'by'>): string =>
  by ? `${by.SourceName} => ${by.DestinationName} (precedence ${by.Precedence})` : 'the default';

export type Choice = 'allow' | 'deny' | 'inherit';

/** What the pair says itself. */
export const choiceOf = ({ own }: Cell): Choice => (own === undefined ? 'inherit' : own.Action === 'allow' ? 'allow' : 'deny');

/** What a click leads to: whoever clicks on what passes wants to stop it, and the other way round; then the rule goes. */
export function nextChoice(cell: Cell): Choice {
  if (!cell.own) return cell.decision === 'allow' ? 'deny' : 'allow';
  const choice = choiceOf(cell);
  return choice === 'deny' ? 'allow' : choice === 'allow' ? 'inherit' : 'deny';
}

/** What decides if the pair says nothing itself: the next in the order of precedence. */
export function inherited(matrix: Matrix, { source, destination }: Cell): Intention | undefined {
  const others = [matrix.cell('*', destination), matrix.cell(source, '*'), matrix.cell('*', '*')];
  return others.find((one) => one.own && !(one.source === source && one.destination === destination))?.own;
}

/** The same on a command line. */
export function commandOf(choice: Choice, { source, destination, own }: Cell): string {
  const pair = [source, destination].map((name) => (name === '*' ? "'*'" : name)).join(' ');
  if (choice === 'inherit') return `mesh intention delete ${pair}`;
  return `mesh intention create -${choice}${own ? ' -replace' : ''} ${pair}`;
}
