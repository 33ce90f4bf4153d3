import { describe, expect, test } from 'vitest'
import { createEvaluation } from '../create-evaluation.ts'
import type { EvaluationTask } from '../evaluation-task.ts'
import type { Evaluation } from '../evaluation.ts'
import { sampleEvaluation } from '../testing/sample-evaluation.ts'
import { html, type Html } from './html.ts'
import { lossSection } from './loss-curve.ts'
import { reportHtml } from './report-html.ts'

const voidTags = new Set(['meta', 'line', 'rect', 'circle', 'polyline'])
const knownTags = new Set(
  'html head meta title style body header main p h1 h2 h3 b small span strong div table thead tbody tr th td svg line rect circle polyline text figure figcaption article dl dt dd ul li h4 del ins'.split(
    ' ',
  ),
)
const knownAttributes =
  /^(?:lang|charset|http-equiv|content|name|class|scope|data-head|title|style|dir|viewBox|aria-[a-z]+|role|x|y|x1|x2|y1|y2|cx|cy|r|width|height|points|text-anchor|tabindex)$/

/** Names of the elements in document order; throws on markup that the report has no reason to hold. */
function elementsOf(page: string): string[] {
  const body = page.replaceAll(/<style>[^]*?<\/style>/g, '').replace('<!doctype html>', '')
  const open: string[] = []
  const seen: string[] = []
  for (const [whole, close, name = '', attributes = ''] of body.matchAll(
    /<(\/?)([^\s>/]*)((?:[^>"]|"[^"]*")*)>/g,
  )) {
    if (!knownTags.has(name)) throw new Error(`unexpected element ${whole}`)
    for (const [, attribute = ''] of attributes
      .replaceAll(/"[^"]*"/g, '""')
      .matchAll(/([^\s=/]+)(?:=""|(?=[\s/]|$))/g)) {
      if (!knownAttributes.test(attribute)) throw new Error(`unexpected attribute ${attribute} in ${whole}`)
    }
    if (close === '/') {
      if (open.pop() !== name) throw new Error(`${whole} closes another element`)
    } else if (!voidTags.has(name)) open.push(name)
    if (close === '') seen.push(name)
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(' ')}`)
  return seen
}

const evaluation = sampleEvaluation(96, 300)
const training = {
  points: Array.from({ length: 60 }, (_, step) => ({
    step: step + 1,
    trainingLoss: 2 / (step + 1),
    validationLoss: step % 10 === 4 ? 2.2 / (step + 1) : null,
  })),
  bestStep: 55,
}

describe('the report', () => {
  const page = reportHtml({
    title: 'claims-router',
    evaluation,
    training,
    facts: [{ title: 'Inputs', facts: [{ name: 'data', value: 'sha256:7c41' }] }],
  })

  test('is one well-formed page that loads and runs nothing', () => {
    const elements = elementsOf(page)
    expect(elements.filter((name) => name === 'h2').length).toBe(11)
    const changed = evaluation.comparisons.find(({ baseline }) => baseline === 'few-shot')?.changedRows ?? []
    expect(changed.length).toBeGreaterThan(5)
    const articles = evaluation.worstRows.rows.length + changed.length
    expect(elements.filter((name) => name === 'article').length).toBe(articles)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).not.toMatch(/https?:|url\(|@import|<script|javascript:/i)
  })

  test('says the verdict first, then what it rests on', () => {
    const order = [
      '<h1>',
      'accuracy 28.1\u00a0% → 91.7\u00a0% with 89\u00a0% fewer prompt tokens than base + 8 examples',
      'Scores',
      'Quality against cost',
      'against the others',
      'What tuned answers',
      'By label',
      'How sure it is',
      'Training',
      'Rows that changed',
      'Rows to look at',
      'Settings',
      'How this was computed',
    ]
    const places = order.map((text) => page.indexOf(text))
    expect(places.every((place) => place > 0)).toBe(true)
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(page).toContain('<b class="better">Better:</b>')
    expect(page).toContain('looks mislabelled')
    expect(page).toContain('The adapter of step 55 was kept.')
    expect(page).toMatch(/<del>[^<]+<\/del><ins>[^<]+<\/ins>/)
    expect(page).toContain('sha256:7c41')
  })

  test('is the same for the same evaluation', () => {
    expect(reportHtml({ title: 'x', evaluation })).toBe(reportHtml({ title: 'x', evaluation }))
  })
})

/** Every text that a stranger can write is the hostile one. */
function hostileEvaluation(text: string, task: EvaluationTask, expected: string): Evaluation {
  const examples = Array.from({ length: 3 }, (_, at) => ({ id: `${text}${at}`, input: text, expected }))
  const answers = examples.map(({ id }) => ({
    exampleId: id,
    answer: text,
    latencyMs: 1,
    promptTokens: 1,
    completionTokens: 1,
  }))
  return createEvaluation({
    task,
    split: text,
    examples,
    candidates: [
      { id: 'base', title: text, description: text, answers },
      { id: 'tuned', title: text, description: text, answers },
    ],
    settings: { resamples: 20 },
  })
}

/** Tasks of every kind in which the text is a label, a field or an answer, each with an expected answer. */
function tasksWith(text: string): [EvaluationTask, string][] {
  const field = text.replaceAll(':', '').slice(0, 100)
  return [
    [{ kind: 'labels', labels: [text, 'ok'] }, 'ok'],
    [{ kind: 'labels', labels: ['ok'], field }, `${field}: ok`],
    [{ kind: 'json', fields: [text] }, JSON.stringify({ [text]: text })],
    [{ kind: 'text' }, `expected ${text}`],
    [{ kind: 'spans' }, JSON.stringify([{ label: text, text }])],
    [{ kind: 'tool-calls' }, JSON.stringify({ name: text, arguments: { [text]: text } })],
    [{ kind: 'codes', system: 'icd-10-cm' }, 'J45.901'],
  ]
}

describe('hostile content shows as text', () => {
  const texts = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'--><style>*{display:none}</style><svg onload=alert(1)>",
    '</style></dd></body><iframe src="https://example.com">',
    '&lt;script&gt; &#60;b&#62;',
    '`${alert(1)}` {{7*7}}',
    'safe \u202e gnp.exe \u2066 \u200f \u0000 \u001b[2J',
    `${'A'.repeat(300_000)}<b>`,
  ]
  test.each(texts.map((text) => [text.slice(0, 40), text]))('%j', (_, text) => {
    for (const [task, expected] of tasksWith(text)) {
      const page = reportHtml({
        title: text,
        evaluation: hostileEvaluation(text, task, expected),
        training: { points: [{ step: 1, trainingLoss: Number.NaN }] },
        facts: [{ title: text, facts: [{ name: text, value: text }] }],
      })
      expect(elementsOf(page).length).toBeGreaterThan(30)
      expect(page.match(/<style>/g)).toHaveLength(2)
      expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200f]|(?=[^\n\t])\p{Cc}/u)
      expect(page.length).toBeLessThan(100_000)
    }
  })

  test('the text itself is there, escaped', () => {
    const page = reportHtml({
      title: 'x',
      evaluation: hostileEvaluation('<script>alert("&")</script>', { kind: 'text' }, 'something'),
    })
    expect(page).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;')
  })

  test('an object that looks like markup is not taken for it', () => {
    const forged: Html = JSON.parse('{"markup":"<script>"}')
    expect(() => html`${forged}`).toThrow(TypeError)
    expect(html`<p title="${'"'}">${[html`<b>${'<'}</b>`]}</p>`.markup).toBe(
      '<p title="&quot;"><b>&lt;</b></p>',
    )
  })
})

describe('other shapes of evaluation', () => {
  test('seventy labels: the worst are drawn, the rest counted', () => {
    const labels = Array.from({ length: 70 }, (_, at) => `label ${at}`)
    const examples = labels.map((label) => ({ id: label, input: label, expected: label }))
    const answers = labels.map((label, at) => ({
      exampleId: label,
      answer: at < 30 ? 'label 69' : label,
      latencyMs: 1,
      promptTokens: 1,
      completionTokens: 1,
    }))
    const page = reportHtml({
      title: 'many',
      evaluation: createEvaluation({
        task: { kind: 'labels', labels },
        split: 'test',
        examples,
        candidates: [{ id: 'one', description: '', answers }],
        settings: { resamples: 20 },
      }),
    })
    elementsOf(page)
    expect(page).toContain('The 24 labels with the most mistakes of 70')
    expect(page).toContain('one, compared with nothing')
  })
})

describe('the loss curve', () => {
  test('is left out without a finite point', () => {
    expect(lossSection({ points: [] }).markup).toBe('')
    expect(
      lossSection({ points: [{ step: 1, trainingLoss: Number.NaN, validationLoss: null }] }).markup,
    ).toBe('')
  })

  test('says that points are means where there are too many, and keeps inside its frame', () => {
    const points = Array.from({ length: 10_000 }, (_, step) => ({
      step,
      trainingLoss: step === 5000 ? 50 : 1,
    }))
    const { markup } = lossSection({ points })
    expect(markup).toContain('Each training point is the mean of 34 steps.')
    const drawn = /class="training" points="([^"]*)"/.exec(markup)?.[1]?.split(' ') ?? []
    expect(drawn.length).toBe(Math.ceil(10_000 / 34))
    for (const point of drawn) {
      const [x = -1, y = -1] = point.split(',').map(Number)
      expect(x >= 44 && x <= 628 && y >= 14 && y <= 210).toBe(true)
    }
  })

  test('one point, and a loss of zero, have a place', () => {
    expect(lossSection({ points: [{ step: 0, trainingLoss: 0 }] }).markup).not.toMatch(/NaN|Infinity/)
  })
})
