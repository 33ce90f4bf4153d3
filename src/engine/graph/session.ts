import { cpus } from 'node:os'
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node'
import { HoneError } from '../../core/errors.ts'

/** A dense tensor in memory, row-major. */
export interface Tensor {
  /** Of bytes where the elements are booleans. */
  readonly data: Float32Array | BigInt64Array | Uint8Array
  readonly shape: readonly number[]
}

export type Device = 'cpu' | 'webgpu'

export interface SessionOptions {
  readonly device?: Device
  /** Threads of one operator; results are bitwise equal from run to run at a given number. Default: the machine's cores. */
  readonly threads?: number
  /**
   * Reorder weights for the runtime's kernels, once, into a copy: matrices of levels need it, and products of 2 to 256 rows are
   * faster. Default false.
   */
  readonly prepacking?: boolean
}

/** A graph that is ready to run. Runs block their thread. */
export interface Session extends AsyncDisposable {
  /** @param outputs names of those wanted; all by default */
  run(feeds: Readonly<Record<string, Tensor>>, outputs?: readonly string[]): Promise<Record<string, Tensor>>
}

export function defaultThreads(): number {
  return Math.max(1, cpus().length)
}

// Threads that wait for the next operator spin before they sleep. The default (a millisecond) takes the cores from whatever
// else runs. With a fifth of this, single rows take 7 % longer at the same processor time: sleeping and waking cost as much.
const spinMicroseconds = '100'

/**
 * Opens a model file, or a model in memory that has no external data.
 *
 * The memory pattern is off: it makes the first two runs of every new shape slow and takes twice the memory, for no speed.
 * Weights are mapped as they lie in the file unless they are to be packed.
 *
 * @throws HoneError `E_DEVICE` where there is no WebGPU adapter
 */
export async function openSession(
  model: string | Uint8Array,
  options: SessionOptions = {},
): Promise<Session> {
  const settings: InferenceSession.SessionOptions = {
    executionProviders: [options.device ?? 'cpu'],
    // Higher levels rewrite backward graphs wrongly (a constant is taken for a graph input).
    graphOptimizationLevel: 'basic',
    enableMemPattern: false,
    intraOpNumThreads: options.threads ?? defaultThreads(),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: {
      session: {
        disable_prepacking: options.prepacking === true ? '0' : '1',
        intra_op: { spin_duration_us: spinMicroseconds },
      },
    },
  }
  const session = await create(model, settings)
  return {
    async run(feeds, wanted) {
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, tensor]) => [name, toRuntime(tensor)]),
      )
      const outputs = await session.run(inputs, wanted ?? session.outputNames)
      return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromRuntime(tensor)]))
    },
    [Symbol.asyncDispose]: () => session.release(),
  }
}

async function create(
  model: string | Uint8Array,
  settings: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return typeof model === 'string'
      ? await InferenceSession.create(model, settings)
      : await InferenceSession.create(model, settings)
  } catch (cause) {
    if (cause instanceof Error && /WebGPU adapter|backend not found/.test(cause.message)) {
      throw new HoneError('E_DEVICE', 'no WebGPU adapter was found', {
        hint: `${webGpuHint}, or use --device cpu`,
        cause,
      })
    }
    throw cause
  }
}

/** How to get an adapter. */
export const webGpuHint =
  "install the graphics card's driver (on Linux with Vulkan: libvulkan1 and the driver's ICD)"

function toRuntime({ data, shape }: Tensor): RuntimeTensor {
  if (data instanceof Float32Array) return new RuntimeTensor('float32', data, shape)
  return data instanceof Uint8Array
    ? new RuntimeTensor('bool', data, shape)
    : new RuntimeTensor('int64', data, shape)
}

function fromRuntime(tensor: RuntimeTensor): Tensor {
  return { data: tensor.data as Float32Array | BigInt64Array, shape: tensor.dims }
}
