// Pictures of every view of the page at three widths in both themes, to be looked at.
//   npx tsx scripts/page-screenshots.ts LINK-THAT-HONE-SERVE-PRINTS FOLDER
// A view of one thing (`/jobs/:id`) is shown of the first thing that another view links to; a view without any is said.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
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

await using browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const seen = new Map(views.filter((path) => !path.includes(':')).map((path) => [path, path]))
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
      await page.locator('.loading').waitFor({ state: 'detached', timeout: 10_000 }).catch(ignoreTimeout)
      const name = pattern === '/' ? 'start' : pattern.slice(1).replaceAll(/[/:]+/g, '-')
      await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true })
      const links = await page.evaluate<string[]>(
        '[...document.querySelectorAll("main a")].map((a) => a.href)',
      )
      for (const href of links) take(new URL(href))
    }
  }
}
for (const path of views) {
  console.log(seen.has(path) ? `${path}  ${seen.get(path)}` : `${path}  not shown: no view links to one`)
}

function take(url: URL): void {
  const view = views.find((path) => matchPath(path, url.pathname) !== undefined)
  if (url.origin === origin && view !== undefined && !seen.has(view)) {
    seen.set(view, `${url.pathname}${url.search}`)
  }
}

/** What is still being read is part of the picture. */
function ignoreTimeout(error: Error): void {
  console.error(`still reading: ${error.message.split('\n', 1)[0]}`)
}
