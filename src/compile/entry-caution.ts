/** What can be written, and does something else than it seems to. Beyond Consul, for people. */
export interface EntryCaution {
  readonly summary: string;
  readonly hint: string;
  /** What it tells of: only who may read that is to hear it. */
  readonly about: { readonly kind: string; readonly name: string };
  /** Where in it. */
  readonly path?: string;
}
