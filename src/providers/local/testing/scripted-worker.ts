import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'

/**
 * A worker file with the given code, removed when the test ends. The code has `send(message)`, and is given each message as
 * `message`; `die()` ends the process at once, as the system does when memory runs out.
 */
export function scriptedWorker(onMessage: string, onStart = ''): URL {
  const folder = mkdtempSync(join(tmpdir(), 'hone-worker-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'worker.mjs')
  const lines = [
    'const send = (message) => process.send(message)',
    "const die = () => process.kill(process.pid, 'SIGKILL')",
    onStart,
    `process.on('message', (message) => { ${onMessage} })`,
    "process.on('disconnect', () => process.exit(1))",
  ]
  writeFileSync(file, lines.join('\n'))
  return pathToFileURL(file)
}
