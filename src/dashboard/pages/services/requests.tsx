import { useState } from 'preact/hooks';
import type { TappedRequest } from '../../../api/tapped-request.ts';
import { useStream } from '../../client/live.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { DataTable } from '../../components/data-table.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Icon } from '../../components/icon.tsx';
import { Card } from '../../components/page.tsx';
import { duration } from '../../texts/numbers.ts';
import type { OfService } from './service-view.tsx';

/** A line of the stream: a request, or how many could not be shown. */
type Line = TappedRequest | { readonly dropped: number };

const KEPT = 200;

/** Requests from and to a service as they end. */
export function Requests({ service: { name } }: OfService) {
  const [isOpen, setOpen] = useState(true);
  const [status, setStatus] = useState('');
  const [path, setPath] = useState('');
  const query = new URLSearchParams({ service: name, ...(status === '' ? {} : { status }), ...(path === '' ? {} : { path }) });
  const { items, error, clear } = useStream<Line>(isOpen ? `/v1/mesh/tap?${query.toString()}` : undefined, KEPT);
  const dropped = items.reduce((sum, item) => ('dropped' in item ? sum + item.dropped : sum), 0);
  const rows = items
    .map((item, index) => ({ item, index }))
    .filter((row): row is { item: TappedRequest; index: number } => !('dropped' in row.item))
    .toReversed();
  return (
    <Card
      title="Requests as they end"
      aside={
        <div class="row">
          <select aria-label="Status" value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
            <option value="">any status</option>
            {['2xx', '3xx', '4xx', '5xx'].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <input
            class="search"
            data-search
            placeholder="/path"
            aria-label="Path begins with"
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
          <button type="button" onClick={() => setOpen(!isOpen)}>
            <Icon name={isOpen ? 'pause' : 'play'} /> {isOpen ? 'Pause' : 'Go on'}
          </button>
          <button type="button" onClick={clear}>
            Clear
          </button>
        </div>
      }
    >
      {error && <ErrorBanner text={error.message} />}
      {dropped > 0 && <p class="card-body muted">{dropped} more came faster than they could be shown.</p>}
      <DataTable
        caption={`Requests of ${name}`}
        rows={rows}
        rowKey={({ item, index }) => `${item.at} ${item.proxy} ${index}`}
        empty={isOpen ? 'Waiting for requests …' : 'Paused.'}
        columns={[
          { title: 'Time', cell: ({ item }) => <code>{new Date(item.at).toLocaleTimeString(undefined, { hour12: false })}</code> },
          {
            title: 'From → to',
            cell: ({ item: { source, destination, direction } }) => (
              <>
                {source || '?'} → {destination} <span class="muted">{direction}</span>
              </>
            ),
          },
          { title: 'Request', cell: ({ item }) => <code>{item.connection ? 'connection' : `${item.method} ${item.target}`}</code> },
          {
            title: 'Status',
            cell: ({ item }) => (
              <>
                <Badge tone={toneOf(item)}>{statusText(item)}</Badge>
                {item.flag !== '' && <code title={item.reason}>{item.flag}</code>}
              </>
            ),
          },
          { title: 'Time taken', numeric: true, cell: ({ item }) => duration(item.durationMs) },
          {
            title: 'Went to',
            cell: ({ item: { endpoint, reason, rule } }) => (reason === undefined ? <code>{endpoint ?? ''}</code> : (rule ?? reason)),
          },
        ]}
      />
    </Card>
  );
}

const statusText = ({ status, connection, reason }: TappedRequest): string =>
  status > 0 ? String(status) : connection && reason === undefined ? 'closed' : 'none';

function toneOf({ status, connection, reason }: TappedRequest): Tone {
  if (status >= 500 || (status === 0 && (!connection || reason !== undefined))) return 'bad';
  return status >= 400 ? 'warn' : 'good';
}
