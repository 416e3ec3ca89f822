import { useState } from 'preact/hooks';
import type { EntryText, ParsedEntry } from '../../../api/config-text.ts';
import { messageOf, send } from '../../client/api.ts';
import { withDatacenter } from '../../client/datacenter.ts';
import { useCanWrite } from '../../client/tokens.ts';
import { Confirm } from '../../components/confirm.tsx';
import { ErrorBanner } from '../../components/error-banner.tsx';
import { Icon } from '../../components/icon.tsx';
import { PageFrame } from '../../components/page.tsx';
import { toast } from '../../components/toast.tsx';
import { WriteButton } from '../../components/write-button.tsx';
import { href } from '../../shell/route.ts';
import { leave, useUnsaved } from '../../shell/router.ts';
import { Diagnostics } from './diagnostics.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { TextEditor } from './text-editor.tsx';
import { parse, useParsed } from './use-parsed.ts';

/** One entry as text: judged while it is typed, compared before it is written. */
export function EntryEditor({ title, start, opened, datacenter, onWritten }: EntryEditorProps) {
  const canWrite = useCanWrite();
  const [text, setText] = useState(start);
  const [review, setReview] = useState<ParsedEntry | undefined>();
  const [deleting, setDeleting] = useState(false);
  const [error, setError] = useState('');
  useUnsaved(text !== start);
  const judged = useParsed(text, datacenter, canWrite);
  const isGood = judged.isCurrent && judged.parsed?.entry !== undefined;
  const open = async (): Promise<void> => {
    try {
      const parsed = await parse(text, datacenter);
      if (parsed.entry) setReview(parsed);
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  const written = ({ kind, name }: ParsedEntry): void => {
    toast(`${kind}/${name} is written`);
    setReview(undefined);
    if (href(['config', kind, name]) === location.hash) onWritten();
    else leave(href(['config', kind, name]));
  };
  return (
    <PageFrame
      title={
        <span class="row">
          <a class="button icon" href={href(['config'])} aria-label="All config entries">
            <Icon name="back" />
          </a>
          {title}
        </span>
      }
      aside={
        <>
          {opened && (
            <WriteButton tone="danger" onClick={() => setDeleting(true)}>
              Delete
            </WriteButton>
          )}
          <WriteButton tone="primary" disabled={!isGood} onClick={() => void open()}>
            Review changes
          </WriteButton>
        </>
      }
    >
      {error !== '' && <ErrorBanner text={error} />}
      <TextEditor
        text={text}
        label={`${title} as HCL`}
        readOnly={!canWrite}
        marks={judged.isCurrent ? (judged.parsed?.diagnostics ?? []) : []}
        onChange={setText}
      />
      <Diagnostics judged={judged} readOnly={!canWrite} />
      {review && (
        <ReviewDialog
          parsed={review}
          opened={opened?.kind === review.kind && opened.name === review.name ? opened.modifyIndex : undefined}
          datacenter={datacenter}
          onAgain={() => void open()}
          onWritten={() => written(review)}
          onClose={() => setReview(undefined)}
        />
      )}
      {deleting && opened && (
        <Confirm
          title={`Delete ${opened.kind}/${opened.name}?`}
          action="Delete"
          onClose={() => setDeleting(false)}
          run={() => remove(opened, datacenter)}
        >
          <p>What it says holds no longer, at once. What is now in the mesh:</p>
          <pre class="config-present">{opened.text}</pre>
        </Confirm>
      )}
    </PageFrame>
  );
}

interface EntryEditorProps {
  readonly title: string;
  /** What the text is at first. */
  readonly start: string;
  /** Absent: it is a new one. */
  readonly opened?: EntryText | undefined;
  readonly datacenter: string;
  /** It was written in its place. */
  readonly onWritten: () => void;
}

async function remove({ kind, name, modifyIndex }: EntryText, datacenter: string): Promise<void> {
  const path = `/v1/config/${encodeURIComponent(kind)}/${encodeURIComponent(name)}?cas=${modifyIndex}`;
  if ((await send<unknown>('DELETE', withDatacenter(path, datacenter))) === false)
    throw new Error('Somebody else has changed it since you opened it: it is still there. Load it again.');
  toast(`${kind}/${name} is deleted`);
  leave(href(['config']));
}
