import { appendFile, copyFile, open, stat } from 'node:fs/promises'
import { HoneError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/example.ts'
import type { DataOptions } from '../data/data-event.ts'
import { keepFile, withDatasetDraft, writtenFile, type DatasetDetails } from '../data/dataset-service.ts'
import type { OpenedPart } from '../example-pages/example-pages.ts'
import { readLineExample } from '../example-pages/read-line-example.ts'

/**
 * A new version of a dataset with one record more.
 *
 * @param part undefined for a dataset that begins with this record
 * @throws HoneError `E_DATA` for a record that cannot be read; `E_EXISTS` for a split, which is drawn and not written by hand
 */
export async function addExample(
  home: string,
  name: string,
  part: OpenedPart | undefined,
  record: JsonObject,
  options: DataOptions,
): Promise<DatasetDetails> {
  if (part !== undefined && part.part !== 'records') {
    throw new HoneError('E_EXISTS', `${part.dataset} is a split: its parts are drawn, and sealed`, {
      hint: 'add the example to the dataset that it was split from, and split anew',
    })
  }
  const line = JSON.stringify(record)
  const { example, findings } = readLineExample(line, 1)
  if (example === undefined) {
    const [first] = findings.filter(({ severity }) => severity === 'error')
    throw new HoneError('E_DATA', first?.message ?? 'the record cannot be read', {
      at: first?.at ?? {},
      ...(first?.hint === undefined ? {} : { hint: first.hint }),
    })
  }
  return withDatasetDraft(home, async (draft) => {
    if (part !== undefined) await copyFile(part.file, draft)
    const start = part === undefined || (await endsWithBreak(draft)) ? '' : '\n'
    await appendFile(draft, `${start}${line}\n`)
    const inputs =
      part === undefined
        ? []
        : [{ file: part.file, sha256: part.sha256, dataset: `${part.dataset}/${part.part}` }]
    const made = { step: 'add', settings: {}, inputs, records: (part?.records ?? 0) + 1 }
    return keepFile(home, name, await writtenFile(draft, options), made, options)
  })
}

async function endsWithBreak(file: string): Promise<boolean> {
  const { size } = await stat(file)
  if (size === 0) return true
  const handle = await open(file)
  try {
    const last = Buffer.alloc(1)
    await handle.read(last, 0, 1, size - 1)
    return last[0] === 0x0a
  } finally {
    await handle.close()
  }
}
