import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { pullModel } from './pull-model.ts'
import type { LocalServer } from './testing/local-hub.ts'
import { prefix, PullFixture, rangesOf, revision, sha256 } from './testing/pull-fixture.ts'

let fixture: PullFixture
beforeEach(async () => {
  fixture = await PullFixture.create()
})

const gitBlob = (content: Uint8Array): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

describe('any model of a hub', () => {
  const api = '/api/models/owner/Tiny/revision/'
  function listingHub(
    change: (listing: { siblings: object[] }) => void = () => undefined,
  ): Promise<LocalServer> {
    return fixture.hub((path, response) => {
      if (!path.startsWith(api)) return false
      const siblings: object[] = Object.entries(fixture.contents).map(([rfilename, content]) => ({
        rfilename,
        size: content.length,
        ...(rfilename.endsWith('.safetensors')
          ? { lfs: { sha256: sha256(content), size: content.length } }
          : { blobId: gitBlob(content) }),
      }))
      siblings.push(
        { rfilename: 'pytorch_model.bin', size: 5 },
        { rfilename: 'onnx/model.safetensors', size: 5 },
      )
      const listing = { sha: revision, siblings, cardData: { license: 'mit' } }
      change(listing)
      response.end(JSON.stringify(listing))
      return true
    })
  }

  test('is listed, pinned to its commit and imported', async () => {
    const server = await listingHub()
    const { manifest } = await pullModel('hf:owner/Tiny', fixture.options({ endpoint: server.url }))
    expect(manifest).toMatchObject({
      id: 'tiny',
      licence: 'mit',
      source: { kind: 'hub', name: `owner/Tiny@${revision}` },
    })
    expect(server.seen[0]?.path).toBe(`${api}main?blobs=true`)
    expect(server.seen.map(({ path }) => path)).not.toContain(`${prefix}pytorch_model.bin`)
  })

  test('a revision is asked for; another one of the same id is not mistaken for it', async () => {
    const server = await listingHub()
    await pullModel(`hf:owner/Tiny@${revision}`, fixture.options({ endpoint: server.url }))
    expect(server.seen[0]?.path).toBe(`${api}${revision}?blobs=true`)
    await expect(
      pullModel('hf:owner/Tiny@v2', fixture.options({ endpoint: server.url })),
    ).rejects.toMatchObject({
      code: 'E_EXISTS',
    })
    await expect(pullModel('hf:other/Tiny', fixture.options({ endpoint: server.url }))).rejects.toMatchObject(
      {
        code: 'E_EXISTS',
      },
    )
  })

  test('of an unsupported architecture is refused before its weights are fetched', async () => {
    const config = JSON.parse(fixture.contents['config.json']?.toString() ?? '{}')
    fixture.contents['config.json'] = Buffer.from(
      JSON.stringify({ ...config, architectures: ['MambaForCausalLM'] }),
    )
    const server = await listingHub()
    await expect(pullModel('hf:owner/Tiny', fixture.options({ endpoint: server.url }))).rejects.toMatchObject(
      {
        code: 'E_MODEL_UNSUPPORTED',
      },
    )
    expect(rangesOf(server, 'model.safetensors')).toEqual([])
  })

  test('a small file that is not what the listing says is refused', async () => {
    const server = await listingHub((listing) => {
      listing.siblings = listing.siblings.map((each) =>
        'blobId' in each ? { ...each, blobId: 'f'.repeat(40) } : each,
      )
    })
    await expect(pullModel('hf:owner/Tiny', fixture.options({ endpoint: server.url }))).rejects.toMatchObject(
      {
        code: 'E_CHECKSUM',
      },
    )
  })

  test.each<[string, (listing: { siblings: object[] }) => void, string]>([
    [
      'without safetensors',
      (listing) => (listing.siblings = [{ rfilename: 'config.json', size: 1 }]),
      'E_MODEL_FILE',
    ],
    ['that is no listing', (listing) => (listing.siblings = [{ name: 'x' }]), 'E_DOWNLOAD'],
  ])('%s is refused', async (_name, change, code) => {
    const server = await listingHub(change)
    await expect(pullModel('hf:owner/Tiny', fixture.options({ endpoint: server.url }))).rejects.toMatchObject(
      {
        code,
      },
    )
  })
})
