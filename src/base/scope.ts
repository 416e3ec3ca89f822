type Closer = () => unknown;

/** Owns things that must be closed, last opened first. `close` is idempotent; every closer runs even if one throws. */
export class Scope implements AsyncDisposable {
  #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  /** Registers a closer; runs it at once (in the background) if the scope is closed already. */
  defer(closer: Closer): void {
    if (this.#closing) void closer();
    else this.#closers.push(closer);
  }

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  async #run(): Promise<void> {
    const errors: unknown[] = [];
    for (let closer = this.#closers.pop(); closer; closer = this.#closers.pop()) {
      try {
        await closer();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, 'several resources failed to close');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
