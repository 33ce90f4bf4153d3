import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BodyFault } from './dialect-request.ts'
import { partText, readMultipartForm } from './multipart-form.ts'

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

interface Read {
  readonly name: string
  readonly filename: string | undefined
  readonly content: Buffer
}

async function readAll(type: string, bytes: Buffer, size: number): Promise<Read[]> {
  const parts: Read[] = []
  for await (const { name, filename, content } of readMultipartForm(type, pieces(bytes, size))) {
    const chunks: Buffer[] = []
    for await (const chunk of content) chunks.push(chunk)
    parts.push({ name, filename, content: Buffer.concat(chunks) })
  }
  return parts
}

/** As the platform's own client writes it. */
async function encoded(form: FormData): Promise<{ readonly type: string; readonly bytes: Buffer }> {
  const response = new Response(form)
  const type = response.headers.get('content-type') ?? ''
  return { type, bytes: Buffer.from(await response.arrayBuffer()) }
}

test('what a client writes is read as it was, however it is cut', async () => {
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Nearly boundaries.
    fc.constantFrom('\r\n', '\r\n--', '--', '\r\n\r\n', '\r\r\n', '').map((text) => Buffer.from(text)),
  )
  const member = fc.record({
    name: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    filename: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    content,
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { maxLength: 5 }),
      fc.integer({ min: 1, max: 80 }),
      async (members, size) => {
        const form = new FormData()
        for (const { name, filename, content: bytes } of members)
          form.append(name, new Blob([new Uint8Array(bytes)]), filename)
        const { type, bytes } = await encoded(form)
        const parts = await readAll(type, bytes, size)
        // Names are Unicode as the platform has made it: lone surrogates cannot be written.
        const wanted = [...form.entries()].map(([name], at) => ({
          name: name.replaceAll(/\r\n|\r|\n/g, '\r\n'),
          content: Buffer.from(members[at]?.content ?? []),
        }))
        expect(parts.map(({ name, content: read }) => ({ name, content: read }))).toEqual(wanted)
      },
    ),
  )
})

test('texts, file names and types are told, and what nobody reads is skipped', async () => {
  const form = new FormData()
  form.append('purpose', 'fine-tune')
  form.append('file', new Blob(['a\r\nb'], { type: 'application/jsonl' }), 'my "data".jsonl')
  form.append('last', 'ü')
  const { type, bytes } = await encoded(form)
  const seen: unknown[] = []
  for await (const part of readMultipartForm(type, pieces(bytes, 7))) {
    if (part.name === 'file') seen.push([part.filename, part.type])
    else seen.push([part.name, await partText(part)])
  }
  expect(seen).toEqual([
    ['purpose', 'fine-tune'],
    ['my "data".jsonl', 'application/jsonl'],
    ['last', 'ü'],
  ])
})

const type = 'multipart/form-data; boundary=x'
const good = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nhello\r\n--x--\r\n'

test('a form that is cut off anywhere is refused', async () => {
  expect((await readAll(type, Buffer.from(good), 4)).map(({ content }) => String(content))).toEqual(['hello'])
  const end = good.length - '--\r\n'.length
  for (let length = 0; length < end; length++) {
    const cut = Buffer.from(good.slice(0, length))
    await expect(readAll(type, cut, 5), `${length} bytes`).rejects.toThrow(BodyFault)
  }
})

test.each([
  ['no boundary', 'multipart/form-data', good],
  ['another type', 'application/json', good],
  ['a wrong boundary', 'multipart/form-data; boundary=y', good],
  ['a part without a name', type, good.replace('; name="a"', '')],
  ['a header without a colon', type, good.replace('disposition:', 'disposition')],
  ['headers without an end', type, `--x\r\n${'a'.repeat(100_000)}`],
  ['something beside a boundary', type, good.replace('--x\r\n', '--xy\r\n')],
  ['too many parts', type, good.slice(0, good.indexOf('--x--')).repeat(300)],
])('%s is refused', async (_, given, body) => {
  await expect(readAll(given, Buffer.from(body), 1000)).rejects.toThrow(BodyFault)
})
