import type { ComponentChildren } from 'preact';
import { HOW_TO_WRITE, useCanWrite } from '../client/tokens.ts';

/** A button that changes something. In a page without a token it is off, and says how to get one. */
export function WriteButton({ tone, disabled = false, label, onClick, submit = false, children }: WriteButtonProps) {
  const canWrite = useCanWrite();
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={tone ?? ''}
      disabled={disabled || !canWrite}
      title={canWrite ? undefined : HOW_TO_WRITE}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

interface WriteButtonProps {
  readonly tone?: 'primary' | 'danger' | 'ghost';
  readonly disabled?: boolean;
  /** For a button whose content is no text. */
  readonly label?: string;
  readonly onClick?: () => void;
  readonly submit?: boolean;
  readonly children: ComponentChildren;
}
