import type { DiagnosticJson } from '../base/diagnostic.ts';

/** `GET /v1/mesh/config/:kind/:name`: a config entry as people write it. */
export interface EntryText {
  readonly kind: string;
  readonly name: string;
  /** For `PUT /v1/config?cas=`. */
  readonly modifyIndex: number;
  /** HCL, without what is computed or there by default. */
  readonly text: string;
}

/** `POST /v1/mesh/config/parse`, the text of an entry as the body: what would come of writing it. Nothing is written. */
export interface ParsedEntry {
  /** As far as they could be read. */
  readonly kind: string;
  readonly name: string;
  /** What is wrong with it, or with the mesh as it would be; a place in the text where there is one. */
  readonly diagnostics: readonly DiagnosticJson[];
  /** What deserves a second look in the mesh as it would be. */
  readonly cautions: readonly { readonly summary: string; readonly hint: string }[];
  /** For `PUT /v1/config`; absent where there is an error among the diagnostics. */
  readonly entry?: Readonly<Record<string, unknown>>;
  /** The same in the layout of `present`, to compare them. */
  readonly text?: string;
  /** The entry that it would take the place of. */
  readonly present?: EntryText;
}
