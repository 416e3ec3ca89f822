/** An intention as Consul's API writes it, as far as its command line looks. */
export interface Intention {
  /** Absent for one that lives in a config entry. */
  readonly ID?: string;
  readonly Description?: string;
  readonly SourceNS?: string;
  readonly SourceName: string;
  readonly DestinationNS?: string;
  readonly DestinationName: string;
  readonly Action?: string;
  readonly Permissions?: readonly unknown[];
  readonly Meta?: Readonly<Record<string, string>>;
  readonly Precedence?: number;
  /** Absent for one that lives in a config entry. */
  readonly CreatedAt?: string;
}

/** `web => db (deny)` */
export function describeIntention(intention: Intention): string {
  return `${sourceOf(intention)} => ${destinationOf(intention)} (${intention.Action ?? ''})`;
}

/** The default namespace goes without saying. */
export const sourceOf = ({ SourceNS, SourceName }: Intention): string => qualified(SourceNS, SourceName);
export const destinationOf = ({ DestinationNS, DestinationName }: Intention): string => qualified(DestinationNS, DestinationName);

const qualified = (namespace: string | undefined, name: string): string =>
  namespace && namespace !== 'default' ? `${namespace}/${name}` : name;
