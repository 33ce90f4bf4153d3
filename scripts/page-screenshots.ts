// Pictures of every view of the page at three widths in both themes, to be looked at; of its other tabs in the light one.
//   npx tsx scripts/page-screenshots.ts LINK-THAT-HONE-SERVE-PRINTS FOLDER
// A view of one thing (`/jobs/:id`) is shown of the first thing that another view links to; a view without any is said. A table is
// sent, shown before it is imported, and given up; what needs a press of a button is shown where the button is there.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { findBrowser } from '../test/testing/find-browser.ts'
import { matchPath } from '../ui/router/match-path.ts'

const [link, folder] = process.argv.slice(2)
const executablePath = findBrowser()
if (link === undefined || folder === undefined || executablePath === undefined) {
  throw new Error('needs the link of the page, a folder to write to, and a Chromium (HONE_TEST_BROWSER)')
}
mkdirSync(folder, { recursive: true })
// Read as text: the module itself is the browser's.
const views = [
  ...readFileSync('ui/views.ts', 'utf8').matchAll(/path: '([^']+)',\s+area: '[^']+',\s+load/g),
].map(([, path = '']) => path)
if (views.length === 0) throw new Error('ui/views.ts lists no view')
const { origin, hash } = new URL(link)

/** What is only seen after a button was pressed; the button changes nothing. */
const pressed = ['See what would be taken out', 'See what mending would change', 'Make a key']
const table = 'nr,frage,antwort\n1,"Where is parcel 1?",It is late\n2,"Where is parcel 2?",It was sent\n'

const jobs = new Set<string>()
await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const authorization = `Bearer ${hash.replace('#key=', '')}`
const upload = await sendTable()
const seen = new Map(views.filter((path) => !path.includes(':')).map((path) => [path, path]))
seen.set('/datasets/import/:upload', `/datasets/import/${upload}`)
for (const [width, height] of [
  [360, 740],
  [1280, 900],
  [2560, 1440],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await using context = await browser.newContext({ viewport: { width, height }, colorScheme })
    const page = await context.newPage()
    await page.goto(`${origin}/${hash}`)
    // The map grows while it is read: each picture may show links to further views.
    for (const [pattern, path] of seen) {
      await page.goto(`${origin}${path}`)
      await page.locator('main h1').waitFor()
      const name = pattern === '/' ? 'start' : pattern.slice(1).replaceAll(/[/:]+/g, '-')
      await shoot(page, `${name}-${width}-${colorScheme}`)
      const links = await page.evaluate<string[]>(
        '[...document.querySelectorAll("main a")].map((a) => a.href)',
      )
      // The first view links to what failed, which shows least.
      if (pattern !== '/') for (const href of links) take(new URL(href))
      await press(page, name, `${width}-${colorScheme}`)
      if (colorScheme === 'dark') continue
      const tabs = page.locator('[role=tab][aria-selected=false]:visible')
      for (const tab of (await tabs.allTextContents()).map((text) => text.trim())) {
        await page.getByRole('tab', { name: tab, exact: true }).click()
        const shown = `${name}-${slug(tab)}`
        await shoot(page, `${shown}-${width}-${colorScheme}`)
        await press(page, shown, `${width}-${colorScheme}`)
      }
    }
  }
}
await ask('DELETE', `/api/uploads/${upload}`)
for (const path of views) {
  console.log(seen.has(path) ? `${path}  ${seen.get(path)}` : `${path}  not shown: no view links to one`)
}

async function press(page: Page, name: string, look: string): Promise<void> {
  for (const words of pressed) {
    const button = page.getByRole('button', { name: words })
    if (!(await button.isVisible())) continue
    await button.click()
    await shoot(page, `${name}-${slug(words)}-${look}`)
    await page.keyboard.press('Escape')
  }
}

async function sendTable(): Promise<string> {
  const bytes = Buffer.from(table)
  const { id } = (await ask('POST', '/api/uploads', { name: 'Parcels.csv', bytes: bytes.length })) as {
    readonly id: string
  }
  await ask('PATCH', `/api/uploads/${id}?offset=0`, bytes)
  return id
}

async function ask(method: string, path: string, body?: object): Promise<unknown> {
  const isBytes = Buffer.isBuffer(body)
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: {
      authorization,
      'content-type': isBytes ? 'application/octet-stream' : 'application/json',
    },
    ...(body === undefined ? {} : { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

function slug(words: string): string {
  return words.toLowerCase().replaceAll(/\W+/g, '-')
}

/** What is still on its way after a while is part of the picture. */
async function shoot(page: Page, name: string): Promise<void> {
  const underWay = page.locator('.loading, .chart > p.muted, .working, .plan progress').first()
  await underWay.waitFor({ state: 'detached', timeout: 10_000 }).catch(ignoreTimeout)
  await page.screenshot({ path: join(folder ?? '', `${name}.png`), fullPage: true })
}

function take(url: URL): void {
  const view = views.find((path) => matchPath(path, url.pathname) !== undefined)
  if (view === '/jobs/:id' && url.origin === origin) {
    jobs.add(url.pathname.split('/').at(-1) ?? '')
    seen.set('/jobs/compare', `/jobs/compare?ids=${[...jobs].join(',')}`)
  }
  if (url.origin === origin && view !== undefined && !seen.has(view)) {
    seen.set(view, `${url.pathname}${url.search}`)
  }
}

function ignoreTimeout(error: Error): void {
  console.error(`still reading: ${error.message.split('\n', 1)[0]}`)
}
