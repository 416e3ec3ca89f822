import { messageOf, systemCode } from '../base/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'it is a link that leads to itself',
};

/** Why a file that is there can't be read. */
export function whyUnreadable(error: unknown): string {
  return REASONS[systemCode(error) ?? ''] ?? messageOf(error);
}
