/** What the attribute `chart` of a release names. */
export type ChartReference =
  /** The Consul chart, which stands for the injector here. */
  | { readonly kind: 'consul' }
  /** A folder of this machine: what it is stands in its Chart.yaml. */
  | { readonly kind: 'folder' }
  | { readonly kind: 'other' };

export interface ChartRepository {
  readonly name: string;
  readonly url: string;
}

const HASHICORP_CHARTS = 'helm.releases.hashicorp.com';

/**
 * Recognises a chart by its reference alone, in all the forms that go-getter and Helm read:
 * `./helm/consul-helm-0.16.2`, `github.com/hashicorp/consul-helm?ref=v0.30.0`, `github.com/hashicorp/consul-k8s//charts/consul`,
 * `hashicorp/consul`, `consul` of a repository, an archive `…/consul-1.4.0.tgz`.
 */
export function chartReference(chart: string, repository: ChartRepository | undefined): ChartReference {
  const remote = repository !== undefined || isRemote(chart);
  const path = chart.split('?', 1)[0]!.replace(/\/+$/, '');
  const last = path
    .split('/')
    .at(-1)!
    .replace(/\.git$/, '');
  const ofHashicorp =
    /(^|[/:@])hashicorp\//.test(path) || repository?.name === 'hashicorp' || `${path} ${repository?.url}`.includes(HASHICORP_CHARTS);
  const isConsul = /^consul-helm(-|$)/.test(last) || (ofHashicorp && /^consul(-\d[\w.+-]*\.tgz)?$/.test(last));
  if (isConsul) return { kind: 'consul' };
  return { kind: remote ? 'other' : 'folder' };
}

/** Not a path of this machine. */
function isRemote(chart: string): boolean {
  return /^[\w+-]+::|^[\w+-]+:\/\/|^git@|^(github|gitlab|bitbucket)\.(com|org)\//.test(chart);
}
