import { useEffect, useState } from 'preact/hooks';
import type { ParsedEntry } from '../../../api/config-text.ts';
import { messageOf, send } from '../../client/api.ts';
import { withDatacenter } from '../../client/datacenter.ts';

const QUIET_MS = 250;

/** What the agent says of a text that is being written. `isCurrent`: of the text as it is now. */
export interface Judged {
  readonly parsed?: ParsedEntry;
  readonly error?: string;
  readonly isCurrent: boolean;
}

export const parse = (text: string, datacenter: string): Promise<ParsedEntry> =>
  send<ParsedEntry>('POST', withDatacenter('/v1/mesh/config/parse', datacenter), text);

/** Asked when nobody has typed for a moment. */
export function useParsed(text: string, datacenter: string, enabled: boolean): Judged {
  const [judged, setJudged] = useState<{ readonly text: string; readonly parsed?: ParsedEntry; readonly error?: string }>({ text: '' });
  useEffect(() => {
    if (!enabled || text.trim() === '') return undefined;
    let isOld = false;
    const timer = setTimeout(() => {
      parse(text, datacenter).then(
        (parsed) => isOld || setJudged({ text, parsed }),
        (error: unknown) => isOld || setJudged({ text, error: messageOf(error) }),
      );
    }, QUIET_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [text, datacenter, enabled]);
  const { text: of, ...rest } = judged;
  return { ...rest, isCurrent: of === text };
}
