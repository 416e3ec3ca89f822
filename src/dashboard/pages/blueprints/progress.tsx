import { useEffect, useRef } from 'preact/hooks';
import { failureOf } from './plan.ts';
import type { Ordered } from './use-order.ts';

/** What the command says as it goes on. */
export function Messages({ messages }: { readonly messages: readonly string[] }) {
  const log = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [messages.length]);
  if (messages.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
    <pre class="blueprints-log" role="log" aria-label="Progress" tabIndex={0} ref={log}>
      {messages.join('\n')}
    </pre>
  );
}

/** Why it did not work: the error, its places, and what to do. */
export function Trouble({ ordered }: { readonly ordered: Ordered }) {
  const { state, error, result } = ordered;
  if (state === 'lost') return <p class="banner bad">The agent has broken off its answer.</p>;
  if (state !== 'failed') return null;
  const failure = failureOf(result);
  return (
    <div class="banner bad" role="alert">
      {failure?.diagnostics?.map(({ file, line, column, summary, detail, hint }) => (
        <p key={`${file}:${line}:${column} ${summary}`}>
          <span class="mono">
            {file}:{line}:{column}
          </span>{' '}
          {summary}
          {detail !== undefined && ` – ${detail}`}
          {hint !== undefined && ` (${hint})`}
        </p>
      ))}
      <p>{failure?.message ?? error ?? 'The command has failed.'}</p>
      {failure?.hint !== undefined && <p>Hint: {failure.hint}</p>}
    </div>
  );
}
