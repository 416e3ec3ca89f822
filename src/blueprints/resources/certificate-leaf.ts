import { isIP } from 'node:net';
import { errorAt } from '../../base/diagnostic.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import { type Decoded, list, object, optional, required, string } from '../../schema/schema.ts';
import {
  type CertificateFiles,
  certificateFiles,
  certificateLifecycle,
  type SerialReserved,
  writeCertificate,
} from '../certificate-files.ts';
import type { FilePort } from '../context.ts';
import { shownPath } from '../paths.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';

const schema = object({
  ca_key: required(string(), 'Key of the CA, relative to the blueprint: NAME.key of a certificate_ca.'),
  ca_cert: required(string(), 'Certificate of the CA: NAME.cert of a certificate_ca.'),
  ip_addresses: optional(list(string()), 'Addresses that it is valid for.'),
  dns_names: optional(list(string()), 'Names that it is valid for.'),
  output: required(
    string(),
    "Folder for NAME.cert and NAME.key, relative to the blueprint; in Jumppad's spelling NAME-leaf.cert, .key, .pub and .ssh.",
  ),
});

interface LeafSpec {
  readonly name: string;
  readonly files: CertificateFiles;
  readonly ca: CertificateFiles;
  readonly ipAddresses: readonly string[];
  readonly dnsNames: readonly string[];
}

export const certificateLeaf = resourceType<Decoded<typeof schema>, LeafSpec, SerialReserved>({
  type: 'certificate_leaf',
  schema,
  doc: 'A certificate for a server or client of yours, signed by a CA, with its key (EC P-256, mode 0600). The CA is that of a certificate_ca, or another one with an EC P-256 key.',
  ...certificateLifecycle((spec: LeafSpec) => spec.files),
  lowerAfter: ['certificate_ca'],

  async lower(config, context) {
    const files = certificateFiles(config.output, '-leaf', context);
    const ca = { cert: context.resolvePath(config.ca_cert), key: context.resolvePath(config.ca_key) };
    await checkExists(ca.key, 'ca_key', context);
    await checkExists(ca.cert, 'ca_cert', context);
    if (ca.cert === files.cert) {
      const hint = 'give one of them another name, or another output';
      context.report(errorAt(context.at('output'), 'the certificate would take the place of its CA', { hint }));
    }
    const { ip_addresses: ipAddresses = [], dns_names: dnsNames = [] } = config;
    checkNames(ipAddresses, dnsNames, context);
    return { name: context.name, files, ca, ipAddresses, dnsNames };
  },

  async create(_key, spec, { serial }, { files }, { adopt }) {
    if (adopt) return {};
    const { issueUserLeaf, readUserCa } = await import('../../pki/user-certificates.ts');
    const [cert, key] = [await readFile(spec.ca.cert, files), await readFile(spec.ca.key, files)];
    try {
      const { name, dnsNames, ipAddresses } = spec;
      const request = { name, dnsNames, ipAddresses, serial: BigInt(`0x${serial}`), now: Date.now() };
      return await writeCertificate(spec.files, issueUserLeaf(readUserCa(cert, key), request), files);
    } catch (error) {
      if (error instanceof MeshError) throw error;
      throw new MeshError('invalid', `the CA in ${spec.ca.cert} can't sign: ${messageOf(error)}`, {
        hint: 'certificate_ca "root" { output = "./certs" } makes one that can',
      });
    }
  },
});

async function checkExists(path: string, attribute: 'ca_key' | 'ca_cert', context: LowerContext): Promise<void> {
  if (await context.exists(path)) return;
  const half = attribute === 'ca_key' ? 'key' : 'cert';
  const known = context.resources('certificate_ca').map(({ spec }) => shownPath((spec as CertificateFiles)[half], context.cwd));
  const example = `certificate_ca "root" { output = "./certs" } makes ./certs/root.${half}`;
  const hint = known.length === 0 ? example : `there will be: ${known.join(', ')}`;
  const detail = 'paths are relative to the file that they stand in';
  context.report(errorAt(context.at(attribute), `${shownPath(path, context.cwd)} does not exist`, { detail, hint }));
}

function checkNames(ipAddresses: readonly string[], dnsNames: readonly string[], context: LowerContext): void {
  for (const [i, address] of ipAddresses.entries()) {
    if (isIP(address) !== 0 && !address.includes('%')) continue;
    const hint = /^[\w.-]*[a-z][\w.-]*$/i.test(address) ? `dns_names = [${JSON.stringify(address)}]` : undefined;
    const more = { detail: 'expected an address such as "127.0.0.1" or "::1"', ...(hint === undefined ? {} : { hint }) };
    context.report(errorAt(context.at(`ip_addresses[${i}]`), `${JSON.stringify(address)} is not an IP address`, more));
  }
  for (const [i, name] of dnsNames.entries()) {
    if (/^[\x21-\x7e]+$/.test(name)) continue;
    const detail = 'expected printable ASCII without spaces, such as "localhost" or "*.example.com"';
    context.report(errorAt(context.at(`dns_names[${i}]`), `${JSON.stringify(name)} is not a DNS name`, { detail }));
  }
}

async function readFile(path: string, files: FilePort): Promise<string> {
  const text = await files.read(path);
  if (text === undefined) throw new MeshError('invalid', `${path} does not exist`, { hint: 'ca_key and ca_cert name the files of a CA' });
  return text;
}
