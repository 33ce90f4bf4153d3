import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServices } from '../../src/compose.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords } from '../testing/tiny-home.ts'
import { expectAccessible, hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

describe.skipIf(hasNoBrowser)(`models ${inBrowser}`, () => {
  let browser: Browser
  let server: TestServer

  beforeAll(async () => {
    const home = await tinyHome()
    const data = writeRecords(home.work, 'colours.jsonl', colourRecords(24))
    const { train } = createServices({ home: home.home })
    await train.train({ data, base: home.base, id: 'colours', overrides: { maxSteps: 2, batchSize: 4 } })
    server = await startServer(home)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  test('a model tells where it comes from, what it is called, and is exported', async () => {
    await using opened = await openPage(browser, server, '/models')
    const { page, complaints } = opened
    await page
      .getByRole('row', { name: /colours/ })
      .getByRole('link', { name: 'colours' })
      .waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'colours' }).first().click()
    await page.getByText('24 examples').waitFor()
    await page.locator('.chain').getByRole('link', { name: 'tiny' }).waitFor()
    await page.locator('.chain').getByRole('link', { name: 'evaluate it' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Use' }).click()
    await page.getByRole('row', { name: 'OpenAI colours' }).waitFor()
    await page.getByText('/api/chat').waitFor()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Files and export' }).click()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download Adapter' }).click()
    expect((await saved).suggestedFilename()).toBe('colours-adapter.tar')
    expect(complaints).toEqual([])
  })

  test('to delete names what depends on it, and asks for its name then', async () => {
    await using opened = await openPage(browser, server, '/models/tiny')
    const { page, complaints } = opened
    await page.locator('.chain').getByRole('link', { name: 'colours' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('row', { name: 'colours' }).waitFor()
    const remove = dialog.getByRole('button', { name: 'Delete' })
    expect(await remove.isDisabled()).toBe(true)
    await expectAccessible(page)
    await dialog.getByRole('link', { name: 'colours' }).click()
    await page.getByRole('heading', { name: 'colours', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByText('Nothing else depends on it').waitFor()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No model was tuned yet').waitFor()
    await page.goto(`${server.endpoint}/models/colours`)
    await page.getByRole('alert').getByText('E_MODEL_UNKNOWN').waitFor()
    // The browser itself tells of the answer 404.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
  })
})
