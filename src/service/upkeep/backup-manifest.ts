import { join } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../../core/errors.ts'
import { readJsonFile } from '../../lib/read-json-file.ts'
import type { TableName } from '../../store/database/table-rows.ts'
import { tableNames } from '../../store/database/tables.ts'

/** What of a home is kept in a backup, beside the database: everything that cannot be made again. */
export const backedUpEntries = [
  's3',
  'models',
  'datasets',
  'seals',
  'evaluations',
  'job-logs',
  'hone.server.yaml',
] as const

/** Folder of the tables' rows in a backup. */
export const tablesFolder = 'database'

/** A path with slashes that stays where it is put. */
const path = z
  .string()
  .max(4096)
  .refine((text) => {
    const [top = '', ...parts] = text.split('/')
    const isKnown = [...backedUpEntries, tablesFolder].some((entry) => entry === top)
    return (
      isKnown && parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part))
    )
  }, 'is no path of a backup')

export interface BackupFile {
  /** From the backup's folder, with slashes. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
}

/** `manifest.json` of a backup. */
export interface BackupManifest {
  readonly schema: 1
  readonly kind: 'backup'
  /** Version of Hone that wrote it. */
  readonly version: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly database: {
    /** Migrations that the tables have seen, in their order. */
    readonly migrations: readonly string[]
    readonly tables: readonly { readonly name: TableName; readonly rows: number }[]
  }
  readonly files: readonly BackupFile[]
}

const backupManifest: z.ZodType<BackupManifest> = z.object({
  schema: z.literal(1),
  kind: z.literal('backup'),
  version: z.string(),
  createdAt: z.string(),
  database: z.object({
    migrations: z.array(z.string()),
    tables: z.array(z.object({ name: z.enum(tableNames), rows: z.int().min(0) })),
  }),
  files: z.array(z.object({ path, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})

/** @throws HoneError `E_USAGE` for a folder that is no backup */
export async function readBackupManifest(folder: string): Promise<BackupManifest> {
  const file = join(folder, 'manifest.json')
  const parsed = backupManifest.safeParse(await readJsonFile(file, 'E_USAGE'))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new HoneError(
    'E_USAGE',
    `this is no backup: /${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}`,
    {
      at: { file },
      hint: 'name a folder that hone backup wrote, with a version of Hone that is not older',
    },
  )
}
