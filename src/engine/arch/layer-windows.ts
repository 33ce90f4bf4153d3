import type { ConfigReader } from './config-reader.ts'

const kinds = ['full_attention', 'sliding_attention'] as const

/**
 * The window of each layer in Qwen's terms: `sliding_window` counts where `use_sliding_window` is set, for the layers that
 * `layer_types` names, or else for those from `max_window_layers` on.
 */
export function layerWindows(read: ConfigReader, layers: number): (layer: number) => number | null {
  if (!read.flag('use_sliding_window', false) || !read.has('sliding_window')) return () => null
  const window = read.count('sliding_window')
  const types = read.choices('layer_types', kinds, layers)
  if (types !== undefined) return (layer) => (types[layer] === 'sliding_attention' ? window : null)
  const first = read.count('max_window_layers', 28, { least: 0 })
  return (layer) => (layer >= first ? window : null)
}
