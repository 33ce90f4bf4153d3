import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverKeys } from '../../src/compose-server.ts'
import { ServerProcess } from '../testing/server-process.ts'
import { colourLines, tinyHome } from '../testing/tiny-home.ts'
import { hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

describe.skipIf(hasNoBrowser)(`an upload ${inBrowser}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  test('goes on by itself when the server was killed while a part was on its way, and started again', async () => {
    const { home, base, work } = await tinyHome()
    writeFileSync(join(home, 'hone.server.yaml'), `schema: 1\nmodels: { default: ${base} }\n`)
    const { key = '' } = await serverKeys(home).add({ user: 'visitor', allow: ['*'], bearer: true })
    await using server = await ServerProcess.start(home)
    await using opened = await openPage(browser, { endpoint: server.endpoint, bearer: key }, '/datasets')
    const { page } = opened
    const records = 30_000
    const file = join(work, 'colours.jsonl')
    writeFileSync(file, colourLines(records, 3))
    // So slow that a part is still on its way when the server goes.
    const session = await page.context().newCDPSession(page)
    const slowLine = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 2 ** 20 }
    await session.send('Network.emulateNetworkConditions', slowLine)
    const offsets: number[] = []
    let killed: Promise<void> | undefined
    page.on('request', (request) => {
      const offset = new URL(request.url()).searchParams.get('offset')
      if (request.method() === 'GET' || offset === null) return
      offsets.push(Number(offset))
      if (Number(offset) > 0) killed ??= server.kill()
    })
    await page.getByLabel('File of examples').setInputFiles(file)
    await page.getByText('the connection is cut, trying again').waitFor()
    await killed
    await server.start()
    await page.getByRole('heading', { name: 'Import' }).waitFor()
    // Nothing that had arrived was sent again.
    expect(offsets.filter((offset) => offset === 0)).toHaveLength(1)
    expect(offsets.length).toBeGreaterThan(2)
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByRole('heading', { name: 'colours', level: 1, exact: true }).waitFor()
    await page.getByText('30,000 records').first().waitFor()
  }, 60_000)
})
