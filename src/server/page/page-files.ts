import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFile } from '../../lib/package-file.ts'

/** A file of the page, held whole. */
export interface PageFile {
  readonly type: string
  readonly bytes: Buffer
  readonly gzip: Buffer | undefined
  readonly etag: string
  /** Its name has a hash of its content. */
  readonly isImmutable: boolean
}

/** Where `npm run build` puts the page. */
export const builtPage = fileURLToPath(packageFile('dist/page'))

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** The files of a built page by their path, such as `/assets/main-1a2b3c.js`; none where it is not built. */
export async function readPageFiles(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const known = new Set(names)
  const files = names.flatMap((name) => {
    const type = types[name.split('.').at(-1) ?? '']
    return type === undefined ? [] : [{ name, type }]
  })
  const read = files.map(async ({ name, type }): Promise<[string, PageFile]> => {
    const bytes = await readFile(join(folder, name))
    const gzip = known.has(`${name}.gz`) ? await readFile(join(folder, `${name}.gz`)) : undefined
    const path = `/${name.split(sep).join('/')}`
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
    return [path, { type, bytes, gzip, etag, isImmutable: path.startsWith('/assets/') }]
  })
  return new Map(await Promise.all(read))
}
