import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openGguf } from './gguf.ts'
import { readSafetensors } from './safetensors.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

test.each([
  ['a GGUF file', openGguf],
  ['a safetensors file', readSafetensors],
])('%s that is missing is E_MODEL_FILE with its name', async (_, open) => {
  const file = join(temporaryFolder(), 'missing')
  await expect(open(file)).rejects.toMatchObject({ code: 'E_MODEL_FILE', at: { file } })
})
