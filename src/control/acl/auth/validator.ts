import type { Clock } from '../../../base/ports.ts';
import type { AclAuthMethod } from '../../../catalog/acl-rows.ts';
import type { Unindexed } from '../../../catalog/types.ts';
import type { Shape } from '../../../filter/shape.ts';

/** Who a bearer token speaks for, as far as binding rules can tell. */
export interface Identity {
  /** What selectors look at. */
  readonly fields: object;
  /** What names are made of: `value.name`, `serviceaccount.namespace`. */
  readonly values: ReadonlyMap<string, string>;
}

/** One auth method, ready to look at bearer tokens. */
export interface Validator {
  readonly shape: Shape;
  /** Names that a binding rule may use. */
  readonly names: readonly string[];
  /** Throws an Error in Consul's words for a token that is not valid. */
  validate(bearerToken: string): Promise<Identity>;
}

export type MethodRow = Unindexed<AclAuthMethod>;

/** The types of auth methods, each loaded when it is first used. Throws an Error that says what is wrong with the configuration. */
export async function makeValidator(method: MethodRow, clock: Clock, dialect: string): Promise<Validator> {
  if (method.Type === 'jwt') {
    const { jwtValidator } = await import('./jwt-method.ts');
    return jwtValidator(method.Config, clock, dialect);
  }
  const { kubernetesValidator } = await import('./kubernetes-method.ts');
  return kubernetesValidator(method.Config);
}

export const AUTH_METHOD_TYPES: readonly string[] = ['jwt', 'kubernetes'];
