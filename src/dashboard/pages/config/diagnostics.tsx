import type { ParsedEntry } from '../../../api/config-text.ts';
import { Badge } from '../../components/badge.tsx';
import type { Judged } from './use-parsed.ts';

/** What the agent says of the text: what is wrong and where, what was expected, and what would be odd. */
export function Diagnostics({ judged, readOnly }: { readonly judged: Judged; readonly readOnly: boolean }) {
  const { parsed, error, isCurrent } = judged;
  if (readOnly) return null;
  return (
    <div class="config-diagnostics" aria-live="polite" aria-busy={!isCurrent}>
      {error !== undefined ? <p class="banner bad">{error}</p> : parsed ? <Found parsed={parsed} /> : <p class="muted">Checking …</p>}
    </div>
  );
}

function Found({ parsed }: { readonly parsed: ParsedEntry }) {
  const { diagnostics, cautions, entry } = parsed;
  return (
    <>
      {entry && diagnostics.length === 0 && (
        <p>
          <Badge tone="good">valid</Badge>
          {parsed.present === undefined ? ' A new entry.' : parsed.present.text === parsed.text ? ' As it is in the mesh.' : ' Changed.'}
        </p>
      )}
      <ul>
        {diagnostics.map(({ severity, line, column, summary, detail, hint }) => (
          <li key={`${line}:${column} ${summary}`}>
            <Badge tone={severity === 'error' ? 'bad' : 'warn'}>{severity}</Badge>
            <div>
              {line !== undefined && (
                <span class="mono muted">
                  {line}:{column}{' '}
                </span>
              )}
              {summary}
              {detail !== undefined && <div class="muted">{detail}</div>}
              {hint !== undefined && <div class="config-hint">{hint}</div>}
            </div>
          </li>
        ))}
        {cautions.map(({ summary, hint }) => (
          <li key={summary}>
            <Badge tone="warn">caution</Badge>
            <div>
              {summary}
              <div class="config-hint">{hint}</div>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
