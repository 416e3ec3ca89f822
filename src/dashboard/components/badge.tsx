import type { ComponentChildren } from 'preact';

export type Tone = 'good' | 'warn' | 'bad' | 'accent' | 'plain';

/** A word or two in a frame; its colour says nothing that the word does not. */
export function Badge({
  tone = 'plain',
  title,
  children,
}: {
  readonly tone?: Tone;
  readonly title?: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {children}
    </span>
  );
}

const TONES: Readonly<Record<string, Tone>> = { passing: 'good', warning: 'warn', critical: 'bad' };

/** Of a check or an instance. */
export function Health({ status }: { readonly status: string }) {
  return <Badge tone={TONES[status] ?? 'plain'}>{status}</Badge>;
}
