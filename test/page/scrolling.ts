// What the test of a long table and the benchmark of its scrolling share: rows by the million, and how long frames took.
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { fingerprintFile } from '../../src/lib/fingerprint-file.ts'
import { datasetId, saveDataset } from '../../src/store/datasets.ts'
import type { TinyHome } from '../testing/tiny-home.ts'

/** Keeps so many records of a line each as a dataset version; an import would check each of them, which takes half a minute. */
export async function keepRows(
  { home, work }: TinyHome,
  count: number,
  line: (index: number) => string,
): Promise<string> {
  const file = join(work, 'rows.jsonl')
  const out = createWriteStream(file)
  for (let at = 0; at < count; at += 1000) {
    const lines = Array.from({ length: Math.min(1000, count - at) }, (_, index) => `${line(at + index)}\n`)
    if (!out.write(lines.join(''))) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  const fingerprint = await fingerprintFile(file)
  const part = { part: 'records', file, ...fingerprint, records: count }
  const lineage = { step: 'save', settings: {}, inputs: [] }
  return datasetId(await saveDataset(home, { name: 'rows', parts: [part], lineage }))
}

/**
 * Scrolls the table from its beginning and tells how many milliseconds each frame took.
 *
 * @param how `wheel`: 60 pixels in each frame. `bar`: from the first row to the last one in that time, as the bar is dragged
 */
export function frameTimes(page: Page, how: 'wheel' | 'bar', seconds: number): Promise<number[]> {
  return page.evaluate<number[]>(
    `new Promise((resolve) => {
      const table = document.querySelector('.virtual')
      table.scrollTop = 0
      const times = []
      const end = performance.now() + ${seconds * 1000}
      let last
      const step = (now) => {
        if (last !== undefined) times.push(now - last)
        last = now
        const most = table.scrollHeight - table.clientHeight
        if (now > end) {
          if ('${how}' === 'bar') table.scrollTop = most
          return resolve(times)
        }
        table.scrollTop = '${how}' === 'wheel' ? table.scrollTop + 60 : most * (1 - (end - now) / ${seconds * 1000})
        requestAnimationFrame(step)
      }
      requestAnimationFrame(step)
    })`,
  )
}

/** Of times of frames: how many, median, 95th percentile, longest, and the share that missed a 60th of a second. */
export function frameSummary(times: readonly number[]): Record<string, number> {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN)) / 10
  const late = sorted.filter((time) => time > 20).length / sorted.length
  return {
    frames: sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    max: at(1),
    late: Math.round(1000 * late) / 1000,
  }
}
