import { useState } from 'preact/hooks';
import { messageOf, send } from '../../client/api.ts';
import { withDatacenter } from '../../client/datacenter.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { toast } from '../../components/toast.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { href } from '../../shell/route.ts';
import {
  type Cell,
  type Choice,
  choiceOf,
  commandOf,
  type Decision,
  decisionOf,
  inherited,
  type Matrix,
  nextChoice,
  ruleText,
} from './matrix.ts';

const TONES: Readonly<Record<Decision, Tone>> = { allow: 'good', deny: 'bad', mixed: 'warn', unknown: 'plain' };
const WORDS: Readonly<Record<Decision, string>> = { allow: 'allowed', deny: 'denied', mixed: 'by request', unknown: 'default' };

/** What holds for a pair and why, and what to make of it. */
export function CellDialog({ cell, matrix, fallback, datacenter, onClose }: CellDialogProps) {
  const { source, destination, decision, own } = cell;
  const [choice, setChoice] = useState<Choice>(() => nextChoice(cell));
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const rest = inherited(matrix, cell);
  const below: Decision = rest ? decisionOf(rest) : fallback;
  const title = `${source === '*' ? 'any service' : source} → ${destination === '*' ? 'any service' : destination}`;
  const write = async (): Promise<void> => {
    setBusy(true);
    try {
      await writeIntention(choice, cell, datacenter);
      toast(choice === 'inherit' ? `${title}: the rule is gone` : `${title}: ${choice === 'allow' ? 'allowed' : 'denied'}`);
      onClose();
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void write();
        }}
      >
        <p>
          Now <Badge tone={TONES[decision]}>{WORDS[decision]}</Badge> by {ruleText(cell)}.{own?.Description ? ` “${own.Description}”` : ''}
        </p>
        {own && decisionOf(own) === 'mixed' ? (
          <>
            <p>Its permissions look at each request. They are edited as text.</p>
            <div class="actions">
              <a class="button" href={href(['config', 'service-intentions', destination])}>
                Open in the config editor
              </a>
            </div>
          </>
        ) : (
          <>
            <fieldset class="intentions-choices">
              <legend>Shall be</legend>
              {(['allow', 'deny', 'inherit'] as const).map((one) => (
                <label key={one}>
                  <input type="radio" name="choice" checked={choice === one} onChange={() => setChoice(one)} />
                  {one === 'inherit' ? (
                    <span>
                      inherited{' '}
                      <span class="muted">
                        ({WORDS[below]} by {ruleText(rest ? { by: rest } : {})})
                      </span>
                    </span>
                  ) : (
                    <span>{WORDS[one]}</span>
                  )}
                </label>
              ))}
            </fieldset>
            {choice === choiceOf(cell) ? (
              <p class="muted">That is how it is.</p>
            ) : (
              <p>
                Writes what <code>{commandOf(choice, cell)}</code> does.
              </p>
            )}
            {error !== '' && <ErrorBanner text={error} />}
            <div class="actions">
              <button type="button" onClick={onClose}>
                Cancel
              </button>
              <WriteButton submit tone={choice === 'deny' ? 'danger' : 'primary'} disabled={busy || choice === choiceOf(cell)}>
                {choice === 'inherit' ? 'Remove the rule' : choice === 'allow' ? 'Allow' : 'Deny'}
              </WriteButton>
            </div>
          </>
        )}
      </form>
    </Dialog>
  );
}

interface CellDialogProps {
  readonly cell: Cell;
  readonly matrix: Matrix;
  readonly fallback: Decision;
  readonly datacenter: string;
  readonly onClose: () => void;
}

/** What its writer said of it otherwise stays. */
async function writeIntention(choice: Choice, { source, destination, own }: Cell, datacenter: string): Promise<void> {
  const names = new URLSearchParams({ source, destination });
  const path = withDatacenter(`/v1/connect/intentions/exact?${names.toString()}`, datacenter);
  if (choice === 'inherit') await send('DELETE', path);
  else await send('PUT', path, { Action: choice, Description: own?.Description ?? '', ...(own?.Meta ? { Meta: own.Meta } : {}) });
}
