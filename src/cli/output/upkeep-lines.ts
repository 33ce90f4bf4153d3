import type { MadeBackup } from '../../service/upkeep/backup-home.ts'
import type { CollectedGarbage } from '../../service/upkeep/collect-garbage.ts'
import type { RestoredHome } from '../../service/upkeep/restore-home.ts'
import type { SweptKind } from '../../service/upkeep/sweep.ts'
import { bytesText, plural } from './number-text.ts'

const what: Readonly<Record<SweptKind, string>> = {
  objects: 'bytes that no object names',
  uploads: 'uploads in parts that were given up',
  'job-data': 'data of jobs that have ended',
  sessions: 'sessions that are over',
  replays: 'answers kept for requests that are not sent again',
  responses: 'responses that nobody goes on from',
  audit: 'old entries of the audit log',
  downloads: 'downloads that were broken off',
  weights: 'cached weights',
  graphs: 'old graphs of the cache',
  temporary: 'files that a crash left',
}

/** What was freed, or would be. */
export function garbageLines({ dryRun, swept, bytes, kept }: CollectedGarbage): string[] {
  const found = swept.filter(({ count }) => count > 0)
  const rows = found.map(
    ({ kind, count, bytes: own }) =>
      `${String(count).padStart(9)} ${what[kind].padEnd(36)} ${bytesText(own)}`,
  )
  return [
    ...rows,
    ...kept.map((path) => `kept      ${path}: another process has it open`),
    `${dryRun ? 'would free' : 'freed    '} ${bytesText(bytes)}${found.length === 0 ? ': there is nothing to free' : ''}`,
  ]
}

export const backupLines = ({ folder, files, bytes, rows, leftOut }: MadeBackup): string[] => [
  `backup    ${folder} · ${plural(files, 'file')} · ${bytesText(bytes)} · ${plural(rows, 'row')} of the database`,
  ...leftOut.map(({ path, reason }) => `left out  ${path}: ${reason}`),
  'It holds the secrets of keys: keep it where only you can read it.',
  `next      hone restore ${folder} --home FOLDER`,
]

export const restoreLines = ({ home, createdAt, files, bytes, rows, migrated }: RestoredHome): string[] => [
  `restored  ${home} as of ${createdAt} · ${plural(files, 'file')} · ${bytesText(bytes)} · ${plural(rows, 'row')} of the database`,
  ...(migrated.length === 0 ? [] : [`updated   the database from an older version: ${migrated.join(', ')}`]),
  'next      hone serve',
]
