export type ExportForm = 'adapter' | 'merged' | 'gguf-adapter' | 'gguf-merged'

export const weightTypes = ['F16', 'BF16', 'F32', 'Q8_0'] as const
export type WeightType = (typeof weightTypes)[number]

/** A block of Q8_0 holds 32 weights in 34 bytes. */
const bytesOf: Readonly<Record<WeightType, number>> = { F16: 2, BF16: 2, F32: 4, Q8_0: 34 / 32 }

/** About how many bytes an export has; undefined where the base's size is not known. */
export function exportSize(
  form: ExportForm,
  type: WeightType,
  {
    files,
    parameters,
  }: {
    readonly files: readonly { readonly name: string; readonly bytes: number }[]
    readonly parameters: number | undefined
  },
): number | undefined {
  if (form === 'adapter' || form === 'gguf-adapter') {
    return files.find(({ name }) => name.endsWith('adapter_model.safetensors'))?.bytes
  }
  return parameters === undefined ? undefined : parameters * bytesOf[type]
}
