import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importText, nativeClient } from '../testing/native-client.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { colourLines, tinyHome } from '../testing/tiny-home.ts'
import { expectAccessible, hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

describe.skipIf(hasNoBrowser)(`evaluations ${inBrowser}`, () => {
  let browser: Browser
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(await tinyHome())
    await importText(nativeClient(server), 'colours', 'colours.jsonl', colourLines(60, 1))
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  test('from the form to the verdict, and from a cell of the confusion matrix to its rows', async () => {
    await using opened = await openPage(browser, server, '/evaluations')
    const { page, complaints } = opened
    await page.getByText('Nothing was evaluated here yet').waitFor()
    await page.getByRole('link', { name: 'New evaluation' }).first().click()
    await page.getByLabel('Labels, one a line').fill('red\ngreen\nblue')
    await expectAccessible(page)
    await page.getByLabel('Rows at most').fill('0.5')
    await page.getByRole('button', { name: 'Start evaluation' }).click()
    await page.getByRole('alert').getByText('a whole number from 1').waitFor()
    await page.getByLabel('Rows at most').fill('6')
    await page.getByLabel('Longest answer, in tokens').fill('4')
    await page.getByLabel('Base with examples in its prompt').uncheck()
    await page.getByRole('button', { name: 'Add a system prompt of your own' }).click()
    await page.getByLabel('System prompt').fill('red or blue')
    await page.getByLabel('Rules for promotion').fill('accuracy of prompt-1 >= 0')
    await page.getByRole('button', { name: 'Start evaluation' }).click()
    await page.locator('.verdict').waitFor({ timeout: 60_000 })
    const words = await page.locator('.verdict').textContent()
    expect(words).toMatch(/own prompt 1/)
    await page
      .getByRole('row', { name: /own prompt 1/ })
      .first()
      .waitFor()
    await page.getByText('No other candidate is both better and cheaper').waitFor()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'By class' }).click()
    const cell = page.locator('.confusion .cell a').first()
    const count = Number(await cell.textContent())
    expect(count).toBeGreaterThan(0)
    await expectAccessible(page)
    await cell.click()
    await page.getByText('Only rows:').waitFor()
    await page
      .locator('.answer-row')
      .nth(count - 1)
      .waitFor()
    expect(await page.locator('.answer-row').count()).toBe(count)
    expect(new URL(page.url()).searchParams.get('expected')).toBeTruthy()
    await page.reload()
    await page
      .locator('.answer-row')
      .nth(count - 1)
      .waitFor()
    expect(await page.locator('.answer-row').count()).toBe(count)
    expect(complaints).toEqual([])
  })

  test('the comparison, the gate and the report of an evaluation that is over', async () => {
    const { evaluations } = await nativeClient(server).call('listEvaluations', {})
    await using opened = await openPage(browser, server, `/evaluations/${evaluations[0]?.id}?tab=comparison`)
    const { page, complaints } = opened
    await page.getByText(/6 rows, pair by pair/).waitFor()
    await page.getByRole('heading', { name: /^Flips/ }).waitFor()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Gate' }).click()
    await page.getByRole('button', { name: 'Apply the rules' }).click()
    await page
      .getByRole('row', { name: /accuracy of prompt-1/ })
      .getByText('pass')
      .waitFor()
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Download the report' }).click()
    expect((await saved).suggestedFilename()).toBe('colours.html')
    expect(complaints).toEqual([])
    await page.getByRole('link', { name: 'Evaluations' }).last().click()
    await page
      .getByRole('row', { name: /colours/ })
      .getByText('succeeded')
      .waitFor()
    await expectAccessible(page)
  })
})
