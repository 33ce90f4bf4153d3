import type { JsonObject } from '../../../../core/example.ts'
import type { MediaLimits } from '../../../../profiles/profile.ts'
import { excerpt } from '../../../excerpt.ts'
import { isJsonObject } from '../../../records/record-format.ts'
import type { RecordRule, RowReport } from '../../rule.ts'
import { messagesOf, roleOf } from './messages-of.ts'

const textOnly = 'this base is tuned with text only'

/** Media of one record by kind. */
type Counts = Record<'image' | 'video' | 'other', number>

export const media: RecordRule = {
  id: 'profile/media',
  isAboutForm: true,
  severity: 'error',
  reason: 'Pictures and films are taken in some formats, numbers and sizes only, and by some bases only.',
  start({ profile }) {
    if (profile === undefined || profile.service === 'local') return undefined
    const { record: shape, media: limits } = profile
    if (shape.content === 'text') return undefined
    return ({ record }, report) => {
      const messages = messagesOf(record, shape)
      if (messages === undefined) return
      const counts: Counts = { image: 0, video: 0, other: 0 }
      for (let at = 0; at < messages.list.length; at++) {
        const message = messages.list[at]
        if (!isJsonObject(message) || !Array.isArray(message['content'])) continue
        message['content'].forEach((block: unknown, index) => {
          if (!isJsonObject(block)) return
          const pointer = `${messages.pointer}/${at}/content/${index}`
          checkBlock(block, pointer, limits, counts, report)
          if (roleOf(message) === 'assistant' && isMedia(block)) {
            report(pointer, 'an answer holds text only')
          }
        })
      }
      if (limits === undefined) return
      const { images, videos } = limits
      if (images !== undefined && counts.image > images.value) {
        report(messages.pointer, `the record has ${counts.image} pictures, the limit is ${images.value}`)
      }
      if (videos !== undefined && counts.video > videos.value) {
        report(messages.pointer, `the record has ${counts.video} films, the limit is ${videos.value}`)
      }
      if (limits.oneKind === true && counts.image > 0 && counts.video > 0) {
        report(messages.pointer, 'pictures and films are not taken in one file')
      }
    }
  },
}

const isMedia = (block: JsonObject): boolean =>
  block['image'] !== undefined || block['video'] !== undefined || block['image_url'] !== undefined

function checkBlock(
  block: JsonObject,
  pointer: string,
  limits: MediaLimits | undefined,
  counts: Counts,
  report: RowReport,
): void {
  if (typeof block['text'] === 'string') return
  const { image, video, image_url: address } = block
  if (image !== undefined || address !== undefined) {
    counts.image++
    if (limits === undefined) report(pointer, textOnly)
    else if (image === undefined) checkAddress(address, pointer, limits, report)
    else checkImage(image, pointer, limits, report)
  } else if (video !== undefined) {
    counts.video++
    if (limits?.videos === undefined)
      report(pointer, limits === undefined ? textOnly : 'this base takes no films')
    else if (!isJsonObject(video) || !hasLocation(video))
      report(`${pointer}/video`, 'a film needs "format" and "source": {"s3Location": {"uri": "s3://…"}}')
  } else if (block['type'] !== 'refusal') {
    counts.other++
    const [key = ''] = Object.keys(block).filter((name) => name !== 'type')
    report(pointer, `a block of the kind ${excerpt(key)} is not taken`)
  }
}

function checkImage(image: unknown, pointer: string, { imageFormats }: MediaLimits, report: RowReport): void {
  const at = `${pointer}/image`
  if (!isJsonObject(image)) {
    report(at, 'a picture is {"format", "source"}')
    return
  }
  const { format } = image
  if (typeof format !== 'string' || !imageFormats.includes(format)) {
    const given = typeof format === 'string' ? excerpt(format) : 'none'
    report(`${at}/format`, `the format must be one of ${imageFormats.join(', ')}, this is ${given}`)
  }
  if (!hasLocation(image))
    report(`${at}/source`, 'a picture needs "source": {"s3Location": {"uri": "s3://…"}}')
}

function hasLocation({ source }: JsonObject): boolean {
  if (!isJsonObject(source)) return false
  const { s3Location: location } = source
  return isJsonObject(location) && typeof location['uri'] === 'string' && location['uri'].startsWith('s3://')
}

function checkAddress(value: unknown, pointer: string, limits: MediaLimits, report: RowReport): void {
  const url = isJsonObject(value) ? value['url'] : undefined
  const at = `${pointer}/image_url/url`
  if (typeof url !== 'string') {
    report(at, 'a picture needs "image_url": {"url": "…"}')
    return
  }
  const data = /^data:image\/(\w{1,20});base64,/.exec(url.slice(0, 60))
  if (data === null) {
    if (!url.startsWith('https://') && !url.startsWith('http://'))
      report(at, 'the address of a picture must be http(s): or data:image/…;base64,')
    return
  }
  const format = data[1] === 'jpg' ? 'jpeg' : (data[1] ?? '')
  if (!limits.imageFormats.includes(format)) {
    report(at, `the format must be one of ${limits.imageFormats.join(', ')}, this is ${excerpt(format)}`)
  }
  const size = (url.length - data[0].length) * 0.75
  const most = limits.imageBytes?.value ?? Infinity
  if (size > most)
    report(at, `the picture has ${(size / 2 ** 20).toFixed(1)} MiB, the limit is ${most / 2 ** 20} MiB`)
}
