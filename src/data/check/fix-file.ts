import { isUtf8 } from 'node:buffer'
import { parse, resolve } from 'node:path'
import type { JsonObject } from '../../core/example.ts'
import { HoneError } from '../../core/errors.ts'
import { readLineBatches } from '../../lib/read-line-batches.ts'
import { replaceFile, type FileWriter } from '../../lib/replace-file.ts'
import type { CheckFileOptions } from './check-file.ts'
import { isLineFault, parseLine } from '../records/parse-line.ts'
import { RowChecker } from './row-checker.ts'
import { ruleId } from './rule.ts'

export interface FixedFile {
  /** The file as it should be. */
  readonly file: string
  /** Every line that was changed, as a unified diff without context. */
  readonly diff: string
  /** Lines that were changed or taken away. */
  readonly changed: number
  /** Number of lines that each rule's fix changed. */
  readonly byRule: Readonly<Record<string, number>>
}

/** `claims.jsonl` → `claims.fixed.jsonl` and `claims.fixed.diff`, beside it. */
export function fixedNames(file: string): { readonly file: string; readonly diff: string } {
  const { dir, name, ext } = parse(file)
  const base = dir === '' ? name : `${dir === '/' ? '' : dir}/${name}`
  return { file: `${base}.fixed${ext === '' ? '.jsonl' : ext}`, diff: `${base}.fixed.diff` }
}

/**
 * Writes a copy of a file in which everything is mended that has a safe fix, and a diff of the two. Lines without a fix
 * stay as they are, byte for byte; the input is never written.
 *
 * @throws HoneError `E_EXISTS` where the copy or the diff is there and `force` is not given, `E_DISK`; `signal.reason`
 */
export async function fixFile(
  file: string,
  options: CheckFileOptions & {
    readonly force?: boolean | undefined
    readonly exists: (path: string) => Promise<boolean>
  },
): Promise<FixedFile> {
  const names = fixedNames(file)
  for (const path of [names.file, names.diff]) {
    if (resolve(path) === resolve(file) || (options.force !== true && (await options.exists(path)))) {
      throw new HoneError('E_EXISTS', 'there is such a file already', {
        at: { file: path },
        hint: 'move it away, or replace it with --force',
      })
    }
  }
  const fixer = new LineFixer(options)
  await replaceFile(names.file, async (fixed) => {
    await replaceFile(names.diff, async (diff) => {
      await writeBoth(file, { fixed, diff, fixer, names }, options)
    })
  })
  return { ...names, changed: fixer.changed, byRule: Object.fromEntries(fixer.byRule) }
}

interface Writing {
  readonly fixed: FileWriter
  readonly diff: FileWriter
  readonly fixer: LineFixer
  readonly names: { readonly file: string }
}

async function writeBoth(
  file: string,
  { fixed, diff, fixer, names }: Writing,
  options: CheckFileOptions,
): Promise<void> {
  await diff.write(Buffer.from(`--- ${named(file)}\n+++ ${named(names.file)}\n`))
  let written = 0
  for await (const batch of readLineBatches(file, { signal: options.signal })) {
    if (batch.tooLong !== undefined) {
      throw new HoneError(
        'E_DATA',
        `the line has ${(batch.tooLong / 2 ** 20).toFixed(1)} MiB, the limit is 16 MiB`,
        {
          at: { file, line: batch.firstLine },
          hint: 'take the line away, then mend the rest',
        },
      )
    }
    const out: Buffer[] = []
    const hunks: string[] = []
    for (let at = 0; at < batch.count; at++) {
      const [start, end] = [batch.starts[at] ?? 0, batch.ends[at] ?? 0]
      const line = batch.bytes.subarray(start, end)
      const isLast = !batch.endsWithBreak && at === batch.count - 1
      const mended = fixer.fix(line, batch.firstLine + at)
      const number = batch.firstLine + at
      if (mended !== null) {
        written++
        out.push(mended === undefined ? line : Buffer.from(mended))
        if (!isLast) out.push(lineFeed)
      }
      if (mended !== undefined) hunks.push(hunk(number, written, line.toString('utf8'), mended, isLast))
    }
    if (out.length > 0) await fixed.write(Buffer.concat(out))
    if (hunks.length > 0) await diff.write(Buffer.from(hunks.join('')))
  }
}

const named = (path: string): string => parse(path).base.replaceAll(/[\r\n\t]/g, ' ')

const lineFeed = Buffer.from('\n')

/** One change in the unified format: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html */
function hunk(from: number, to: number, before: string, after: string | null, isLast: boolean): string {
  const end = isLast ? '\n\\ No newline at end of file\n' : '\n'
  const removed = `-${before}${end}`
  return after === null
    ? `@@ -${from} +${to},0 @@\n${removed}`
    : `@@ -${from} +${to} @@\n${removed}+${after}${end}`
}

/** A fix can make room for another one, never for ever: each takes something away or joins two. */
const mostRounds = 8

/** Mends lines one by one. */
export class LineFixer {
  readonly byRule: Map<string, number> = new Map()
  changed = 0
  readonly #checker: RowChecker
  readonly #options: CheckFileOptions
  /** True once a line is kept: a byte order mark counts at the start of what is written. */
  #isInside = false

  constructor(options: CheckFileOptions) {
    this.#options = options
    const { profile, part, target, labelOf } = options
    this.#checker = new RowChecker({
      profile,
      part,
      target,
      labelOf,
      nameOf: String,
      placeOf: (line) => ({ line }),
    })
  }

  /** The line as it should be, without its line feed; `undefined` where it stays as it is, `null` where it goes away. */
  fix(line: Buffer, number: number): string | null | undefined {
    const applied = new Set<string>()
    const result = this.#fix(line, number, applied)
    if (result !== null) this.#isInside = true
    if (result === undefined) return undefined
    this.changed++
    for (const id of applied) this.byRule.set(id, (this.byRule.get(id) ?? 0) + 1)
    return result
  }

  #fix(line: Buffer, number: number, applied: Set<string>): string | null | undefined {
    let bytes = line
    while (!this.#isInside && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
      applied.add('file/byte-order-mark')
      bytes = bytes.subarray(3)
    }
    if (!isUtf8(bytes)) return undefined
    if (bytes.at(-1) === 0x0d) {
      applied.add('file/carriage-return')
      while (bytes.at(-1) === 0x0d) bytes = bytes.subarray(0, -1)
    }
    const text = bytes.toString('utf8')
    if (text.trim() === '') {
      applied.add(
        ruleId(
          this.#options.profile?.files.blankLines === 'refused' ? 'profile/blank-line' : 'file/blank-line',
          this.#options.profile,
        ),
      )
      return null
    }
    const mended = this.#fixText(text, number, applied)
    return mended ?? (bytes.length === line.length ? undefined : text)
  }

  #fixText(text: string, number: number, applied: Set<string>): string | undefined {
    let parsed = parseLine(text)
    let written = text
    if (isLineFault(parsed)) {
      if (parsed.mended === undefined) return undefined
      applied.add(parsed.fault)
      written = parsed.mended
      parsed = parseLine(written)
      if (isLineFault(parsed)) return undefined
    }
    const record = isExact(written) ? this.#fixRecord(parsed, number, applied) : parsed
    if (record !== parsed) return JSON.stringify(record)
    return written === text ? undefined : written
  }

  #fixRecord(record: JsonObject, number: number, applied: Set<string>): JsonObject {
    let current = record
    for (let round = 0; round < mostRounds; round++) {
      const before = current
      for (const active of this.#checker.rules) {
        const { rule, id } = active
        if (rule.fix === undefined || this.#checker.passes(active, this.#checker.rowOf(current, number, 0)))
          continue
        const mended = rule.fix(current, this.#checker.settings)
        if (mended === undefined || JSON.stringify(mended) === JSON.stringify(current)) continue
        current = mended
        applied.add(id)
      }
      if (current === before) break
    }
    return current
  }
}

/** False where writing the record again would change a number: more digits than a double holds, or an exponent. */
function isExact(text: string): boolean {
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  return !/\d{16}|\d\.\d{15}|\d[eE]/.test(bare)
}
