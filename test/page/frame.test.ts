import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { tinyHome } from '../testing/tiny-home.ts'
import { expectAccessible, hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

describe.skipIf(hasNoBrowser)(`the page ${inBrowser}`, () => {
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

  test('the link of hone serve signs in, and its key goes out of the address and stays in the tab', async () => {
    await using opened = await openPage(browser, server, '/settings?tab=server')
    const { page, complaints } = opened
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    expect(page.url()).toBe(`${server.endpoint}/settings?tab=server`)
    await page.reload()
    await page.getByText('Hone 0.').waitFor()
    expect(await page.evaluate('[sessionStorage.length, localStorage.length]')).toEqual([1, 0])
    expect(complaints).toEqual([])
  })

  test('a refused key is said why, a good one is kept where it was asked for, and signing out forgets it', async () => {
    await using opened = await openPage(browser, { endpoint: server.endpoint }, '/settings')
    const { page, complaints } = opened
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('There is no key in the field').waitFor()
    await page.getByLabel('Key', { exact: true }).fill('hone_not-a-key')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('E_KEY').waitFor()
    await expectAccessible(page)
    await page.getByLabel('Key', { exact: true }).fill(` ${server.bearer} `)
    await page.getByLabel('Keep me signed in').check()
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Model map').waitFor()
    expect(await page.evaluate('[sessionStorage.length, localStorage.length]')).toEqual([0, 1])
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.evaluate('[sessionStorage.length, localStorage.length]')).toEqual([0, 0])
    // The browser itself tells of the answer 401.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([])
  })

  test('a key that is revoked while the page is open leads to the sign-in, with the reason', async () => {
    const { id, key } = await server.parts.keys.createBearer({ user: 'visitor', allow: ['read'] })
    await using opened = await openPage(browser, { ...server, bearer: key }, '/settings')
    const { page } = opened
    await page.getByText('Model map').waitFor()
    await server.parts.keys.revoke(id)
    await page.reload()
    const reason = page.getByRole('alert').getByText('You were signed out')
    await reason.waitFor()
    expect(await reason.textContent()).toContain('key')
  })

  test('every view is reached by keyboard, is the marked one, and can be reloaded', async () => {
    await using opened = await openPage(browser, server)
    const { page, complaints } = opened
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    const names = ['Datasets', 'Train', 'Jobs', 'Evaluations', 'Playground', 'Models', 'Settings', 'Start']
    for (const name of names) {
      const link = page.getByRole('navigation').getByRole('link', { name })
      await link.focus()
      await page.keyboard.press('Enter')
      await page
        .getByRole('navigation')
        .getByRole('link', { name })
        .and(page.locator('[aria-current=page]'))
        .waitFor()
      await page.locator('h1:focus').waitFor()
    }
    await page.goBack()
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.goto(`${server.endpoint}/no/such/view`)
    await page.getByRole('link', { name: 'Go to the start' }).click()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(complaints).toEqual([])
  })

  test('at 360 pixels the navigation is behind a button that says whether it is open', async () => {
    await using opened = await openPage(browser, server, '/settings', {
      viewport: { width: 360, height: 740 },
    })
    const { page } = opened
    const menu = page.getByRole('button', { name: 'Menu' })
    await menu.click()
    expect(await menu.getAttribute('aria-expanded')).toBe('true')
    await page.getByRole('link', { name: 'Jobs' }).click()
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor()
    expect(await menu.getAttribute('aria-expanded')).toBe('false')
  })

  test('the theme is chosen, kept, and there before the first paint', async () => {
    await using opened = await openPage(browser, server, '/', { colorScheme: 'light' })
    const { page } = opened
    await page.getByLabel('Theme').selectOption('dark')
    await page.reload()
    await page.locator('html[data-theme=dark]').waitFor()
    const paper = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    expect(paper).toBe('rgb(23, 23, 21)')
  })
})
