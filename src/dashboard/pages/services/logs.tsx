import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogLine } from '../../../api/log-line.ts';
import { useStream } from '../../client/live.ts';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Icon } from '../../components/icon.tsx';
import { Card } from '../../components/page.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { plainText } from './plain-text.ts';
import type { OfService } from './service-view.tsx';

/** A line of the stream: of a log, or how many could not be shown. */
type Line = LogLine | { readonly dropped: number };

const KEPT = 1000;

/** What the programs of a service write, as they write it. */
export function Logs({ service: { name } }: OfService) {
  const [isOpen, setOpen] = useState(true);
  const [search, setSearch] = useState('');
  const { items, error } = useStream<Line>(isOpen ? `/v1/mesh/logs/${encodeURIComponent(name)}?follow&lines=200` : undefined, KEPT);
  const frame = useRef<HTMLElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const element = frame.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [items, search]);
  const written = items
    .filter((item): item is LogLine => 'line' in item)
    .map(({ workload, line }) => ({ workload, line: plainText(line) }));
  const shown = written.filter(({ line }) => line.toLowerCase().includes(search.toLowerCase()));
  const several = new Set(written.map(({ workload }) => workload)).size > 1;
  return (
    <Card
      title="Logs"
      aside={
        <div class="row">
          <SearchField label="Lines with" value={search} onChange={setSearch} />
          <button type="button" onClick={() => setOpen(!isOpen)}>
            <Icon name={isOpen ? 'pause' : 'play'} /> {isOpen ? 'Pause' : 'Go on'}
          </button>
        </div>
      }
    >
      {error && <ErrorBanner text={error.message} />}
      <section
        class="logs"
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
        tabIndex={0}
        aria-label={`Logs of ${name}`}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {shown.length === 0 && <p class="none">{written.length === 0 ? 'Nothing is written yet.' : 'No line has this.'}</p>}
        {shown.map(({ workload, line }, index) => (
          <div key={index}>
            {several && <span class="logs-workload">{workload}</span>}
            {line}
          </div>
        ))}
      </section>
    </Card>
  );
}
