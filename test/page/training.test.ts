import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HoneClient } from '../../examples/native-client/hone-client.ts'
import { importText, nativeClient } from '../testing/native-client.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { colourLines, tinyHome, type TinyHome } from '../testing/tiny-home.ts'
import { expectAccessible, hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

describe.skipIf(hasNoBrowser)(`training ${inBrowser}`, () => {
  let browser: Browser
  let home: TinyHome
  let server: TestServer
  let client: HoneClient
  let dataset: string

  beforeAll(async () => {
    home = await tinyHome()
    server = await startServer(home)
    client = nativeClient(server)
    const id = await importText(client, 'colours', 'colours.jsonl', colourLines(120, 1))
    const split = await client.call('splitDataset', { path: { id }, body: { name: 'parted' } })
    dataset = split.dataset ?? ''
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  /** Trains to the end. @returns its id */
  async function train(settings: {
    readonly maxSteps: number
    readonly learningRate?: number
  }): Promise<string> {
    const { id } = await client.call('startTraining', { body: { dataset, base: home.base, settings } })
    for await (const { event } of client.follow('followJob', { path: { id } })) if (event === 'end') break
    return id
  }

  test('a plan is its address: what was chosen, what comes of it, and the same as command and request', async () => {
    await using opened = await openPage(browser, server, `/train?dataset=${dataset}&maxSteps=12&rank=4`)
    const { page, complaints } = opened
    const plan = page.getByRole('region', { name: 'What will happen' })
    await plan.getByText('to validate with').waitFor()
    expect(await page.getByLabel('Rank', { exact: true }).inputValue()).toBe('4')
    await plan.getByText('The same as a command').click()
    const command = await plan.getByRole('region', { name: 'Command' }).textContent()
    expect(command).toMatch(/^hone train --data parted@\w+\/train .* --max-steps 12 --rank 4$/)
    const request = await plan.getByRole('region', { name: 'Request' }).textContent()
    expect(request).toContain(`"${server.endpoint}/api/train"`)
    expect(request).toContain('"settings":{"maxSteps":12,"rank":4}')
    // A default says itself and its reason.
    await page
      .getByText(/Here 1: /)
      .first()
      .waitFor()
    await expectAccessible(page)
    await page.getByLabel('Rank', { exact: true }).fill('0')
    await page.getByText('“0” is not a whole number').waitFor()
    await plan.getByText('Mend the settings').waitFor()
    await page.getByLabel('Rank', { exact: true }).fill('8')
    await expect.poll(() => page.url(), { timeout: 20_000 }).toContain('rank=8')
    await plan.getByText('weights, rank 8').waitFor()
    await page.reload()
    await plan.getByText('weights, rank 8').waitFor()
    expect(complaints).toEqual([])
  })

  test('what cannot be planned says why, and what to do', async () => {
    await using opened = await openPage(browser, server, '/train?dataset=nobody%401')
    const { page } = opened
    await page.getByText('There is no such dataset').waitFor()
    await page.getByRole('alert').getByText('E_NOT_FOUND').waitFor()
    // What the API says to programs is a link here.
    await page.getByText('What to do:').getByRole('link', { name: 'the datasets' }).click()
    await page.getByRole('heading', { name: 'Datasets', level: 1 }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/datasets')
  })

  test('two browsers watch one job: paused in one, resumed in the other, ended in both', async () => {
    const { id } = await client.call('startTraining', {
      body: {
        dataset,
        base: home.base,
        name: 'watched',
        settings: { epochs: 1000, validationEvery: 500 },
      },
    })
    // Waits behind it, and will find its data gone.
    const doomed = await importText(client, 'doomed', 'doomed.jsonl', colourLines(40, 2))
    const { id: failing } = await client.call('startTraining', {
      body: { dataset: doomed, base: home.base, name: 'doomed', settings: { maxSteps: 5 } },
    })
    await rm(join(home.home, 'datasets', 'doomed'), { recursive: true })
    await using first = await openPage(browser, server, `/jobs/${id}`)
    await using second = await openPage(browser, server, `/jobs/${id}`)
    const state = (page: typeof first.page, name: string) => page.getByText(name, { exact: true }).first()
    await first.page.getByText('Loss as a table').waitFor()
    await first.page.getByRole('button', { name: 'Pause' }).click()
    await Promise.all([first, second].map(({ page }) => state(page, 'paused').waitFor()))
    await expectAccessible(first.page)
    const stoodAt = await client.call('getJob', { path: { id } })
    expect(stoodAt.job.step).toBeLessThan(stoodAt.job.steps)
    await using third = await openPage(browser, server, '/')
    await third.page.getByText('stands still at step').waitFor()
    await expectAccessible(third.page)
    await second.page.getByRole('button', { name: 'Resume' }).click()
    await Promise.all([first, second].map(({ page }) => page.getByText('Time left').waitFor()))
    await first.page.getByRole('tab', { name: 'Events' }).click()
    await first.page.getByText('Went on from step').waitFor()
    await second.page.getByRole('button', { name: 'Stop' }).click()
    await second.page.getByRole('button', { name: 'Stop the job' }).click()
    await Promise.all([first, second].map(({ page }) => state(page, 'stopped').waitFor()))
    await third.page.getByText('doomed-').first().waitFor()
    await third.page.getByRole('link', { name: 'See why' }).click()
    await third.page.getByRole('alert').waitFor()
    expect(new URL(third.page.url()).pathname).toBe(`/jobs/${failing}`)
    await third.page.getByRole('link', { name: 'Train again with other settings' }).waitFor()
    expect([...first.complaints, ...second.complaints]).toEqual([])
  })

  test('jobs are listed, compared on one chart, and asked what they learned', async () => {
    const ids = [await train({ maxSteps: 8 }), await train({ maxSteps: 12, learningRate: 0.01 })]
    await using opened = await openPage(browser, server, '/jobs?state=succeeded')
    const { page, complaints } = opened
    await page.getByRole('checkbox').nth(1).waitFor()
    for (const box of await page.getByRole('checkbox').all()) await box.check()
    await page.getByRole('link', { name: 'Compare 2 jobs' }).click()
    await page.getByRole('heading', { name: 'Compare 2 jobs' }).waitFor()
    const row = page.getByRole('row', { name: 'Learning rate' })
    await row.getByText('0.01', { exact: true }).waitFor()
    await page.getByText('Loss, smoothed as a table').waitFor()
    await expectAccessible(page)
    await page.goto(`${server.endpoint}/jobs/${ids[0]}?tab=answers`)
    await page.getByRole('button', { name: 'Ask the models' }).click()
    await page.getByRole('row', { name: 'Expected' }).first().waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })

  test('a key that may only look is refused what it may not do, in words', async () => {
    const { key } = await server.parts.keys.createBearer({ user: 'reader', allow: ['read'] })
    await using opened = await openPage(browser, { ...server, bearer: key }, `/train?dataset=${dataset}`)
    const { page } = opened
    await page.getByRole('button', { name: 'Start training' }).click()
    const refusal = page.getByRole('alert').filter({ hasText: 'What to do' })
    await refusal.waitFor()
    expect(await refusal.textContent()).toMatch(/write/)
    expect(new URL(page.url()).pathname).toBe('/train')
  })
})
