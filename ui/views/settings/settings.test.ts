import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  expectAccessible,
  hasNoBrowser,
  inBrowser,
  openBrowser,
  openPage,
} from '../../../test/page/open-page.ts'
import { startServer, type TestServer } from '../../../test/testing/start-server.ts'
import { tinyHome } from '../../../test/testing/tiny-home.ts'

describe.skipIf(hasNoBrowser)(`settings ${inBrowser}`, () => {
  let browser: Browser
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(await tinyHome())
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  test('about this server: what the API says, and nothing serious for axe', async () => {
    await using opened = await openPage(browser, server, '/settings')
    const { page, complaints } = opened
    const row = page.getByRole('row', { name: 'Amazon Bedrock' })
    await row.getByText('tiny').waitFor()
    await row.getByText(/\d+ bases/).click()
    await row.getByText('anthropic.claude-3-haiku-20240307-v1:0:200k').waitFor()
    await page.getByText('2,000').waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })

  test('a key is made, shown once, used, and refused after it was revoked; the audit log tells of it', async () => {
    await using opened = await openPage(browser, server, '/settings?tab=keys')
    const { page, complaints } = opened
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByLabel('Who it is for').fill('reviewer')
    await page.getByRole('checkbox', { name: /^read/ }).check()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Make the key' }).click()
    const key = (await page.locator('.secret code').textContent()) ?? ''
    const ask = async (): Promise<number> => {
      const headers = { authorization: `Bearer ${key}` }
      return (await fetch(`${server.endpoint}/api/settings`, { headers })).status
    }
    expect(await ask()).toBe(200)
    await page.reload()
    const row = page.getByRole('row', { name: /reviewer/ })
    await row.getByText('invoke, read').waitFor()
    expect(await page.content()).not.toContain(key)
    await row.getByRole('button', { name: /Revoke/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await row.getByText('revoked').waitFor()
    expect(await ask()).toBe(401)
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Audit log' }).click()
    await page.getByLabel('Search').fill('revoke')
    await page.getByRole('row', { name: /revoke key/ }).waitFor()
    await page.getByRole('row', { name: /create key/ }).waitFor({ state: 'detached' })
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })
})
