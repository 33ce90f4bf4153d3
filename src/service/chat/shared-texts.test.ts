import { expect, test } from 'vitest'
import { importModel } from '../../engine/weights/import-model.ts'
import { tinyGguf } from '../../engine/weights/testing/hugging-face-folder.ts'
import { temporaryFolder } from '../../engine/weights/testing/temporary-folder.ts'
import { createSharedTexts } from './shared-texts.ts'

test('a tokenizer is loaded once for all who use it, and a folder without one is an error each time', async () => {
  const { folder } = await importModel(tinyGguf, { home: temporaryFolder(), id: 'tiny' })
  const textOf = createSharedTexts()
  const [first, second] = await Promise.all([textOf(folder), textOf(folder)])
  expect(second).toBe(first)
  expect(await textOf(folder)).toBe(first)
  for (let time = 0; time < 2; time++)
    await expect(textOf(temporaryFolder())).rejects.toMatchObject({ code: expect.stringMatching(/^E_/) })
})
