import { useState } from 'preact/hooks';
import type { ExplainRequest, ExplainStep, Explanation } from '../../../api/explanation.ts';
import { messageOf, send } from '../../client/api.ts';
import { Badge } from '../../components/badge.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Card } from '../../components/page.tsx';
import { headersFrom } from './headers.ts';
import type { OfService } from './service-view.tsx';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

/** What would become of a request to the service, step by step. */
export function Explain({ service, topology }: OfService) {
  const callers = topology.edges.filter(
    ({ destination, destinationDatacenter }) => destination === service.name && destinationDatacenter === service.datacenter,
  );
  const [caller, setCaller] = useState(0);
  const [method, setMethod] = useState('GET');
  const [path, setPath] = useState('/');
  const [headers, setHeaders] = useState('');
  const [result, setResult] = useState<Explanation | undefined>();
  const [error, setError] = useState('');
  const edge = callers[caller];
  if (!edge) return <p class="none">Nobody has {service.name} as an upstream: there is no request to explain.</p>;
  const isBytes = edge.protocol === 'tcp';
  const ask = async (): Promise<void> => {
    const body: ExplainRequest = {
      source: edge.source,
      sourceDatacenter: edge.sourceDatacenter,
      destination: edge.upstream,
      ...(isBytes ? {} : { request: { method, path, headers: headersFrom(headers) } }),
    };
    try {
      setResult(await send<Explanation>('POST', '/v1/mesh/explain', body));
      setError('');
    } catch (failure) {
      setResult(undefined);
      setError(messageOf(failure));
    }
  };
  return (
    <>
      <Card title="Explain a request">
        <form
          class="explain-form card-body"
          onSubmit={(event) => {
            event.preventDefault();
            void ask();
          }}
        >
          <label class="stack">
            <span>Caller</span>
            <select value={String(caller)} onChange={(event) => setCaller(Number(event.currentTarget.value))}>
              {callers.map(({ source, sourceDatacenter, upstream }, index) => (
                <option key={`${sourceDatacenter} ${source} ${upstream}`} value={String(index)}>
                  {source} → {upstream}
                </option>
              ))}
            </select>
          </label>
          {!isBytes && (
            <>
              <label class="stack">
                <span>Method</span>
                <select value={method} onChange={(event) => setMethod(event.currentTarget.value)}>
                  {METHODS.map((one) => (
                    <option key={one}>{one}</option>
                  ))}
                </select>
              </label>
              <label class="stack explain-path">
                <span>Path</span>
                <input value={path} onInput={(event) => setPath(event.currentTarget.value)} />
              </label>
              <label class="stack explain-path">
                <span>Headers, one a line</span>
                <textarea rows={2} placeholder="X-Group: dev" value={headers} onInput={(event) => setHeaders(event.currentTarget.value)} />
              </label>
            </>
          )}
          <button type="submit" class="primary">
            Explain
          </button>
        </form>
      </Card>
      <div aria-live="polite">
        {error !== '' && <ErrorBanner text={error} />}
        {result && <Steps explanation={result} />}
      </div>
    </>
  );
}

function Steps({ explanation: { verdict, summary, steps, fix } }: { readonly explanation: Explanation }) {
  return (
    <Card title="What would become of it" aside={<Badge tone={verdict === 'passes' ? 'good' : 'bad'}>{verdict}</Badge>}>
      <div class="card-body stack">
        <p>{summary}</p>
        {fix !== undefined && (
          <p>
            To let it pass: <code>{fix}</code>
          </p>
        )}
        <ol class="explain-steps">
          {steps.map((step) => (
            <Step key={`${step.kind} ${step.text}`} step={step} />
          ))}
        </ol>
      </div>
    </Card>
  );
}

const MARKS = { ok: '✓', no: '✗', info: '·', chosen: '✓', passed: '–', after: ' ' } as const;

function Step({ step: { kind, state, text, origin, details } }: { readonly step: ExplainStep }) {
  return (
    <li class={`explain-step ${state}`}>
      <span class="explain-mark" aria-hidden="true">
        {MARKS[state]}
      </span>
      <div>
        <span class="muted">{kind}</span> {text}
        {origin && <span class="muted"> · {originText(origin)}</span>}
        {details.length > 0 && (
          <ul>
            {details.map((detail) => (
              <li key={`${detail.state} ${detail.text}`} class={`explain-detail ${detail.state}`}>
                {MARKS[detail.state]} {detail.text}
                {detail.reason !== undefined && <span class="muted"> ({detail.reason})</span>}
                {detail.origin && <span class="muted"> · {originText(detail.origin)}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

const originText = ({ of, file }: NonNullable<ExplainStep['origin']>): string => (file ? `${of}, ${file.path}:${file.line}` : of);
