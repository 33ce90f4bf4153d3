import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ChatModel } from '../../core/chat-model.ts'
import { HoneError } from '../../core/errors.ts'
import { importModel } from '../../engine/weights/import-model.ts'
import { tinyGguf } from '../../engine/weights/testing/hugging-face-folder.ts'
import { temporaryFolder } from '../../engine/weights/testing/temporary-folder.ts'
import type { ModelFolders } from '../../store/read-model.ts'
import { createChatService } from './chat-service.ts'

const tuned = {
  schema: 1,
  kind: 'tuned',
  id: 'router-1',
  adapter: 'adapter',
  stepsDone: 9,
  bestStep: 8,
  metrics: { bestValidationLoss: null },
  createdAt: '2026-11-21T00:00:00Z',
}

test('a base or tuned model is opened from its folders, and closed', async () => {
  const home = temporaryFolder()
  const { folder: base } = await importModel(tinyGguf, { home, id: 'tiny' })
  const folder = join(home, 'models', 'router-1')
  mkdirSync(folder)
  const manifest = { ...tuned, base: { id: 'tiny', folder: base } }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))

  const log: unknown[] = []
  const openModel = (id: string, folders: ModelFolders): Promise<ChatModel> => {
    log.push([id, folders])
    const closed = (): Promise<void> => {
      log.push('closed')
      return Promise.resolve()
    }
    return Promise.resolve({ id, [Symbol.asyncDispose]: closed } as unknown as ChatModel)
  }
  const chat = createChatService({ home, openModel })
  {
    await using opened = await chat.open('router-1')
    expect(opened).toMatchObject({
      id: 'router-1',
      kind: 'tuned',
      base: 'tiny',
      folder,
      defaultSystemPrompt: null,
    })
  }
  expect(await chat.open(base)).toMatchObject({ id: 'tiny', kind: 'base', base: 'tiny' })
  expect(log).toEqual([
    ['router-1', { base, adapter: join(folder, 'adapter') }],
    'closed',
    ['tiny', { base }],
  ])

  mkdirSync(join(home, 'models', 'x'))
  writeFileSync(join(home, 'models', 'x', 'manifest.json'), '[]')
  await expect(chat.open('x')).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  await expect(chat.open('tinny')).rejects.toMatchObject({
    code: 'E_MODEL_UNKNOWN',
    hint: expect.stringContaining('did you mean tiny?'),
  })
})

test('a model that is removed while it is opened is not there, and not damaged', async () => {
  const home = temporaryFolder()
  const { folder } = await importModel(tinyGguf, { home, id: 'tiny' })
  const failing = (then: () => void): ReturnType<typeof createChatService> =>
    createChatService({
      home,
      openModel: () => {
        then()
        return Promise.reject(new HoneError('E_MODEL_FILE', 'the file is missing'))
      },
    })
  await expect(failing(() => undefined).open('tiny')).rejects.toMatchObject({ code: 'E_MODEL_FILE' })
  const removing = failing(() => rmSync(folder, { recursive: true }))
  await expect(removing.open('tiny')).rejects.toMatchObject({ code: 'E_MODEL_UNKNOWN' })
})
