/** The outcome of something that can fail for reasons that are values: collected, passed on, shown. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };
