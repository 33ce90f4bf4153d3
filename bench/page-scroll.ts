// How smoothly the page scrolls a dataset of a million records: a real server, a real Chromium, frame times as the page sees them.
//   npx tsx bench/page-scroll.ts [--records 1000000] [--seconds 10]
// Needs the built page: npm run build.
import { createWriteStream, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { createServices } from '../src/compose.ts'
import { createRandom } from '../src/lib/random.ts'
import { openBrowser, openPage } from '../test/page/open-page.ts'
import { startServer } from '../test/testing/start-server.ts'
import { tinyHome } from '../test/testing/tiny-home.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, seconds: { type: 'string', default: '10' } },
})
const records = Number(values.records)
const seconds = Number(values.seconds)

/** Claims of some words each, with one of eight labels. */
async function writeRecords(file: string): Promise<void> {
  const random = createRandom(9)
  const out = createWriteStream(file)
  const words = ['water', 'car', 'storm', 'invoice', 'theft', 'broken', 'roof', 'paid', 'yesterday', 'phone']
  for (let at = 0; at < records; at++) {
    const text = Array.from({ length: 6 + random.integer(20) }, () => words[random.integer(words.length)])
    const line = JSON.stringify({
      messages: [
        { role: 'user', content: `${at} ${text.join(' ')}` },
        { role: 'assistant', content: `ROUTE_${random.integer(8)}` },
      ],
    })
    if (!out.write(`${line}\n`)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}

/** Scrolls the table by a share of its height in each frame, and tells how long each frame took. */
async function frameTimes(page: Page, how: 'wheel' | 'drag'): Promise<number[]> {
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
          table.scrollTop = most
          return resolve(times)
        }
        table.scrollTop = '${how}' === 'wheel' ? table.scrollTop + 60 : most * (1 - (end - now) / ${seconds * 1000})
        requestAnimationFrame(step)
      }
      requestAnimationFrame(step)
    })`,
  )
}

function summary(times: readonly number[]): Record<string, number> {
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

const folder = mkdtempSync(join(tmpdir(), 'hone-scroll-'))
const file = join(folder, 'claims.jsonl')
await writeRecords(file)
const home = await tinyHome()
const { data } = createServices({ home: home.home })
const { dataset } = await data.import({ files: [file], name: 'claims' })
{
  await using server = await startServer(home)
  const browser = await openBrowser()
  try {
    const began = performance.now()
    await using opened = await openPage(browser, server, `/datasets/${dataset ?? ''}`)
    const { page } = opened
    page.setDefaultTimeout(120_000)
    await page.getByRole('gridcell', { name: '1', exact: true }).waitFor()
    const firstPage = Math.round(performance.now() - began)
    const wheel = summary(await frameTimes(page, 'wheel'))
    const drag = summary(await frameTimes(page, 'drag'))
    const stopped = performance.now()
    await page.getByRole('gridcell', { name: records.toLocaleString('en-US'), exact: true }).waitFor()
    const rowsAfterStop = Math.round(performance.now() - stopped)
    const result = {
      records,
      firstPageMilliseconds: firstPage,
      wheel,
      drag,
      rowsAfterStopMilliseconds: rowsAfterStop,
    }
    console.log(JSON.stringify(result, null, 2))
    if (opened.complaints.length > 0) throw new Error(opened.complaints.join('\n'))
    writeResult('page-scroll', result)
  } finally {
    await browser.close()
  }
}
await rm(folder, { recursive: true, force: true })
