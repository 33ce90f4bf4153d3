import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tarStream } from './tar-stream.ts'

const run = promisify(execFile)

test('an archive holds the files, also those with long names and of odd sizes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hone-tar-'))
  const long = `${'a-long-name-'.repeat(12)}é.txt`
  const files = new Map([
    ['empty', Buffer.alloc(0)],
    ['block', Buffer.alloc(512, 1)],
    ['adapter/weights.bin', Buffer.alloc(1025, 2)],
    [long, Buffer.from('long')],
  ])
  await mkdir(join(folder, 'in', 'adapter'), { recursive: true })
  for (const [name, content] of files) await writeFile(join(folder, 'in', name), content)
  const chunks: Buffer[] = []
  for await (const chunk of tarStream(join(folder, 'in'), [...files.keys()], 'model'))
    chunks.push(chunk as Buffer)
  const archive = join(folder, 'model.tar')
  await writeFile(archive, Buffer.concat(chunks))
  // That of the system, which Windows has too.
  await run('tar', ['-xf', 'model.tar'], { cwd: folder })
  for (const [name, content] of files) {
    expect({ name, content: await readFile(join(folder, 'model', name)) }).toEqual({ name, content })
  }
})
