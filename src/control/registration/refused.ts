/** Why a registration can't be: what was asked for makes no sense, names something unknown, or may not be done here. */
export type RefusalKind = 'invalid' | 'unknown' | 'failed';

/** In Consul's words. */
export class RegistrationRefused extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
