"""Golden values for writing GGUF files: numbers as the `gguf` package stores them.

    python bench/peers/quantize_goldens.py

writes src/engine/weights/fixtures/quantized.json. The numbers span the range of binary16, zeros and ties included.
"""

import base64
import json
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import quants

OUTPUT = Path(__file__).resolve().parents[2] / "src/engine/weights/fixtures/quantized.json"


def encoded(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def main():
    random = np.random.default_rng(5)
    scales = 10.0 ** random.uniform(-9, 4, (24, 1))
    numbers = (random.normal(0, 1, (24, 32)) * scales).astype(np.float32)
    numbers[0] = 0
    numbers[1, 3] = -0.0
    numbers[2] = np.arange(32) * 0.5  # ties of Q8_0 where the scale is a power of two
    numbers[2, 31] = 127
    numbers[3] = (1 + np.arange(32) / 2048).astype(np.float32)  # ties of binary16
    numbers[4] = (np.arange(32) * 2.0**-25).astype(np.float32)  # subnormals of binary16 and their ties
    numbers[5] = (1 + np.arange(32) / 256).astype(np.float32)  # ties of bfloat16
    goldens = {"numbers": encoded(numbers)}
    for kind in (Type.F16, Type.BF16, Type.Q8_0):
        goldens[kind.name] = encoded(quants.quantize(numbers, kind))
    OUTPUT.write_text(json.dumps(goldens, indent=1) + "\n")


if __name__ == "__main__":
    main()
