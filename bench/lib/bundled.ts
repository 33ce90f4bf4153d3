import { rmSync } from 'node:fs'
import { basename, isAbsolute, join } from 'node:path'
import { rolldown } from 'rolldown'

export interface Bundled extends Disposable {
  readonly file: string
}

/** Libraries of many small modules, and what newer syntax becomes. */
const inlined = /^(zod|kysely|@oxc-project\/runtime)(\/|$)/

/**
 * A script of this folder as the build makes the program: one that is compiled while it runs takes more memory, and its
 * functions take longer to make.
 */
export async function bundled(script: string): Promise<Bundled> {
  const name = basename(script).replace(/\.ts$/, '')
  // Where libraries that are not bundled are found.
  const folder = join('node_modules', '.cache', `bench-${name}-${process.pid}`)
  const program = await rolldown({
    input: script,
    platform: 'node',
    external: (id) => !id.startsWith('.') && !isAbsolute(id) && !inlined.test(id),
    transform: { target: 'node20.20' },
  })
  await program.write({ dir: folder, format: 'esm', entryFileNames: `${name}.mjs` })
  return {
    file: join(folder, `${name}.mjs`),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
