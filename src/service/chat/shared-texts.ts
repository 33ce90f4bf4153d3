import { loadModelText, type ModelText } from '../../text/load-chat-text.ts'

/**
 * Loads tokenizers and chat templates by their folder, once for all models that use them at a time. Whoever has one keeps it
 * for others; when nobody has, it is loaded anew.
 */
export function createSharedTexts(): (folder: string) => Promise<ModelText> {
  const loading = new Map<string, Promise<ModelText>>()
  const used = new Map<string, WeakRef<ModelText>>()
  return async (folder) => {
    const known = used.get(folder)?.deref()
    if (known !== undefined) return known
    const own = loading.get(folder) ?? loadModelText(folder)
    loading.set(folder, own)
    try {
      const text = await own
      used.set(folder, new WeakRef(text))
      return text
    } finally {
      loading.delete(folder)
    }
  }
}
