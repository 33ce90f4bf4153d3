import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEvaluation } from '../src/evaluate/create-evaluation.ts'
import type { Evaluation } from '../src/evaluate/evaluation.ts'
import { reportHtml } from '../src/evaluate/report/report-html.ts'
import { sampleEvidence } from '../src/evaluate/testing/sample-evidence.ts'
import { sampleEvaluation } from '../src/evaluate/testing/sample-evaluation.ts'
import { findBrowser } from './testing/find-browser.ts'

const executablePath = findBrowser()
const title =
  executablePath === undefined ? 'skipped: no Chromium here; HONE_TEST_BROWSER names one' : 'in Chromium'

const training = {
  points: Array.from({ length: 60 }, (_, step) => ({
    step: step + 1,
    trainingLoss: 2 / (step + 1),
    validationLoss: step % 10 === 4 ? 2.2 / (step + 1) : null,
  })),
  bestStep: 55,
}
const facts = [
  { title: 'Data', facts: [{ name: 'dataset', value: '7c41'.repeat(16) }] },
  {
    title: 'Settings',
    facts: [{ name: 'targets', value: '["q_proj","k_proj","v_proj","o_proj","gate_proj"]' }],
  },
]

/** Records with a field that the long prompt gets wrong, and long words. */
function recordEvaluation(): Evaluation {
  const examples = Array.from({ length: 24 }, (_, at) => ({
    id: `notes.jsonl:${at}`,
    input: `Patient ${at} with ${'hyper'.repeat(12)}tension`,
    expected: JSON.stringify({ diagnosis_icd10: `J45.${at % 10}`, follow_up_date: '2026-01-02' }),
  }))
  const candidate = (id: string, promptTokens: number, isRight: (at: number) => boolean) => ({
    id,
    description: id,
    price: { input: 1, output: 5, source: 'a page' },
    answers: examples.map((example, at) => ({
      exampleId: example.id,
      answer: isRight(at)
        ? example.expected
        : JSON.stringify({ diagnosis_icd10: 'J00', follow_up_date: '2026-01-02' }),
      latencyMs: 100 + at,
      firstTokenMs: 20,
      promptTokens,
      completionTokens: 30,
    })),
  })
  return createEvaluation({
    task: { kind: 'json' },
    split: 'test',
    looks: 3,
    examples,
    candidates: [
      candidate('base', 400, () => false),
      candidate('long-prompt', 900, (at) => at % 3 === 0),
      candidate('tuned', 60, (at) => at % 7 !== 6),
    ],
    settings: { resamples: 200 },
  })
}

const pages: readonly [string, string][] = [
  ['labels', reportHtml({ title: 'claims-router', evaluation: sampleEvaluation(96, 200), training, facts })],
  ['records', reportHtml({ title: 'clinical-notes', evaluation: recordEvaluation() })],
  ['evidence', reportHtml(sampleEvidence())],
]

describe.skipIf(executablePath === undefined)(`the report ${title}`, () => {
  let browser: Browser
  const folder = mkdtempSync(join(tmpdir(), 'hone-report-'))

  beforeAll(async () => {
    // The sandbox of Chromium does not work for root; nothing but our own file is opened.
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser.close()
  })

  const cases = pages.flatMap(([name, page]) =>
    (['light', 'dark'] as const).map((theme) => [name, theme, page] as const),
  )
  test.each(cases)(
    '%s, %s: nothing serious for axe, no request, no sideways scrolling',
    async (name, theme, markup) => {
      const file = join(folder, `${name}.html`)
      writeFileSync(file, markup)
      const page = await browser.newPage({ colorScheme: theme, viewport: { width: 1280, height: 900 } })
      const requests: string[] = []
      const problems: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      page.on('console', (message) => problems.push(message.text()))
      page.on('pageerror', (error) => problems.push(String(error)))
      await page.goto(pathToFileURL(file).href)
      expect(await page.locator('h1').textContent()).toMatch(/^\s*Better:/)
      const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor')
      expect(paper).toBe(theme === 'light' ? 'rgb(253, 252, 250)' : 'rgb(23, 23, 21)')

      await page.evaluate(axe.source)
      for (const width of [1280, 360]) {
        await page.setViewportSize({ width, height: 900 })
        expect(
          await page.evaluate('document.documentElement.scrollWidth'),
          `${width} px`,
        ).toBeLessThanOrEqual(width)
        const { violations, passes } = await page.evaluate<AxeResults>('axe.run(document)')
        const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
        expect(grave.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
        expect(passes.map(({ id }) => id)).toContain('color-contrast')
      }
      expect(requests).toEqual([pathToFileURL(file).href])
      expect(problems).toEqual([])
      await page.close()
    },
  )

  test('prints on paper, in light colours whatever the theme', async () => {
    const file = join(folder, 'print.html')
    writeFileSync(file, pages[0]![1])
    const page = await browser.newPage({ colorScheme: 'dark' })
    await page.goto(pathToFileURL(file).href)
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.length).toBeGreaterThan(20_000)
    await page.close()
  })
})
