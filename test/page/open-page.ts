import axe, { type AxeResults } from 'axe-core'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findBrowser } from '../testing/find-browser.ts'

/** Of `describe.skipIf`: there is no Chromium on this machine. */
export const hasNoBrowser = findBrowser() === undefined

/** Ends the name of a suite, so that a skipped one says why. */
export const inBrowser = hasNoBrowser
  ? 'skipped: no Chromium here; HONE_TEST_BROWSER names one'
  : 'in Chromium'

/** One for each test file; the caller closes it. */
export function openBrowser(): Promise<Browser> {
  // The sandbox of Chromium does not work for root; nothing but our own server is opened.
  return chromium.launch({ executablePath: findBrowser() ?? '', args: ['--no-sandbox'] })
}

export interface OpenedPage extends AsyncDisposable {
  readonly page: Page
  /** What the browser complained of: the console's errors and warnings, what was thrown, what the policy forbade, requests elsewhere. */
  readonly complaints: string[]
}

/**
 * A page of the server in a browser of its own, signed in by the link that `hone serve` prints; without a bearer nobody is signed in.
 *
 * @param path with its search, such as `/jobs?state=failed`
 */
export async function openPage(
  browser: Browser,
  { endpoint, bearer }: { readonly endpoint: string; readonly bearer?: string },
  path = '/',
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(endpoint) && !/^(?:data|blob):/.test(url)) complaints.push(`asked elsewhere: ${url}`)
  })
  await page.goto(`${endpoint}${path}${bearer === undefined ? '' : `#key=${bearer}`}`)
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() }
}

/** Demands in both themes and at three widths that axe finds nothing serious and that the page does not scroll sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  for (const [colorScheme, width] of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    const scrolled = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect(scrolled, `${width} px`).toBeLessThanOrEqual(width)
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run(document)')
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    const found = grave.map(({ id, nodes }) => [
      id,
      nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`),
    ])
    expect(found, `${colorScheme}, ${width} px`).toEqual([])
    expect(passes.map(({ id }) => id)).toContain('color-contrast')
  }
  await page.emulateMedia({ colorScheme: null })
  await page.setViewportSize({ width: 1280, height: 900 })
}

const looks = [
  ['light', 1280],
  ['dark', 768],
  ['light', 360],
] as const
