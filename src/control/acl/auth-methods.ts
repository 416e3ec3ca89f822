import { isAuthMethodName } from '../../acl/names.ts';
import { formatDuration } from '../../base/duration.ts';
import { messageOf } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import { type AclRemoval, aclRow, aclRows } from '../../catalog/acl.ts';
import type { AclAuthMethod } from '../../catalog/acl-rows.ts';
import type { Compat } from '../compatibility.ts';
import { AUTH_METHOD_TYPES, type MethodRow, makeValidator, type Validator } from './auth/validator.ts';
import { failed } from './grants.ts';
import type { AclStore } from './store.ts';
import { MAX_TOKEN_TTL_NS, MIN_TOKEN_TTL_NS } from './tokens.ts';

export interface GivenAuthMethod {
  readonly Name: string;
  readonly Type: string;
  readonly DisplayName: string;
  readonly Description: string;
  /** Nanoseconds; 0: none. */
  readonly MaxTokenTTL: number;
  readonly TokenLocality: string;
  readonly TokenNameFormat: string;
  readonly Config: Readonly<Record<string, unknown>>;
}

/** Whom the cluster trusts to say who somebody is. Validators are kept as long as their method stays as it is. */
export class AuthMethods {
  readonly #store: AclStore;
  readonly #clock: Clock;
  readonly #compat: Compat;
  readonly #validators = new Map<string, { readonly at: number; readonly validator: Validator }>();

  constructor(store: AclStore, clock: Clock, compat: Compat) {
    this.#store = store;
    this.#clock = clock;
    this.#compat = compat;
  }

  find(name: string): AclAuthMethod | undefined {
    return aclRow(this.#store.snapshot, this.#store.primary, 'aclAuthMethods', name);
  }

  async validator(method: AclAuthMethod): Promise<Validator> {
    const known = this.#validators.get(method.Name);
    if (known?.at === method.ModifyIndex) return known.validator;
    const validator = await this.#make(method);
    this.#validators.set(method.Name, { at: method.ModifyIndex, validator });
    return validator;
  }

  async write(given: GivenAuthMethod): Promise<AclAuthMethod> {
    const { Name, MaxTokenTTL, TokenLocality } = given;
    if (Name === '') throw failed('Invalid Auth Method: no Name is set');
    if (!isAuthMethodName(Name)) throw failed("Invalid Auth Method: invalid Name. Only alphanumeric characters, '-' and '_' are allowed");
    const existing = this.find(Name);
    const Type = given.Type || (existing?.Type ?? '');
    if (existing && existing.Type !== Type) throw failed('the Type field of an Auth Method is immutable');
    if (!AUTH_METHOD_TYPES.includes(Type)) throw failed(`Invalid Auth Method: Type should be one of: [${AUTH_METHOD_TYPES.join(' ')}]`);
    checkTtl(MaxTokenTTL);
    if (!['', 'local', 'global'].includes(TokenLocality))
      throw failed("Invalid Auth Method: TokenLocality should be one of 'local' or 'global'");
    const row = rowOf({ ...given, Type });
    try {
      await this.#make(row);
    } catch (error) {
      throw failed(`Invalid Auth Method: ${messageOf(error)}`);
    }
    const store = this.#store;
    await store.write((s) => {
      const now = aclRow(s, store.primary, 'aclAuthMethods', Name);
      if (now && now.Type !== Type) throw failed('the Type field of an Auth Method is immutable');
      return { puts: [{ table: 'aclAuthMethods', row }], result: undefined };
    });
    return this.find(Name)!;
  }

  /** With its binding rules, and the tokens that came through it. False: there is no such method. */
  delete(name: string): Promise<boolean> {
    const { primary } = this.#store;
    return this.#store.write((s) => {
      const known = aclRow(s, primary, 'aclAuthMethods', name);
      if (!known) return { result: false };
      const rules = aclRows(s, primary, 'aclBindingRules').filter((rule) => rule.AuthMethod === known.Name);
      const tokens = aclRows(s, primary, 'aclTokens').filter((token) => token.AuthMethod === known.Name);
      const removals: AclRemoval[] = [
        ...rules.map(({ ID }): AclRemoval => ({ table: 'aclBindingRules', key: ID })),
        ...tokens.map(({ AccessorID }): AclRemoval => ({ table: 'aclTokens', key: AccessorID })),
        { table: 'aclAuthMethods', key: known.Name },
      ];
      return { removals, result: true };
    });
  }

  #make(row: MethodRow): Promise<Validator> {
    return makeValidator(row, this.#clock, this.#compat === '1.8' ? 'square/go-jose' : 'go-jose/go-jose');
  }
}

function checkTtl(ttl: number): void {
  if (ttl === 0) return;
  if (ttl > MAX_TOKEN_TTL_NS) throw failed(`MaxTokenTTL ${formatDuration(ttl)} cannot be more than ${formatDuration(MAX_TOKEN_TTL_NS)}`);
  if (ttl < MIN_TOKEN_TTL_NS) throw failed(`MaxTokenTTL ${formatDuration(ttl)} cannot be less than ${formatDuration(MIN_TOKEN_TTL_NS)}`);
}

function rowOf({ Name, Type, DisplayName, Description, MaxTokenTTL, TokenLocality, TokenNameFormat, Config }: GivenAuthMethod): MethodRow {
  return {
    Name,
    Type,
    ...(DisplayName === '' ? {} : { DisplayName }),
    Description,
    MaxTokenTTL,
    ...(TokenLocality === '' ? {} : { TokenLocality }),
    ...(TokenNameFormat === '' ? {} : { TokenNameFormat }),
    Config,
  };
}
