import { join } from 'node:path';
import type { FilePort } from './context.ts';
import type { LowerContext, ResourceType } from './resource-type.ts';

/** `NAME.cert` and `NAME.key` in a folder, absolute. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Chosen before the files are made: by it they are known as ours later. */
export interface SerialReserved {
  /** Upper-case hex, 16 octets. */
  readonly serial: string;
}

export function certificateFiles(output: string, context: LowerContext): CertificateFiles {
  const folder = context.resolvePath(output);
  const files = { cert: join(folder, `${context.name}.cert`), key: join(folder, `${context.name}.key`) };
  context.provide(files.cert, undefined);
  context.provide(files.key, undefined);
  return files;
}

async function newSerial(): Promise<SerialReserved> {
  const { randomBytes } = await import('node:crypto');
  const octets = randomBytes(16);
  // Positive, and without leading zeros, so that it reads the same in every form.
  octets[0] = (octets[0]! & 0x3f) | 0x40;
  return { serial: octets.toString('hex').toUpperCase() };
}

export async function writeCertificate(
  { cert, key }: CertificateFiles,
  made: { readonly certPem: string; readonly keyPem: string },
  files: FilePort,
): Promise<void> {
  await files.write(key, made.keyPem, 0o600);
  await files.write(cert, made.certPem, 0o644);
}

/** What happens to a certificate beside being made: the same for a CA and a leaf. `filesOf`: where they stand in the spec. */
export const certificateLifecycle = <S>(filesOf: (spec: S) => CertificateFiles) =>
  ({
    makesFiles: true,
    reserve: newSerial,
    guards: () => [],
    async destroy(_key, spec, reserved, context) {
      if (reserved) await removeCertificate(filesOf(spec), reserved.serial, context.files);
    },
  }) satisfies Partial<ResourceType<unknown, S, SerialReserved>>;

/** Removes both, unless there is another certificate by now. */
async function removeCertificate({ cert, key }: CertificateFiles, serial: string, files: FilePort): Promise<void> {
  if ((await serialOf(await files.read(cert))) !== serial) return;
  await files.remove(cert);
  await files.remove(key);
}

async function serialOf(pem: string | undefined): Promise<string | undefined> {
  const { X509Certificate } = await import('node:crypto');
  try {
    return pem === undefined ? undefined : new X509Certificate(pem).serialNumber;
  } catch {
    return undefined;
  }
}
