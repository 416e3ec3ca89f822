import { type Decoded, object, required, string } from '../../schema/schema.ts';
import {
  type CertificateFiles,
  certificateFiles,
  certificateLifecycle,
  type SerialReserved,
  writeCertificate,
} from '../certificate-files.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  output: required(
    string(),
    "Folder for NAME.cert and NAME.key, and in Jumppad's spelling NAME.pub and NAME.ssh, relative to the blueprint.",
  ),
});

export const certificateCa = resourceType<Decoded<typeof schema>, CertificateFiles, SerialReserved>({
  type: 'certificate_ca',
  schema,
  doc: 'A certificate authority for servers of yours: a self-signed certificate and its key (EC P-256, mode 0600). It stays the same until it is destroyed; sidecars do not use it.',
  ...certificateLifecycle((files: CertificateFiles) => files),

  lower: (config, context) => certificateFiles(config.output, '', context),

  async create(key, files, { serial }, context, { adopt }) {
    if (adopt) return {};
    const { createUserCa } = await import('../../pki/user-certificates.ts');
    const made = createUserCa({ name: nameOf(key), serial: BigInt(`0x${serial}`), now: Date.now() });
    return writeCertificate(files, made, context.files);
  },
});

const nameOf = (key: string): string => key.slice(key.indexOf('.') + 1);
