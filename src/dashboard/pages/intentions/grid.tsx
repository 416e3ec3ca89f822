import { useRef, useState } from 'preact/hooks';
import { type Cell, type Decision, type Matrix, ruleText } from './matrix.ts';

const MARKS: Readonly<Record<Decision, string>> = { allow: '✓', deny: '✕', mixed: '◐', unknown: '·' };
const WORDS: Readonly<Record<Decision, string>> = {
  allow: 'allowed',
  deny: 'denied',
  mixed: 'decided by request',
  unknown: 'left to the default',
};

/** A grid of buttons: one of them takes the focus, and arrows, Home and End go on from there. */
export function Grid({ matrix, sources, destinations, onChoose }: GridProps) {
  const table = useRef<HTMLTableElement>(null);
  const [focused, setFocused] = useState({ row: 0, column: 0 });
  const at = { row: Math.min(focused.row, sources.length - 1), column: Math.min(focused.column, destinations.length - 1) };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = moved(event, at, { row: sources.length - 1, column: destinations.length - 1 });
    if (!target) return;
    event.preventDefault();
    setFocused(target);
    table.current?.querySelector<HTMLElement>(`[data-at="${target.row} ${target.column}"]`)?.focus();
  };
  return (
    <section class="table-frame intentions-frame" aria-label="Who may call whom">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are buttons, with arrows from one to the next, is a grid */}
      <table class="intentions-grid" role="grid" ref={table} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">
              <span class="muted">from ↓ to →</span>
            </th>
            {destinations.map((name) => (
              <th key={name} scope="col">
                <Name name={name} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map((source, row) => (
            <tr key={source}>
              <th scope="row">
                <Name name={source} />
              </th>
              {destinations.map((destination, column) => (
                <CellButton
                  key={destination}
                  cell={matrix.cell(source, destination)}
                  at={`${row} ${column}`}
                  isTabStop={row === at.row && column === at.column}
                  onFocus={() => setFocused({ row, column })}
                  onChoose={onChoose}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const Name = ({ name }: { readonly name: string }) =>
  name === '*' ? <span title="any service">* any</span> : <span title={name}>{name}</span>;

interface GridProps {
  readonly matrix: Matrix;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  readonly onChoose: (cell: Cell) => void;
}

function CellButton({ cell, at, isTabStop, onFocus, onChoose }: CellButtonProps) {
  const { source, destination, decision, own } = cell;
  const text = `${source} to ${destination}: ${WORDS[decision]} by ${ruleText(cell)}`;
  return (
    <td>
      <button
        type="button"
        class={`intentions-cell ${decision} ${own ? 'own' : ''}`}
        data-at={at}
        tabIndex={isTabStop ? 0 : -1}
        aria-label={text}
        title={text}
        onFocus={onFocus}
        onClick={() => onChoose(cell)}
      >
        {MARKS[decision]}
      </button>
    </td>
  );
}

interface CellButtonProps {
  readonly cell: Cell;
  readonly at: string;
  readonly isTabStop: boolean;
  readonly onFocus: () => void;
  readonly onChoose: (cell: Cell) => void;
}

interface Position {
  readonly row: number;
  readonly column: number;
}

function moved({ key }: KeyboardEvent, { row, column }: Position, last: Position): Position | undefined {
  const targets: Readonly<Record<string, Position>> = {
    ArrowUp: { row: Math.max(0, row - 1), column },
    ArrowDown: { row: Math.min(last.row, row + 1), column },
    ArrowLeft: { row, column: Math.max(0, column - 1) },
    ArrowRight: { row, column: Math.min(last.column, column + 1) },
    Home: { row, column: 0 },
    End: { row, column: last.column },
  };
  return targets[key];
}
