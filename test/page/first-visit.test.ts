import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importModel } from '../../src/engine/weights/import-model.ts'
import { nativeClient } from '../testing/native-client.ts'
import { realBase } from '../testing/real-base.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { expectAccessible, hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

const base = await realBase()
const patient = { timeout: 60_000 }

describe.skipIf(hasNoBrowser || base === undefined)(`a first visit ${inBrowser}`, () => {
  let browser: Browser
  let server: TestServer

  beforeAll(async () => {
    const home = join(mkdtempSync(join(tmpdir(), 'hone-first-visit-')), 'home')
    const { manifest } = await importModel(base ?? '', { home, id: 'smollm2-135m-instruct' })
    server = await startServer({ home, base: manifest.id })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  test('leads from nothing to a tuned model and its verdict', async () => {
    await using opened = await openPage(browser, server)
    const { page, complaints } = opened
    page.setDefaultTimeout(400_000)
    await page.getByRole('heading', { name: 'From examples to a verdict' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Use the sample dataset' }).click()

    // The sample is not split; its answers name the field that holds the label.
    await page.getByRole('heading', { name: 'Train a model' }).waitFor()
    await expect.poll(() => page.getByLabel('Label field').inputValue(), patient).toBe('ROUTE')
    // Few, because this machine is not the visitor's.
    await page.getByLabel('Validation, percent').fill('1.5')
    await page.getByLabel('Test, percent').fill('1.5')
    await page.getByRole('button', { name: 'Split the dataset' }).click()
    await page.getByRole('option', { name: /validation, .* test/ }).waitFor({ state: 'attached' })
    await page.getByLabel('Batch size').fill('1')
    await page.getByText('All settings').click()
    await page.getByLabel('Max steps').fill('2')
    await page.getByLabel('Layers').fill('1')
    const plan = page.getByRole('region', { name: 'What will happen' })
    await plan.getByText('hone train').waitFor({ state: 'attached' })
    await expect.poll(() => page.url(), patient).toContain('maxSteps=2')
    await expect.poll(() => plan.getByText('Steps').locator('..').textContent(), patient).toMatch(/Steps\s*2/)
    await page.getByRole('button', { name: 'Start training' }).click()

    await page.getByText('is ready.').waitFor()
    expect(await page.getByText('succeeded', { exact: true }).count()).toBe(1)
    const link = await page.getByRole('link', { name: 'Evaluate it' }).getAttribute('href')
    const asked = new URL(link ?? '', server.endpoint)
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    const client = nativeClient(server)
    const { job } = await client.call('getJob', { path: { id } })
    expect(asked.searchParams.get('tuned')).toBe(job.model)

    const evaluation = await client.call('startEvaluation', {
      body: {
        dataset: asked.searchParams.get('dataset') ?? '',
        tuned: asked.searchParams.get('tuned') ?? '',
        task: { kind: 'labels', field: 'ROUTE' },
        candidates: ['base', 'tuned'],
        limit: 3,
        maxTokens: 8,
      },
    })
    await page.getByRole('link', { name: 'Start', exact: true }).click()
    await page.getByText('evaluation').first().waitFor()
    for await (const { event } of client.follow('followEvaluation', { path: { id: evaluation.id } })) {
      if (event === 'end') break
    }
    const { result } = await client.call('getEvaluation', { path: { id: evaluation.id } })
    expect(result?.verdict?.sentence).toMatch(/tuned/)
    // Whoever has a verdict needs no steps any more.
    await page.getByRole('heading', { name: 'From examples to a verdict' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: job.name }).waitFor()
    expect(complaints).toEqual([])
    expect(server.failures).toEqual([])
  }, 600_000)
})
