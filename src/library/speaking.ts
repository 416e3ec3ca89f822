import { MeshError } from '../base/errors.ts';

/**
 * The same object, whose errors say their hint in their message: test runners show an error's message and nothing else of it. Methods are
 * called on the object itself, so it may have private fields.
 */
export function speaking<T extends object>(target: T): T {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        try {
          const result: unknown = Reflect.apply(value, target, args);
          return result instanceof Promise ? result.catch((error: unknown) => Promise.reject(spoken(error))) : result;
        } catch (error) {
          throw spoken(error);
        }
      };
    },
  });
}

/** An error with its hint in the message. */
export function spoken<E>(error: E): E {
  if (error instanceof MeshError && error.hint !== undefined) {
    const told = `\nhint: ${error.hint}`;
    if (!error.message.endsWith(told)) error.message += told;
  }
  return error;
}
