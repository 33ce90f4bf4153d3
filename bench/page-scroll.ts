// How smoothly the page scrolls a dataset of a million records: a real server, a real Chromium, frame times as the page sees them.
//   npx tsx bench/page-scroll.ts [--records 1000000] [--seconds 10]
// Needs the built page: npm run build.
import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createRandom } from '../src/lib/random.ts'
import { openBrowser, openPage } from '../test/page/open-page.ts'
import { frameSummary, frameTimes, keepRows } from '../test/page/scrolling.ts'
import { startServer } from '../test/testing/start-server.ts'
import { tinyHome } from '../test/testing/tiny-home.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, seconds: { type: 'string', default: '10' } },
})
const records = Number(values.records)
const seconds = Number(values.seconds)

/** A claim of some words, with one of eight labels. */
const random = createRandom(9)
const words = ['water', 'car', 'storm', 'invoice', 'theft', 'broken', 'roof', 'paid', 'yesterday', 'phone']
const claim = (at: number): string => {
  const text = Array.from({ length: 6 + random.integer(20) }, () => words[random.integer(words.length)])
  return JSON.stringify({
    messages: [
      { role: 'user', content: `${at} ${text.join(' ')}` },
      { role: 'assistant', content: `ROUTE_${random.integer(8)}` },
    ],
  })
}

const home = await tinyHome()
const dataset = await keepRows(home, records, claim)
{
  await using server = await startServer(home)
  const browser = await openBrowser()
  try {
    const began = performance.now()
    await using opened = await openPage(browser, server, `/datasets/${dataset}`)
    const { page } = opened
    page.setDefaultTimeout(120_000)
    await page.getByRole('gridcell', { name: '1', exact: true }).waitFor()
    const firstPage = Math.round(performance.now() - began)
    const wheel = frameSummary(await frameTimes(page, 'wheel', seconds))
    const bar = frameSummary(await frameTimes(page, 'bar', seconds))
    const stopped = performance.now()
    await page.getByRole('gridcell', { name: records.toLocaleString('en-US'), exact: true }).waitFor()
    const rowsAfterStop = Math.round(performance.now() - stopped)
    const result = {
      records,
      firstPageMilliseconds: firstPage,
      wheel,
      bar,
      rowsAfterStopMilliseconds: rowsAfterStop,
    }
    console.log(JSON.stringify(result, null, 2))
    if (opened.complaints.length > 0) throw new Error(opened.complaints.join('\n'))
    writeResult('page-scroll', result)
  } finally {
    await browser.close()
  }
}
await rm(home.work, { recursive: true, force: true })
