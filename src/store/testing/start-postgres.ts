import { execFile, execFileSync } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Postgres extends AsyncDisposable {
  /** Address of an empty database. */
  readonly location: string
}

/** Folder of the server's programs; undefined where none is installed. */
async function findPrograms(): Promise<string | undefined> {
  const root = '/usr/lib/postgresql'
  const versions = await readdir(root).catch(() => [])
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(root, newest, 'bin')
}

/**
 * Starts a server of its own on a socket in a temporary folder. As root it runs as the user `postgres`, since the server
 * refuses root.
 *
 * @returns undefined where Postgres is not installed
 */
export async function startPostgres(): Promise<Postgres | undefined> {
  const programs = await findPrograms()
  if (programs === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'hone-postgres-'))
  const identity: { uid?: number; gid?: number } = process.getuid?.() === 0 ? userNamed('postgres') : {}
  if (identity.uid !== undefined) await chown(folder, identity.uid, identity.gid ?? identity.uid)
  const data = join(folder, 'data')
  const options = { ...identity, cwd: folder }
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'hone', '-A', 'trust', '--no-sync'], options)
  const settings = `-c listen_addresses='' -c unix_socket_directories='${folder}' -c fsync=off`
  const control = (...words: string[]): Promise<unknown> =>
    run(join(programs, 'pg_ctl'), ['-D', data, '-w', ...words], options)
  await control('-l', join(folder, 'log'), '-o', settings, 'start')
  return {
    location: `postgres://hone@localhost/postgres?host=${encodeURIComponent(folder)}`,
    async [Symbol.asyncDispose]() {
      await control('-m', 'immediate', 'stop')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function userNamed(name: string): { uid: number; gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
