// How soon the web page can be used and how soon it follows a click, in Chromium against `hone serve` on the same machine.
//   npx tsx bench/page.ts [--home DIR] [--rounds 9]
// Beside it, in the same run, a document of one sentence from the same machine: what the browser itself needs. Needs a build.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { honeHome } from '../src/store/home.ts'
import { findBrowser } from '../test/testing/find-browser.ts'
import { median } from './lib/peer.ts'
import { writeResult } from './lib/write-result.ts'

const { values } = parseArgs({
  options: { home: { type: 'string' }, rounds: { type: 'string', default: '9' } },
})
const home = values.home ?? honeHome(process.env)
const executablePath = findBrowser()
if (executablePath === undefined) throw new Error('there is no Chromium here; HONE_TEST_BROWSER names one')

/** What Chromium is told about the network; the slow one is its own "slow 4G". */
const networks = {
  'as it is': undefined,
  '1.6 Mbit/s, 150 ms': {
    offline: false,
    latency: 150,
    downloadThroughput: (1.6 * 2 ** 20) / 8,
    uploadThroughput: (0.75 * 2 ** 20) / 8,
  },
}

const server = await startHone()
const bare = createServer((_, outgoing) => {
  outgoing.setHeader('content-type', 'text/html').end('<main><h1>One sentence.</h1></main>')
})
bare.listen(0, '127.0.0.1')
await once(bare, 'listening')
const bareAddress = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const rows: object[] = []
  for (const network of Object.keys(networks) as (keyof typeof networks)[]) {
    rows.push(await measureFirstView(browser, network))
  }
  console.table(rows)
  const latency = await measureLatency(browser)
  console.table([latency])
  const firstView = { kilobytes: gzippedKilobytes(), limitKilobytes: 300 }
  console.log(`JavaScript of the first view, gzipped: ${firstView.kilobytes} KB`)
  console.log(`written ${writeResult('page', { firstView, rows, latency })}`)
} finally {
  await browser.close()
  bare.close()
  server.child.kill()
}

async function startHone(): Promise<{ child: ReturnType<typeof spawn>; link: string }> {
  const child = spawn(
    process.execPath,
    ['dist/main.js', 'serve', '--home', home, '--port', '0', '--log', 'none'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  for await (const line of createInterface({ input: child.stdout })) {
    const link = /^page\s+(\S+)/.exec(line)?.[1]
    if (link === undefined) continue
    child.stdout.resume()
    return { child, link }
  }
  throw new Error('hone serve ended before it said where the page is')
}

/** Medians over contexts that have nothing in their cache, taken in turns with the document of one sentence. */
async function measureFirstView(chrome: Browser, network: keyof typeof networks): Promise<object> {
  const times: number[] = []
  const floor: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    times.push(await usableAfter(chrome, server.link, network))
    floor.push(await usableAfter(chrome, bareAddress, network))
  }
  const [page, document] = [median(times), median(floor)]
  return {
    network,
    'usable after, ms': Math.round(page),
    'one sentence, ms': Math.round(document),
    ratio: Number((page / document).toFixed(1)),
    'slowest, ms': Math.round(Math.max(...times)),
  }
}

/** Milliseconds from following the link until there is a heading and nothing says that it is still being read. */
async function usableAfter(
  chrome: Browser,
  address: string,
  network: keyof typeof networks,
): Promise<number> {
  const context = await chrome.newContext({ viewport: { width: 1280, height: 900 } })
  try {
    const page = await openIn(context, network)
    await page.goto(address)
    // The policy of the page forbids what waits in it (`waitForFunction`).
    for (;;) {
      const usableAt = await page.evaluate<number | undefined>('window.usableAt')
      if (usableAt !== undefined) return usableAt
      await pause(50)
    }
  } finally {
    await context.close()
  }
}

async function openIn(context: BrowserContext, network: keyof typeof networks): Promise<Page> {
  const page = await context.newPage()
  const conditions = networks[network]
  if (conditions !== undefined) {
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', conditions)
  }
  await page.addInitScript(`
    const look = () => {
      if (document.querySelector('main h1') && !document.querySelector('.loading')) window.usableAt ??= performance.now()
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)`)
  return page
}

/**
 * From a click or a key to the frame that shows its effect, as the browser's Event Timing API counts it (w3.org/TR/event-timing):
 * in steps of 8 ms, and not told below 16, which count as 16.
 */
async function measureLatency(chrome: Browser): Promise<object> {
  const context = await chrome.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await openIn(context, 'as it is')
  await page.addInitScript(`
    window.slow = new Map()
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries())
        if (interactionId) window.slow.set(interactionId, Math.max(duration, window.slow.get(interactionId) ?? 0))
    }).observe({ type: 'event', durationThreshold: 16 })`)
  await page.goto(server.link)
  await page.locator('main h1').waitFor()
  let interactions = 0
  for (let round = 0; round < 5; round++) {
    const links = page.getByRole('navigation').getByRole('link')
    for (let at = 0; at < (await links.count()); at++) {
      await links.nth(at).click()
      await page.locator('[aria-current=page]').waitFor()
      interactions++
    }
    for (const theme of ['dark', 'light']) {
      await page.getByLabel('Theme').selectOption(theme)
      interactions++
    }
    for (let key = 0; key < 10; key++) {
      await page.keyboard.press('Tab')
      interactions++
    }
  }
  const told = (await page.evaluate<number[]>('[...window.slow.values()]')).toSorted((a, b) => a - b)
  await context.close()
  const all = [...Array.from({ length: Math.max(0, interactions - told.length) }, () => 16), ...told]
  const at = (share: number): number => all[Math.min(all.length - 1, Math.floor(share * all.length))] ?? 16
  return {
    interactions,
    'p50, ms': at(0.5),
    'p95, ms': at(0.95),
    'largest, ms': all.at(-1),
    'reach, ms': 100,
  }
}

/** What a browser must load before the first view runs: the entry, what it imports, and the view itself. */
function gzippedKilobytes(): number {
  interface Chunk {
    readonly file: string
    readonly isEntry?: boolean
    readonly imports?: readonly string[]
  }
  const folder = join('dist', 'page')
  const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >
  const needed = new Set<string>()
  const need = (name: string): void => {
    if (needed.has(name)) return
    needed.add(name)
    manifest[name]?.imports?.forEach(need)
  }
  for (const [name, { isEntry }] of Object.entries(manifest)) {
    if (isEntry === true || name.endsWith('views/start/start.tsx')) need(name)
  }
  const sizes = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js.gz'))
      .map((name) => [name.slice(0, -3), readFileSync(join(folder, name)).length]),
  )
  const bytes = [...needed].reduce((sum, name) => sum + (sizes.get(manifest[name]?.file ?? '') ?? 0), 0)
  if (bytes === 0) throw new Error('the page is not built: npm run build')
  return Math.round(bytes / 1024)
}
