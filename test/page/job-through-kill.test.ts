import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverKeys } from '../../src/compose-server.ts'
import { importText, nativeClient } from '../testing/native-client.ts'
import { ServerProcess } from '../testing/server-process.ts'
import { colourLines, tinyHome } from '../testing/tiny-home.ts'
import { hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

describe.skipIf(hasNoBrowser)(`a job that is watched ${inBrowser}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  test('goes on in the page when the server was killed and started again', async () => {
    const { home, base } = await tinyHome()
    writeFileSync(join(home, 'hone.server.yaml'), `schema: 1\nmodels: { default: ${base} }\n`)
    const { key = '' } = await serverKeys(home).add({ user: 'visitor', allow: ['*'], bearer: true })
    await using server = await ServerProcess.start(home)
    const visitor = { endpoint: server.endpoint, bearer: key }
    const client = nativeClient(visitor)
    const dataset = await importText(client, 'colours', 'colours.jsonl', colourLines(60, 1))
    const { id } = await client.call('startTraining', {
      body: { dataset, base, settings: { epochs: 1000, checkpointEvery: 5 } },
    })
    await using opened = await openPage(browser, visitor, `/jobs/${id}?tab=events`)
    const { page } = opened
    page.setDefaultTimeout(120_000)
    const stepNow = async (): Promise<number> => {
      const text = (await page.getByText('Step', { exact: true }).locator('..').textContent()) ?? ''
      return Number(/Step\s*([\d,.]+)/.exec(text)?.[1]?.replaceAll(/[,.]/g, '') ?? Number.NaN)
    }
    await expect.poll(stepNow, { timeout: 120_000 }).toBeGreaterThan(20)
    await server.kill()
    await page.getByText('Connection lost').waitFor()
    const stoodAt = await stepNow()
    // What was there stays.
    expect(stoodAt).toBeGreaterThan(20)
    await server.start()
    await page.getByText('Connection lost').waitFor({ state: 'detached' })
    await page.getByText('Went on from step').waitFor()
    await expect.poll(stepNow, { timeout: 120_000 }).toBeGreaterThan(stoodAt + 20)
    // A page that is opened now tells the same.
    await page.reload()
    await page.getByText('Went on from step').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Stop the job' }).click()
    await page.getByText('stopped', { exact: true }).first().waitFor()
  }, 400_000)
})
