/** Larger files go to the disk as they come, where the browser can do that. */
const inMemory = 256 * 2 ** 20

interface Picker {
  readonly showSaveFilePicker?: (options: { readonly suggestedName: string }) => Promise<FileSystemFileHandle>
}

/** Saves an answer as a file on the visitor's disk. @param tell hears the bytes that came */
export async function saveResponse(
  response: Response,
  usualName: string,
  tell: (bytes: number) => void,
): Promise<void> {
  const named = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  const name = named ?? usualName
  const { showSaveFilePicker } = window as Picker
  const bytes = Number(response.headers.get('content-length') ?? 0)
  let received = 0
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      received += chunk.length
      tell(received)
      controller.enqueue(chunk)
    },
  })
  const body = response.body?.pipeThrough(counting) ?? null
  if (bytes > inMemory && showSaveFilePicker !== undefined && body !== null) {
    const handle = await showSaveFilePicker.call(window, { suggestedName: name })
    await body.pipeTo(await handle.createWritable())
    return
  }
  const url = URL.createObjectURL(await new Response(body).blob())
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken the bytes by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
