/** The terminal as a whole, while one program has it. */
export interface FullScreen {
  /** As it is at this moment. */
  readonly size: { readonly columns: number; readonly rows: number };
  /** Replaces what is shown. Lines must not be wider than the screen. A terminal that is behind misses frames. */
  draw(lines: readonly string[]): void;
  /** Called when the size has changed, or the program was in the background: draw again. */
  onChange(listener: () => void): void;
  /** `q`, ` `, `\u001b[A`: what the terminal sends. Ctrl-C and Ctrl-Z do what they always do. */
  onKey(listener: (key: string) => void): void;
  /** Gives the terminal back as it was. Idempotent. */
  close(): void;
}

const CSI = '\u001b[';

/** Another buffer than that of the shell, without a cursor. */
export const ENTER = `${CSI}?1049h${CSI}?25l`;
export const LEAVE = `${CSI}?25h${CSI}?1049l`;

/** A frame over the last one: nothing is cleared before it is written, and terminals that can show it at once. */
export function frameText(lines: readonly string[]): string {
  return `${CSI}?2026h${CSI}H${lines.map((line) => `${line}${CSI}K`).join('\r\n')}${CSI}J${CSI}?2026l`;
}
