import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { tinyHome } from '../testing/tiny-home.ts'
import { hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'
import { frameSummary, frameTimes, keepRows } from './scrolling.ts'

const records = 1_000_000
const record = (index: number): string =>
  `{"messages":[{"role":"user","content":"q${index}"},{"role":"assistant","content":"a${index % 8}"}]}`

const isNotItself = ([at, line, question, answer]: readonly [number, ...string[]]): boolean =>
  line !== (at + 1).toLocaleString('en-US') || question !== `q${at}` || answer !== `a${at % 8}`

const say = (what: string, numbers: object): boolean =>
  process.stderr.write(`a million rows: ${what} ${JSON.stringify(numbers)}\n`)

/** What is drawn: the index that a row says it has, and its first three cells. */
const drawnRows = (page: Page): Promise<[number, ...string[]][]> =>
  page.evaluate<[number, ...string[]][]>(
    `[...document.querySelectorAll('.virtual-row')].map((row) =>
      [row.ariaRowIndex - 2, ...[...row.children].slice(0, 3).map((cell) => cell.textContent)])`,
  )

describe.skipIf(hasNoBrowser)(`a million rows ${inBrowser}`, () => {
  let browser: Browser
  let server: TestServer
  let dataset = ''

  beforeAll(async () => {
    const home = await tinyHome()
    dataset = await keepRows(home, records, record)
    server = await startServer(home)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  test('are all reached by wheel, bar and keys, with the right text, few elements and little memory', async () => {
    await using opened = await openPage(browser, server, `/datasets/${dataset}`)
    const { page, complaints } = opened
    const grid = page.getByRole('grid', { name: 'Examples of rows, 1,000,000 rows' })
    const comes = async (index: number): Promise<void> => {
      await grid.getByRole('gridcell', { name: `q${index}`, exact: true }).waitFor()
      // The rows around it may be of a page of rows that is still on its way.
      await expect
        .poll(async () => (await drawnRows(page)).filter(isNotItself), { timeout: 60_000 })
        .toEqual([])
      const { length } = await drawnRows(page)
      expect(length).toBeGreaterThan(10)
      expect(length).toBeLessThan(80)
    }
    await comes(0)

    const wheel = await frameTimes(page, 'wheel', 1.5)
    const bar = await frameTimes(page, 'bar', 1.5)
    say('milliseconds from frame to frame', { wheel: frameSummary(wheel), bar: frameSummary(bar) })
    await comes(records - 1)
    await page.evaluate(
      `{ const table = document.querySelector('.virtual')
         table.scrollTop = (table.scrollHeight - table.clientHeight) / 2 }`,
    )
    await comes(records / 2)

    await grid.focus()
    await page.keyboard.press('Home')
    await comes(0)
    await grid.hover()
    // A pixel of so many rows stands for nearly two.
    await page.mouse.wheel(0, 28 * 100)
    await comes(195)
    await page.mouse.wheel(0, -28 * 100)
    await comes(0)
    await page.keyboard.press('End')
    await comes(records - 1)
    await page.keyboard.press('PageUp')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: /^Line 999,9\d\d$/ }).waitFor()

    const devtools = await page.context().newCDPSession(page)
    await devtools.send('HeapProfiler.collectGarbage')
    const { usedSize } = await devtools.send('Runtime.getHeapUsage')
    const { nodes } = await devtools.send('Memory.getDOMCounters')
    say('the page holds', { heapMegabytes: Math.round(usedSize / 1e6), nodes })
    // A million rows as objects are hundreds of megabytes.
    expect(usedSize).toBeLessThan(48e6)
    expect(nodes).toBeLessThan(20_000)
    expect(complaints).toEqual([])
    expect(server.failures).toEqual([])
  })
})
