import { mkdtempSync, renameSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPageHandler } from '../../src/server/page/page-handler.ts'
import {
  expectAccessible,
  hasNoBrowser,
  inBrowser,
  openBrowser,
  openPage,
} from '../../test/page/open-page.ts'

/** The specimen, served as the page is, with its policy. */
async function serveSpecimen(): Promise<Server> {
  const outDir = mkdtempSync(join(tmpdir(), 'hone-specimen-'))
  await build({
    configFile: 'ui/vite.config.ts',
    logLevel: 'error',
    build: { outDir, rolldownOptions: { input: 'ui/kit/testing/specimen.html' } },
  })
  renameSync(join(outDir, 'kit', 'testing', 'specimen.html'), join(outDir, 'index.html'))
  const handler = await createPageHandler(outDir)
  const server = createServer((incoming, outgoing) => handler.answer(incoming, outgoing, { id: 'a' }))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve())
  })
  return server
}

describe.skipIf(hasNoBrowser)(`the kit ${inBrowser}`, () => {
  let browser: Browser
  let server: Server
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    server = await serveSpecimen()
    browser = await openBrowser()
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const opened = await openPage(browser, { endpoint })
    ;({ page, complaints } = opened)
  })
  afterAll(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })

  test('axe finds nothing serious in any part, with a chart drawn, and the policy forbids nothing of it', async () => {
    await page.locator('.chart-canvas canvas').first().waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })

  test('a dialog takes the focus, keeps it, and gives it back', async () => {
    const opener = page.getByRole('button', { name: 'Remove the model' })
    await opener.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Remove claims-router-1?' })
    await dialog.waitFor()
    for (let at = 0; at < 4; at++) {
      await page.keyboard.press('Tab')
      await dialog.locator(':focus').waitFor()
    }
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await page.locator(':focus').textContent()).toBe('Remove the model')
  })

  test('tabs are walked by arrow keys and stand in the address', async () => {
    await page.getByRole('tab', { name: 'One' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText('The second').waitFor()
    expect(new URL(page.url()).search).toBe('?tab=two')
  })

  test('a million rows: few in the document, walked by keyboard to the last, and each opened', async () => {
    const grid = page.getByRole('grid', { name: 'Examples, 1,000,000 rows' })
    expect(await grid.getByRole('row').count()).toBeLessThan(50)
    await grid.focus()
    await page.keyboard.press('End')
    await page.getByRole('gridcell', { name: 'example 999999 <script>' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Opened: example 999999 <script>.').waitFor()
    await page.getByText(/to 999999\./).waitFor()
    // A pixel that is scrolled stands for two.
    const last = await grid.getByRole('row', { name: '1,000,000' }).boundingBox()
    const frame = await grid.boundingBox()
    expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(
      (frame?.y ?? 0) + (frame?.height ?? 0) + 4,
    )
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByText('Opened: example 999998 <script>.').waitFor()
    await page.keyboard.press('Home')
    await page.getByRole('gridcell', { name: 'example 0 <script>' }).waitFor()
  })
})
