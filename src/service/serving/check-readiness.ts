import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../../store/database/tables.ts'

/** What a server needs to answer; undefined for what is there, else why it is not. */
export interface Readiness {
  readonly database: string | undefined
  readonly folder: string | undefined
}

/** Asks the database, and writes a file to the home. */
export async function checkReadiness(database: Database, home: string): Promise<Readiness> {
  const [answered, written] = await Promise.all([
    reasonOf(database.selectFrom('keys').select('id').limit(1).execute()),
    reasonOf(writeProbe(home)),
  ])
  return { database: answered, folder: written }
}

async function writeProbe(home: string): Promise<void> {
  await mkdir(home, { recursive: true })
  const probe = join(home, `.ready-${randomBytes(4).toString('hex')}.tmp`)
  try {
    await writeFile(probe, 'ready')
  } finally {
    await rm(probe, { force: true })
  }
}

const reasonOf = (done: Promise<unknown>): Promise<string | undefined> =>
  done.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
