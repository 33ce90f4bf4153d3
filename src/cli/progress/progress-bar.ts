const width = 20

/** `██████████░░░░░░░░░░` */
export function progressBar(done: number, total: number): string {
  const filled = total > 0 ? Math.round((Math.min(done, total) / total) * width) : 0
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}
