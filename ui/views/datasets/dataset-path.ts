/** Address of the view of a dataset version, `name@hash`, or of the newest of a name. */
export const datasetPath = (id: string, search: Readonly<Record<string, string>> = {}): string => {
  const params = new URLSearchParams(search).toString()
  // An `@` needs no escape in a path.
  return `/datasets/${encodeURIComponent(id).replaceAll('%40', '@')}${params === '' ? '' : `?${params}`}`
}
