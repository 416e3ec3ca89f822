/**
 * Does several things side by side. The first failure calls the others off; it is thrown when all have ended, so that nothing
 * goes on behind the back of who takes away what was made.
 */
export async function together(caller: AbortSignal, works: readonly ((signal: AbortSignal) => Promise<void>)[]): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([caller, failed.signal]);
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    works.map((work) =>
      work(signal).catch((error: unknown) => {
        failure ??= { error };
        failed.abort(error);
      }),
    ),
  );
  if (failure) throw failure.error;
}
