import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { HoneClient } from '../../examples/native-client/hone-client.ts'
import { importText, nativeClient } from '../testing/native-client.ts'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { colourLines, tinyHome } from '../testing/tiny-home.ts'
import { expectAccessible, hasNoBrowser, inBrowser, openBrowser, openPage } from './open-page.ts'

const bell = '\u0007'
const parcels = [
  'nr,frage,antwort,bereich',
  ...Array.from({ length: 60 }, (_, at) => {
    const sign = at % 20 === 3 ? bell : ''
    return `${at},"Where is parcel ${at * 7919}, ${at % 3}${sign}?",${['late', 'sent', 'lost'][at % 3]},B${at % 2}`
  }),
].join('\n')

const choose = (page: Page, file: string): Promise<void> =>
  page.getByLabel('File of examples').setInputFiles(file)

describe.skipIf(hasNoBrowser)(`datasets ${inBrowser}`, () => {
  let browser: Browser
  let server: TestServer
  let client: HoneClient
  let work = ''

  beforeAll(async () => {
    const home = await tinyHome(512)
    work = home.work
    server = await startServer(home)
    client = nativeClient(server)
    browser = await openBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser.close()
    await server[Symbol.asyncDispose]()
  })

  const looks = async (): Promise<number | undefined> =>
    (await client.call('getDataset', { path: { id: 'parcels-parts' } })).sealed?.looks
  /** A file on the disk, which has a time of change as visitors' files have. */
  const write = (name: string, text: string): string => {
    const file = join(work, name)
    writeFileSync(file, text)
    return file
  }

  test('a table is sent, its columns are named, it is imported, checked, mended by its diff, and split', async () => {
    await using opened = await openPage(browser, server, '/datasets')
    const { page, complaints } = opened
    await page.getByText('There is no dataset yet').waitFor()
    await page.getByRole('button', { name: 'Take the sample dataset' }).waitFor()

    await choose(page, write('Parcels.csv', parcels))
    await page.getByRole('heading', { name: 'What the columns mean' }).waitFor()
    expect(await page.getByRole('button', { name: 'Import' }).isDisabled()).toBe(true)
    await page.getByLabel('Question').selectOption('frage')
    await page.getByLabel('Answer', { exact: true }).selectOption('antwort')
    await page.getByLabel('Label').selectOption('bereich')
    await page.getByText('Where is parcel 7919, 1?').waitFor()
    // What was chosen stands in the address.
    await page.reload()
    await page.getByText('Where is parcel 7919, 1?').waitFor()
    expect(await page.getByLabel('Label').inputValue()).toBe('bereich')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Import' }).click()

    await page.getByRole('heading', { name: 'parcels', level: 1, exact: true }).waitFor()
    await page.getByText('text/control-character').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'See what mending would change' }).click()
    const dialog = page.getByRole('dialog', { name: 'Mending would change 3 records' })
    await dialog
      .locator('del')
      .getByText(String.raw`\u0007`)
      .first()
      .waitFor()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Keep it as a new version' }).click()
    await page.getByText('made by mending').waitFor()
    expect(await page.getByText('text/control-character').count()).toBe(0)

    await page.getByRole('tab', { name: 'Split' }).click()
    await page.getByRole('button', { name: 'See the parts first' }).click()
    await page.getByRole('heading', { name: 'The parts would be' }).waitFor()
    await page.getByRole('button', { name: 'Split and seal the test part' }).click()
    await page.getByText('Nobody has looked at it.').waitFor()
    await expectAccessible(page)
    const { datasets } = await client.call('listDatasets', {})
    expect(datasets.map(({ name, versions }) => [name, versions.length])).toEqual([
      ['parcels', 2],
      ['parcels-parts', 1],
    ])
    expect(complaints).toEqual([])
  })

  test('a sealed part is not read before the visitor agreed, and the look is counted', async () => {
    await using opened = await openPage(browser, server, '/datasets/parcels-parts?part=test')
    const { page } = opened
    await page.getByRole('heading', { name: 'This part is sealed' }).waitFor()
    await page.getByRole('tab', { name: 'Numbers' }).click()
    await page.getByRole('heading', { name: 'This part is sealed' }).waitFor()
    expect(await looks()).toBe(0)
    await page.getByRole('tab', { name: 'Examples' }).click()
    await page.getByRole('button', { name: 'Read it, and write that down' }).click()
    await page
      .getByRole('gridcell', { name: /Where is parcel/ })
      .first()
      .waitFor()
    expect(await looks()).toBeGreaterThan(0)
    await page.getByText(/sealed, looked at/).waitFor()
  })

  test('what was changed from version to version is shown, and a part is saved in another form', async () => {
    await using opened = await openPage(browser, server, '/datasets/parcels?tab=versions')
    const { page, complaints } = opened
    await page.getByRole('button', { name: /^What changed from/ }).click()
    await page.getByText('3 changed').waitFor()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Export' }).click()
    await page.getByLabel('Form of the records').selectOption('prompt-completion')
    await page.getByLabel('Kind of file').selectOption('csv')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Download 60 records' }).click()
    await page.getByRole('alert').getByText('would lose something').waitFor()
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download without what is lost' }).click(),
    ])
    expect(saved.suggestedFilename()).toMatch(/^parcels@[0-9a-f]+-records\.csv$/)
    expect(statSync(await saved.path()).size).toBeGreaterThan(1000)
    // The browser itself tells of the refusal.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([])
  })

  test('an upload that is cut goes on by itself, and after a reload with the same file', async () => {
    await using opened = await openPage(browser, server, '/datasets')
    const { page } = opened
    const text = colourLines(60_000, 3)
    const file = write('colours.jsonl', text)
    expect(text.length).toBeGreaterThan(3 * 2 ** 20)
    const offsets: number[] = []
    let isCut = true
    await page.route(/\/api\/uploads\/[0-9a-f]+\?offset=/, async (route) => {
      const offset = Number(new URL(route.request().url()).searchParams.get('offset'))
      offsets.push(offset)
      if (offset > 0 && isCut) await route.abort('connectionreset')
      else await route.continue()
    })
    await choose(page, file)
    await page.getByText('the connection is cut, trying again').waitFor()
    await expectAccessible(page)
    // The browser asks before it leaves a page that sends.
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByText('Left half-way: colours.jsonl').waitFor()
    const sentBefore = offsets.filter((offset) => offset === 0).length
    isCut = false
    await choose(page, file)
    await page.getByRole('heading', { name: 'Import' }).waitFor()
    expect(sentBefore).toBe(1)
    // Nothing that had arrived was sent again.
    expect(offsets.filter((offset) => offset === 0)).toHaveLength(1)
    await page.getByRole('button', { name: 'Import' }).click()
    // What was sent is in a dataset, and the view of it is there.
    await page.getByRole('heading', { name: 'colours', level: 1, exact: true }).waitFor()
  })

  test('hostile records are text, run nothing, and break no layout', async () => {
    const script = '<script>window.ran = true</script><img src=x onerror="window.ran = true">'
    const records = [
      {
        messages: [
          { role: 'user', content: script },
          { role: 'assistant', content: `pay \u202E001\u0000 now` },
        ],
      },
      {
        messages: [
          { role: 'user', content: 'x'.repeat(10 * 2 ** 20) },
          { role: 'assistant', content: script },
        ],
      },
      ...Array.from({ length: 3 }, (_, at) => ({
        messages: [
          { role: 'user', content: `${at} مرحبا ${'W'.repeat(500)}` },
          { role: 'assistant', content: 'javascript:alert(1)' },
        ],
      })),
    ]
    await importText(
      client,
      'hostile',
      'h.jsonl',
      records.map((each) => `${JSON.stringify(each)}\n`).join(''),
    )
    await using opened = await openPage(browser, server, '/datasets/hostile?at=0')
    const { page, complaints } = opened
    const panel = page.getByRole('region', { name: 'The chosen example' })
    await panel.getByText(script).waitFor()
    await panel.getByText('U+202E').first().waitFor()
    await panel.getByText('U+0000').first().waitFor()
    await expectAccessible(page)
    await panel.getByRole('button', { name: 'Next' }).click()
    await panel.getByText('20,000 of 10,485,760 characters are shown').waitFor()
    await panel.getByText(script).waitFor()
    await page.getByRole('tab', { name: 'Check' }).click()
    await page.getByText('text/control-character').first().waitFor()
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(complaints).toEqual([])
  })

  test('many rows: the keyboard reaches both ends, filters stand in the address, findings lead to their rows', async () => {
    await using opened = await openPage(browser, server, '/datasets/colours?offset=30000')
    const { page, complaints } = opened
    const grid = page.getByRole('grid')
    await grid.getByRole('gridcell', { name: '30,001', exact: true }).waitFor()
    await grid.focus()
    await page.keyboard.press('End')
    await grid.getByRole('gridcell', { name: '60,000', exact: true }).waitFor()
    expect(await grid.getByRole('row').count()).toBeLessThan(80)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Line 60,000' }).waitFor()
    await page.keyboard.press('ArrowUp')
    await page.getByRole('heading', { name: 'Line 59,999' }).waitFor()
    await page.waitForURL(/at=59998/)
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.getByLabel('Label').selectOption('green')
    await page.getByText('20,000 of 60,000 records').waitFor()
    await page.getByLabel('Characters from').fill('14')
    await page.waitForURL(/shortest=14/)
    await page.getByRole('button', { name: 'Show all', exact: true }).click()
    await page.getByLabel('Text').fill('qqqqqq')
    await page.getByText('No record fits.').waitFor()
    await page.getByRole('button', { name: 'Show all records' }).click()
    await page.getByText('60,000 records').first().waitFor()
    expect(complaints).toEqual([])
  })

  test('numbers, duplicates and redaction', async () => {
    const records = Array.from({ length: 30 }, (_, at) => ({
      messages: [
        {
          role: 'user',
          content: `Please call ${at % 10} at jane.doe@acme-corp.com about my delayed parcel today`,
        },
        { role: 'assistant', content: ['yes', 'no', 'later'][at % 3] },
      ],
    }))
    await importText(
      client,
      'calls',
      'calls.jsonl',
      records.map((each) => `${JSON.stringify(each)}\n`).join(''),
    )
    await using opened = await openPage(browser, server, '/datasets/calls?tab=numbers&cut=40')
    const { page, complaints } = opened
    await page.getByText('cut at 40').waitFor()
    await page.getByRole('button', { name: 'later' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Duplicates' }).click()
    await page.getByText('answers differ').first().waitFor()
    await page.getByText('Please call').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Redaction' }).click()
    await page.getByRole('button', { name: 'See what would be taken out' }).click()
    await page.locator('del').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Keep it as a new version' }).click()
    await page.getByText('made by redaction').waitFor()
    await page.getByRole('tab', { name: 'Examples' }).click()
    await page.getByRole('gridcell').first().click()
    await page.getByLabel('As training sees it').selectOption('tiny')
    await page.getByText(/\d+ learned/).waitFor()
    expect(complaints).toEqual([])
  })
})
