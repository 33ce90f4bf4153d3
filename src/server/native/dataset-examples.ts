import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { z } from 'zod'
import type { ExampleRowView } from '../../service/example-pages/example-pages.ts'
import type { ApiRoute } from '../json-api/api-route.ts'
import { checkedPart } from './checked-part.ts'
import type { exampleRow, oneExample } from './contract/dataset-examples.ts'
import { datasetOperations } from './contract/datasets.ts'
import { datasetReference } from './datasets.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute, type Answered } from './native-route.ts'
import { plainExample, shortExample } from './plain-example.ts'

export const exampleRoutes = (context: NativeContext): ApiRoute[] => {
  const { pages } = context
  return [
    nativeRoute(datasetOperations.listExamples, async (call) => {
      const { part, offset, limit, lines: named, finding, for: profile, ...filter } = call.search
      const { signal } = call
      const reference = datasetReference(call)
      const asked = named === undefined ? undefined : new Set(named.split(',').map(Number))
      const lines =
        finding === undefined
          ? asked
          : await linesOf(
              context,
              await pages.open(reference, part),
              { finding, profile, among: asked },
              signal,
            )
      const page = await pages.page(reference, part, { ...filter, lines }, { offset, limit }, { signal })
      return { ...page, rows: page.rows.map(shortRow) }
    }),
    nativeRoute(datasetOperations.getExample, async (call) => {
      const { part, base, ...view } = call.search
      const row = Number(/^\d{1,9}$/.exec(call.labels['row'] ?? '')?.[0] ?? Number.MAX_SAFE_INTEGER)
      const { raw, ...found } = await pages.one(datasetReference(call), part, row)
      const mask = base === undefined ? null : await maskOf(context, raw, { ...view, base }, call.signal)
      return { row: wholeRow(found), mask }
    }),
  ]
}

async function linesOf(
  context: NativeContext,
  part: Awaited<ReturnType<NativeContext['pages']['open']>>,
  {
    finding,
    profile,
    among,
  }: {
    readonly finding: string
    readonly profile: string | undefined
    readonly among: ReadonlySet<number> | undefined
  },
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const { findings } = await checkedPart(context, part, { for: profile }, { signal })
  const lines = findings.flatMap(({ id, at }) => (id === finding && at.line !== undefined ? [at.line] : []))
  return new Set(among === undefined ? lines : lines.filter((line) => among.has(line)))
}

type ShownRow = Answered<z.input<typeof exampleRow>>

function shortRow({ example, ...row }: ExampleRowView): ShownRow {
  if (example === undefined) return { ...row, text: row.text?.slice(0, 4_000) ?? null, example: null }
  const short = shortExample(example)
  return { ...row, example: short.example, isCut: row.isCut || short.isCut }
}

const wholeRow = ({ example, ...row }: ExampleRowView): ShownRow => ({
  ...row,
  example: example === undefined ? null : plainExample(example),
})

/** One record as training sees it; it is looked at alone, because a file is read from its beginning. */
async function maskOf(
  { services }: Pick<NativeContext, 'services'>,
  raw: string,
  view: {
    readonly base: string
    readonly maxTokens?: number | undefined
    readonly answers?: 'all' | 'last' | undefined
    readonly system?: string | undefined
  },
  signal: AbortSignal,
): Promise<Answered<z.input<typeof oneExample>['mask']>> {
  const work = await mkdtemp(join(tmpdir(), 'hone-record-'))
  try {
    const file = join(work, 'record.jsonl')
    await writeFile(file, `${raw}\n`)
    const { model, limit, context, records } = await services.data.mask({ ...view, file }, { signal })
    const [record] = records
    if (record === undefined) return null
    const { sequences, warnings, error } = record
    return { model, limit, context, sequences, warnings, error }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
