import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importModel } from '../../src/engine/weights/import-model.ts'
import { tinyGguf } from '../../src/engine/weights/testing/hugging-face-folder.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { tinyHome } from '../testing/tiny-home.ts'
import { expectAccessible, hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

describe.skipIf(hasNoBrowser)(`the playground ${inBrowser}`, () => {
  let browser: Browser
  let server: TestServer

  beforeAll(async () => {
    const home = await tinyHome(4096)
    await importModel(tinyGguf, { home: home.home, id: 'other' })
    server = await startServer(home)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  test('two models answer side by side, each token with its probability; a corrected answer makes a dataset', async () => {
    const path = '/playground?models=tiny,other&tokens=6&probabilities=yes'
    await using opened = await openPage(browser, server, path)
    const { page, complaints } = opened
    await page.getByLabel('User').fill('red')
    await page.getByLabel('User').press('Control+Enter')
    for (const model of ['tiny', 'other']) {
      const column = page.getByRole('region', { name: model, exact: true })
      await column.getByText(/tokens in, \d+ out/).waitFor({ timeout: 30_000 })
      expect(await column.locator('[data-token]').count()).toBeGreaterThan(0)
    }
    const first = page.getByRole('region', { name: 'tiny', exact: true }).locator('[data-token]').first()
    await first.focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText(/ln p/).first().waitFor()
    await expectAccessible(page)
    // What was asked and answered is there after a reload, and after another view.
    await page.reload()
    const column = page.getByRole('region', { name: 'tiny', exact: true })
    await column.getByText(/tokens in, \d+ out/).waitFor()
    expect(await column.locator('[data-token]').count()).toBeGreaterThan(0)
    await page.getByRole('link', { name: 'Models', exact: true }).click()
    await page.getByRole('heading', { name: 'Models', level: 1 }).waitFor()
    await page.goBack()
    await column.getByText(/tokens in, \d+ out/).waitFor()
    expect(await page.getByLabel('User').inputValue()).toBe('red')
    await page.getByRole('button', { name: 'Correct and add to a dataset: the answer of tiny' }).click()
    await page.getByLabel('The answer as it should be').fill('red')
    await page.getByLabel('Its name').fill('corrections')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Add the example' }).click()
    await page.getByRole('link', { name: /corrections@/ }).waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Key', { exact: true }).waitFor()
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
    expect(complaints).toEqual([])
  })

  test('an answer is stopped, by itself', async () => {
    await using opened = await openPage(browser, server, '/playground?models=tiny,other&tokens=4000')
    const { page, complaints } = opened
    await page.getByLabel('User').fill('red')
    // Over a slow line, or the tiny models would have said all before the hand is at the button.
    const session = await page.context().newCDPSession(page)
    const slowLine = { offline: false, latency: 50, downloadThroughput: 2000, uploadThroughput: 20_000 }
    await session.send('Network.emulateNetworkConditions', slowLine)
    await page.getByRole('button', { name: 'Ask 2 models' }).click()
    const column = page.getByRole('region', { name: 'tiny', exact: true })
    await column.getByText('answering …').waitFor({ timeout: 30_000 })
    await column.getByRole('button', { name: 'Stop tiny' }).click()
    await column.getByText('stopped').waitFor()
    const other = page.getByRole('region', { name: 'other', exact: true })
    await other.getByText(/answering …|tokens in/).waitFor()
    expect(await other.getByText('stopped').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('the request as curl is what a shell runs', async () => {
    await using opened = await openPage(browser, server, '/playground?models=tiny&tokens=3')
    const { page } = opened
    await page.getByLabel('System prompt').fill('It\'s "one" word\n$HOME')
    await page.getByLabel('User').fill('red')
    await page.getByText('The request as code').click()
    const source = (await page.getByLabel('The request with curl').locator('code').textContent()) ?? ''
    const { stdout } = await promisify(execFile)('sh', ['-c', source], {
      env: { ...process.env, HONE_KEY: server.bearer },
    })
    expect(stdout).toContain('event: finish')
    await page.getByRole('tab', { name: 'anthropic' }).click()
    await page.getByText('import anthropic').waitFor()
    await expectAccessible(page)
  })
})
