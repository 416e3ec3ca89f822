import { useEffect, useState } from 'preact/hooks';
import type { BlueprintOrder } from '../../../api/blueprints.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Loading } from '../../components/loading.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { type Plan, type Step, stepsOf, summaryOf } from './plan.ts';
import { Messages, Trouble } from './progress.tsx';
import { useOrder } from './use-order.ts';

/** Plans a blueprint, shows what would happen, and runs it if that is what is wanted. */
export function RunDialog({ id, name, others, onClose }: RunDialogProps) {
  const [order, setOrder] = useState<BlueprintOrder>({ id, movePorts: false, replace: [] });
  const plan = useOrder();
  const run = useOrder();
  useEffect(() => plan.start('plan', order), [order]);
  const steps = plan.state === 'done' ? stepsOf(plan.result as Plan) : undefined;
  const isIdle = run.state === 'idle';
  return (
    <Dialog title={`Run ${name}`} wide onClose={onClose}>
      <div class="stack">
        {isIdle && (
          <>
            <Options order={order} others={others} onChange={setOrder} />
            {plan.state === 'running' && <Loading what="Planning" />}
            <Trouble ordered={plan} />
            {steps && <Steps steps={steps} />}
          </>
        )}
        <Messages messages={run.messages} />
        {run.state === 'running' && <Loading what={`Running ${name}`} />}
        <Trouble ordered={run} />
        {run.state === 'done' && <Done result={run.result} name={name} />}
        <div class="actions">
          {run.state === 'running' ? (
            <button type="button" class="danger" onClick={() => run.stop()}>
              Stop
            </button>
          ) : (
            <button type="button" onClick={onClose}>
              {isIdle ? 'Cancel' : 'Close'}
            </button>
          )}
          {isIdle && (
            <WriteButton tone="primary" disabled={!steps || steps.length === 0} onClick={() => run.start('run', order)}>
              Run
            </WriteButton>
          )}
        </div>
      </div>
    </Dialog>
  );
}

interface Other {
  readonly id: string;
  readonly name: string;
}

interface RunDialogProps {
  readonly id: string;
  readonly name: string;
  /** Other applied blueprints, whose place it could take. */
  readonly others: readonly Other[];
  readonly onClose: () => void;
}

function Options({ order, others, onChange }: OptionsProps) {
  const { movePorts = false, replace = [] } = order;
  const toggled = (id: string, isIn: boolean): readonly string[] => (isIn ? [...replace, id] : replace.filter((one) => one !== id));
  return (
    <div class="row blueprints-options">
      <label>
        <input type="checkbox" checked={movePorts} onChange={(event) => onChange({ ...order, movePorts: event.currentTarget.checked })} />{' '}
        move ports that are taken
      </label>
      {others.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={replace.includes(id)}
            onChange={(event) => onChange({ ...order, replace: toggled(id, event.currentTarget.checked) })}
          />{' '}
          in the place of {name}
        </label>
      ))}
    </div>
  );
}

interface OptionsProps {
  readonly order: BlueprintOrder;
  readonly others: readonly Other[];
  readonly onChange: (order: BlueprintOrder) => void;
}

const TONES: Readonly<Record<string, Tone>> = { create: 'good', change: 'accent', replace: 'warn', remove: 'bad' };

function Steps({ steps }: { readonly steps: readonly Step[] }) {
  if (steps.length === 0) return <p>Nothing to do: it runs already, as its files say.</p>;
  return (
    <>
      <p>{summaryOf(steps)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <section class="blueprints-steps" aria-label="What would happen" tabIndex={0}>
        <ul>
          {steps.map(({ key, action, why }) => (
            <li key={`${action} ${key}`}>
              <Badge tone={TONES[action] ?? 'plain'}>{action}</Badge> <span class="mono">{key}</span>{' '}
              {why !== '' && <span class="muted">{why}</span>}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Done({ result, name }: { readonly result: unknown; readonly name: string }) {
  const { status } = (result ?? {}) as { status?: { ingresses?: readonly { id: string; url: string }[] } };
  return (
    <div class="banner good" role="status">
      <p>{name} is ready.</p>
      {status?.ingresses?.map(({ id, url }) => (
        <p key={id}>
          {id}: <a href={url}>{url}</a>
        </p>
      ))}
    </div>
  );
}
