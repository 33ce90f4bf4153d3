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
    const row = page.getByRole('row', { name: 'anthropic.claude-3-haiku-20240307-v1:0:200k' })
    await row.getByText('tiny').waitFor()
    await page.getByText('2,000').waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })
})
