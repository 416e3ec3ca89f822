/** What the ACL endpoints answer, as far as commands print or send it. */

export interface Link {
  readonly ID?: string;
  readonly Name?: string;
}

export interface ServiceIdentity {
  readonly ServiceName: string;
  readonly Datacenters?: readonly string[] | null;
}

export interface NodeIdentity {
  readonly NodeName: string;
  readonly Datacenter: string;
}

export interface TemplatedPolicy {
  readonly TemplateName: string;
  /** Agents answer `name`; requests may say either. */
  readonly TemplateVariables?: { readonly Name?: string; readonly name?: string } | null;
  readonly Datacenters?: readonly string[] | null;
}

/** What a token or a role is made of. */
export interface Grants {
  readonly Policies?: readonly Link[] | null;
  /** Tokens only. */
  readonly Roles?: readonly Link[] | null;
  readonly ServiceIdentities?: readonly ServiceIdentity[] | null;
  readonly NodeIdentities?: readonly NodeIdentity[] | null;
  readonly TemplatedPolicies?: readonly TemplatedPolicy[] | null;
}

export interface Indexes {
  readonly Hash?: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

export interface Token extends Grants, Indexes {
  readonly AccessorID: string;
  readonly SecretID?: string;
  readonly Description: string;
  readonly Local: boolean;
  readonly AuthMethod?: string;
  readonly CreateTime: string;
  readonly ExpirationTime?: string;
  /** Of before 1.4. */
  readonly Rules?: string;
  readonly Legacy?: boolean;
}

export interface Policy extends Indexes {
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
  readonly Rules?: string;
  readonly Datacenters?: readonly string[] | null;
}

export interface Role extends Grants, Indexes {
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
}

export interface AuthMethod extends Indexes {
  readonly Name: string;
  readonly Type: string;
  readonly DisplayName?: string;
  readonly Description?: string;
  readonly MaxTokenTTL?: string;
  readonly TokenLocality?: string;
  readonly Config?: Readonly<Record<string, unknown>> | null;
}

export interface BindingRule extends Indexes {
  readonly ID: string;
  readonly Description: string;
  readonly AuthMethod: string;
  readonly Selector: string;
  readonly BindType: string;
  readonly BindName: string;
  readonly BindVars?: { readonly Name?: string; readonly name?: string } | null;
}

/** The only variable that Consul's templates have. */
export const variableName = (variables: { readonly Name?: string; readonly name?: string } | null | undefined): string =>
  variables?.Name ?? variables?.name ?? '';
